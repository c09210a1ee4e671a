import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { until } from '../../../../tests/product/time.ts'
import { readGateways } from '../routing/load-routing.ts'
import {
  type GatewaysCommand,
  acquirerCredentials as good,
  linesOf,
  openGatewaysCommand,
  type Told,
} from './sample-gateways-command.ts'

let command: GatewaysCommand
const gateways: GatewaysCommand['run'] = (...given) => command.run(...given)
const said: GatewaysCommand['said'] = (...given) => command.said(...given)
const added: GatewaysCommand['added'] = (...given) => command.added(...given)

async function gatewayOf(id: number) {
  const gateway = (await readGateways(command.ctx)).get(id)
  assert.ok(gateway)
  return gateway
}

const statusOf = async (id: number): Promise<string> => (await gatewayOf(id)).status

before(async () => {
  command = await openGatewaysCommand()
})
after(() => command.close())

test('connectors are told with what they can and the names of their credentials', async () => {
  const told = await said(['connectors'])
  assert.match(
    told,
    /^acquirer {2}Card acquirer\n {6}methods: payment_card\n {6}operations: charge verify authorize\n {6}credentials: base_url terminal api_key webhook_secret\n/m,
  )
  assert.match(told, /^ {6}credentials: secret_key webhook_secret \[base_url\] \[account\]$/m)
  assert.match(told, /^cascade {2}[\s\S]*its gateways are made by npm run providers -- add-connection$/m)
})

test('a gateway is made with credentials as lines or as JSON, at the id given or at the next', async () => {
  const at = await said(['add', 'acquirer', 'First Acquirer', 'test', 'gateway_id=900', 'priority=7'], linesOf(good))
  assert.equal(
    at,
    `Gateway 900, First Acquirer (test), by acquirer; every process knows within a second.
Its provider sends notifications to https://pay.example/provider-events/900
`,
  )
  const { credentials, name, test_mode, priority, status, misconfigured } = await gatewayOf(900)
  assert.deepEqual(credentials, good)
  assert.deepEqual([name, test_mode, priority, status, misconfigured], ['First Acquirer', true, 7, 'active', null])
  const next = await said(['add', 'stripe', 'Stripe', 'live'], '{"secret_key":"sk_live_1","webhook_secret":"whsec_12"}')
  assert.match(next, /^Gateway 901, Stripe \(live\), by stripe;/)
  assert.deepEqual((await gatewayOf(901)).credentials, { secret_key: 'sk_live_1', webhook_secret: 'whsec_12' })
  const windows = linesOf(good).replaceAll('\n', '  \r\n\r\n')
  await said(['credentials', '900'], `\uFEFF${windows}`)
  assert.deepEqual((await gatewayOf(900)).credentials, good)
})

test('no answer shows a credential, or a part of one', async () => {
  const id = String(await added('merchant_code=m-1'))
  await said(['tariff', id, 'EUR', 'rate=2.50', 'fix=0.10', 'max=50'])
  const shown = await said(['show', id])
  for (const words of [
    `${id}  Made (live, active)\nConnector: acquirer, Card acquirer\nCredentials: as the connector wants them\n`,
    '\nTariff: 2.5 % + 0.10 EUR, at most 50.00 EUR\n',
    `\nNotifications: https://pay.example/provider-events/${id}\n  name=Made\n  merchant_code=m-1\n`,
  ])
    assert.ok(shown.includes(words), `${words}\n${shown}`)
  const all = `${shown}${await said(['settings', id])}${await said(['list'])}${await said(['credentials', id], linesOf(good))}`
  for (const value of Object.values(good)) assert.equal(all.includes(value), false, value)
})

test('settings narrow what the connector can, are shown as they are typed, and an empty value takes them away', async () => {
  const id = await added()
  const plain = await said(['settings', String(id)])
  const wishes = [
    'name=Second',
    'methods=payment_card',
    'currencies=EUR,USD,EUR',
    'brands=visa,mir',
    'issuer_countries=DE,FR',
    'operations=charge,verify',
    'amount_min=0.50',
    'amount_max=5000',
    'priority=30',
    'failure_domain=host-1',
    'accept_late_success=true',
    'merchant_code=m',
  ]
  assert.equal(
    await said(['settings', String(id), ...wishes]),
    `${id} has these settings; every process knows within a second.\n`,
  )
  const gateway = await gatewayOf(id)
  assert.deepEqual(
    [gateway.name, gateway.priority, gateway.failure_domain, gateway.accept_late_success, gateway.merchant_code],
    ['Second', 30, 'host-1', true, 'm'],
  )
  assert.deepEqual([gateway.amount_min_minor, gateway.amount_max_minor], [50n, 500_000n])
  assert.deepEqual(
    [gateway.methods, gateway.currencies, gateway.brands, gateway.issuer_countries, gateway.operations].map((set) =>
      [...(set ?? [])].join(),
    ),
    ['payment_card', 'EUR,USD', 'visa,mir', 'DE,FR', 'charge,verify'],
  )
  const lines = (await said(['settings', String(id)])).trimEnd().split('\n')
  assert.ok(lines.includes('amount_max=5000.00') && lines.includes('currencies=EUR,USD'))
  await said(['settings', String(id), ...lines])
  assert.deepEqual((await said(['settings', String(id)])).trimEnd().split('\n'), lines)
  await said(['settings', String(id), ...plain.trimEnd().split('\n')])
  assert.equal(await said(['settings', String(id)]), plain)
  const { currencies, amount_max_minor } = await gatewayOf(id)
  assert.deepEqual([currencies, amount_max_minor], [null, null])
})

