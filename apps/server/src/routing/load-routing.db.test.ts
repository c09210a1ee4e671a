import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { Connector } from '@cascad/connector'
import { Type } from 'typebox'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { saveAccount } from '../accounts/save-account.ts'
import type { Context } from '../context.ts'
import { forgetRouting, getGateway, loadRouting, loadRoutingVersion } from './load-routing.ts'
import { chooseRoute } from './rules/choose-route.ts'
import { sampleRun, sampleScheme } from './rules/sample-routing.ts'

const account_id = 'coma_LoadRouting00001'
let test_context: TestContext
let ctx: Context
const alarms: string[] = []

before(async () => {
  test_context = await testContext()
  const bank: Connector = {
    id: 'bank',
    title: 'Bank',
    can: { methods: ['payment_card', 'paypal'], currencies: ['USD', 'EUR'], operations: ['charge', 'verify'] },
    credentials: Type.Object({ key: Type.String() }, { additionalProperties: false }),
    charge: async () => ({ type: 'not_sent', detail: 'never called here' }),
  }
  const all: Connector = { ...bank, id: 'all', can: { ...bank.can, currencies: 'all' } }
  ctx = {
    ...test_context.ctx,
    connectors: new Map([bank, all].map((connector) => [connector.id, connector])),
    events: { ...test_context.ctx.events, alarm: (what) => void alarms.push(what) },
  }
  await saveAccount(ctx, { id: account_id, name: 'Loader', base_currency: 'USD', currencies: ['USD'] })
  await ctx.sql`
    insert into routing_schemes (account_id, id, name) values (${account_id}, 'main', 'Main'), (${account_id}, 'bad', 'Bad')`
})
beforeEach(async () => {
  await ctx.sql`delete from gateways`
  forgetRouting(ctx)
})
after(() => test_context.close())

async function addGateway(gateway_id: number, changes: Record<string, unknown> = {}): Promise<void> {
  const credentials_encrypted = ctx.secrets.encrypt('{"key":"k"}', `gateway:${gateway_id}`)
  const row = {
    gateway_id,
    name: `Gateway ${gateway_id}`,
    connector: 'bank',
    test_mode: true,
    credentials_encrypted,
    merchant_account_id: 'ma_1',
    ...changes,
  }
  await ctx.sql`insert into gateways ${ctx.sql(row)}`
}

async function gateway(gateway_id: number) {
  const found = await getGateway(ctx, gateway_id)
  assert.ok(found, `gateway ${gateway_id}`)
  return found
}

test('without lists a gateway can what its connector can', async () => {
  await addGateway(1)
  await addGateway(2, { connector: 'all' })
  const { methods, currencies, operations, brands, credentials, misconfigured, installed } = await gateway(1)
  assert.deepEqual([...methods], ['payment_card', 'paypal'])
  assert.deepEqual([...(currencies ?? [])], ['USD', 'EUR'])
  assert.deepEqual([...operations], ['charge', 'verify'])
  assert.equal(brands, null)
  assert.deepEqual(credentials, { key: 'k' })
  assert.deepEqual([misconfigured, installed], [null, true])
  assert.equal((await gateway(2)).currencies, null)
})

test('lists of the operator narrow it and never widen it', async () => {
  const lists = {
    methods: ['payment_card', 'bitcoin'],
    currencies: ['USD', 'JPY'],
    operations: ['charge', 'payout'],
    brands: ['VISA'],
    issuer_countries: ['us'],
  }
  await addGateway(1, lists)
  await addGateway(2, { ...lists, connector: 'all' })
  const one = await gateway(1)
  assert.deepEqual([...one.methods], ['payment_card'])
  assert.deepEqual([...(one.currencies ?? [])], ['USD'])
  assert.deepEqual([...one.operations], ['charge'])
  assert.deepEqual([...(one.brands ?? [])], ['visa'])
  assert.deepEqual([...(one.issuer_countries ?? [])], ['US'])
  assert.deepEqual([...((await gateway(2)).currencies ?? [])], ['USD', 'JPY'])
})