test('a limit is in the decimals of the currencies, and never changes its meaning in silence', async () => {
  const id = String(await added('currencies=JPY', 'amount_max=5000'))
  const refused = await gateways(['settings', id, 'currencies=EUR'])
  assert.match(refused.stderr, /^Nothing was changed: amount_max was said in other decimals than those of the new/)
  assert.match((await gateways(['settings', id, 'currencies='])).stderr, /give it too, or amount_max= for no limit/)
  await said(['settings', id, 'currencies=EUR', 'amount_max=50.05'])
  assert.equal((await gatewayOf(Number(id))).amount_max_minor, 5005n)
  await said(['settings', id, 'currencies=USD'])
  await said(['settings', id, 'currencies=', 'amount_max='])
  assert.equal((await gatewayOf(Number(id))).amount_max_minor, null)
})

test('a gateway is drained, switched off and given back; an archived one stays so', async () => {
  const id = await added()
  assert.match(await said(['drain', String(id)]), / drains: new payments pass it over/)
  assert.equal(await statusOf(id), 'draining')
  assert.match(await said(['disable', String(id)]), / is off: new payments pass it over/)
  assert.equal(await statusOf(id), 'off')
  await said(['credentials', String(id)], linesOf(good))
  assert.equal(await statusOf(id), 'off')
  assert.equal(await said(['enable', String(id)]), `${id} takes payments; every process knows within a second.\n`)
  assert.equal(await statusOf(id), 'active')
  await command.ctx.sql`update gateways set status = 'archived' where gateway_id = ${id}`
  for (const act of ['enable', 'drain', 'disable']) {
    const { status, stderr } = await gateways([act, String(id)])
    assert.deepEqual([status, stderr], [1, `Nothing was changed: gateway ${id} is archived and stays so.\n`])
    assert.equal(await statusOf(id), 'archived')
  }
})

test('a gateway that was set aside is active again with other credentials, and one without any says why it is passed over', async () => {
  const id = await added()
  await command.ctx.sql`update gateways set status = 'misconfigured' where gateway_id = ${id}`
  assert.match(await said(['show', String(id)]), /^Credentials: set aside after an error of its credentials$/m)
  assert.match(await said(['credentials', String(id)], linesOf(good)), /\nIt had been set aside .* active again\.\n$/)
  assert.equal(await statusOf(id), 'active')
  assert.match(await said(['enable', '441']), /\nPayments pass it over all the same: the credentials are not as/)
})

/** Both begin while others hold the gateways, and go on together. */
async function atOnce(...orders: readonly (readonly [args: readonly string[], input: string])[]): Promise<Told[]> {
  let done: Promise<Told[]> = Promise.resolve([])
  await command.ctx.sql.begin(async (tx) => {
    await tx`lock table gateways in share row exclusive mode`
    done = Promise.all(orders.map(([args, input]) => gateways(args, input)))
    await until('all wait', async () => {
      const waiting = await command.ctx.sql`
        select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
      return waiting.length === orders.length
    })
  })
  return done
}

test('two operators at once: both settings hold, both gateways are made, an id is given once', async () => {
  const id = await added()
  const settings = await atOnce(
    [['settings', String(id), 'priority=5'], ''],
    [['settings', String(id), 'merchant_code=m'], ''],
  )
  for (const { status, stderr } of settings) assert.equal(status, 0, stderr)
  const { priority, merchant_code } = await gatewayOf(id)
  assert.deepEqual([priority, merchant_code], [5, 'm'])
  const before_ids = new Set((await readGateways(command.ctx)).keys())
  const made = await atOnce(
    [['add', 'acquirer', 'Left', 'live'], linesOf(good)],
    [['add', 'acquirer', 'Right', 'live'], linesOf({ ...good, terminal: 'right' })],
  )
  for (const { status, stderr } of made) assert.equal(status, 0, stderr)
  const both = [...(await readGateways(command.ctx)).values()].filter(({ gateway_id }) => !before_ids.has(gateway_id))
  assert.deepEqual(both.map(({ name, credentials }) => [name, (credentials as typeof good).terminal]).sort(), [
    ['Left', 'hidden-terminal'],
    ['Right', 'right'],
  ])
  const same = await atOnce(
    [['add', 'acquirer', 'Left', 'live', 'gateway_id=777'], linesOf(good)],
    [['add', 'acquirer', 'Right', 'live', 'gateway_id=777'], linesOf(good)],
  )
  assert.deepEqual(same.map(({ status }) => status).sort(), [0, 1])
  assert.equal(same.find(({ status }) => status === 1)?.stderr, 'Nothing was changed: there is a gateway 777.\n')
})