test('a gateway that cannot be called says why and is passed over, whatever is wrong with it', async () => {
  const encrypted = (text: string, gateway_id: number) => ctx.secrets.encrypt(text, `gateway:${gateway_id}`)
  await addGateway(1, { connector: 'gone' })
  await addGateway(2, { credentials_encrypted: Buffer.from('noise') })
  await addGateway(3, { credentials_encrypted: encrypted('{"key":"k"}', 4) })
  await addGateway(4, { credentials_encrypted: encrypted('not json', 4) })
  await addGateway(5, { credentials_encrypted: encrypted('{"key":7}', 5) })
  await addGateway(6, { status: 'misconfigured' })
  const wrong: Record<number, [string | null, string]> = {
    1: ['there is no connector gone', 'route_inactive'],
    2: ['the credentials cannot be decrypted with this secret key', 'misconfigured'],
    3: ['the credentials cannot be decrypted with this secret key', 'misconfigured'],
    4: ['the credentials cannot be decrypted with this secret key', 'misconfigured'],
    5: ['the credentials are not as the connector wants them', 'misconfigured'],
    6: ['set aside after an error of its credentials', 'misconfigured'],
  }
  const { gateways } = await loadRouting(ctx, account_id)
  for (const [id, [misconfigured, reason]] of Object.entries(wrong)) {
    const gateway_id = Number(id)
    assert.equal(gateways.get(gateway_id)?.misconfigured, misconfigured)
    const scheme = sampleScheme([], { type: 'direct', routes: [{ gateway_id }] })
    const choice = chooseRoute(sampleRun(scheme, { gateways }))
    assert.equal(choice.chosen, null)
    assert.equal(choice.record().routes[0]?.result, reason, `gateway ${id}`)
  }
})

test('an archived gateway is still known to the attempts that were made there', async () => {
  await addGateway(1, { status: 'archived' })
  assert.equal((await gateway(1)).status, 'archived')
  assert.equal(await getGateway(ctx, 2), null)
})

test('what this process changed is seen at once', async () => {
  await addGateway(1)
  assert.equal((await gateway(1)).status, 'active')
  await ctx.sql`update gateways set status = 'off' where gateway_id = 1`
  forgetRouting(ctx)
  assert.equal((await gateway(1)).status, 'off')
})

async function insertVersion(scheme_id: string, number: number, status: string, scheme: unknown): Promise<void> {
  await ctx.sql`
    insert into routing_versions (account_id, scheme_id, number, kind, status, scheme)
    values (${account_id}, ${scheme_id}, ${number}, 'payment', ${status}, ${JSON.stringify(scheme)}::json)`
}

test('an account without a scheme has none by which a rule could win', async () => {
  const { version_id, scheme } = await loadRouting(ctx, 'coma_Nobody0000000001')
  assert.deepEqual([version_id, scheme.rules, scheme.on_no_rule], ['none.v1', [], 'fail'])
  assert.equal((await loadRoutingVersion(ctx, 'coma_Nobody0000000001', 'none.v1')).version_id, 'none.v1')
  assert.equal((await loadRoutingVersion(ctx, 'coma_Nobody0000000001', 'nonsense')).version_id, 'none.v1')
})

test('a version is read and compiled once: it is the same object every time', async () => {
  await insertVersion('main', 1, 'published', { id: 'main', rules: [] })
  forgetRouting(ctx)
  const { version_id, scheme } = await loadRouting(ctx, account_id)
  assert.equal(version_id, 'main.v1')
  forgetRouting(ctx)
  assert.equal((await loadRouting(ctx, account_id)).scheme, scheme)
  assert.equal((await loadRoutingVersion(ctx, account_id, 'main.v1')).scheme, scheme)
})

test('a stored version that cannot be read routes nothing and raises one alarm', async () => {
  await insertVersion('bad', 1, 'archived', { id: 'bad', rules: [{ id: 'r1', conditions: { field: 'x' } }] })
  for (let i = 0; i < 3; i += 1) {
    const { version_id, scheme } = await loadRoutingVersion(ctx, account_id, 'bad.v1')
    assert.equal(version_id, 'bad.v1')
    assert.equal(chooseRoute(sampleRun(scheme)).failure, 'strategy_received_no_routes')
  }
  assert.deepEqual(alarms, ['a published routing version cannot be read'])
})
