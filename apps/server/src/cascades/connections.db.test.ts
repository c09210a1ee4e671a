/** Settings of connections: what may be saved, what waits for a test, and who wins when two people save at once. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import * as fc from 'fast-check'
import { createSender } from '../http/send.ts'
import { getGateway } from '../routing/load-routing.ts'
import { endpointOf } from './endpoint.ts'
import { markMisconfigured } from './mark-misconfigured.ts'
import { readConnection } from './read-connection.ts'
import { flushCalls } from './record-call.ts'
import { currencyRate } from './reference-rate.ts'
import { addConnection, check, connectionOf, deskWorld, save } from './sample-connections.ts'
import { saveConnection } from './save-connection.ts'
import { dropPending, saveCredentials } from './save-credentials.ts'
import { saveProviderRate } from './save-rate.ts'
import { testConnection } from './test-connection.ts'

let world: Awaited<ReturnType<typeof deskWorld>>
const [live, trial] = [701, 702]
before(async () => {
  world = await deskWorld()
  await addConnection(world.ctx, live, false)
  await addConnection(world.ctx, trial, true)
})
beforeEach(async () => {
  world.desks.reset(1)
  const { sql } = world.ctx
  await sql`update provider_connections set pending_encrypted = null, pending_at = null`
  assert.equal((await save(world.ctx, live, world.volga)).type, 'saved')
  // It may be in use already, by an earlier test.
  if ((await connectionOf(world.ctx, live)).row.pending_encrypted) assert.ok((await check(world.ctx, live)).passed)
  await sql`
    update provider_connections set misconfigured_at = null, misconfigured_reason = null, credentials_at = null, tested_at = null`
  world.desks.reset(2)
})
after(() => world.close())

const usedBy = async (gateway_id: number) => endpointOf((await getGateway(world.ctx, gateway_id))?.credentials)
const isWaiting = async (gateway_id: number) =>
  (await connectionOf(world.ctx, gateway_id)).row.pending_encrypted !== null
const stateOf = async (gateway_id: number) => {
  const { misconfigured_at, misconfigured_reason } = (await connectionOf(world.ctx, gateway_id)).row
  return [misconfigured_at !== null, misconfigured_reason]
}

describe('another endpoint or key', () => {
  test('waits until a test of it has passed; only then it is used', async () => {
    const before = await usedBy(live)
    assert.equal(before.endpoint_url, world.volga.endpoint_url)
    await save(world.ctx, live, world.neva)
    assert.deepEqual(await usedBy(live), before)
    const result = await check(world.ctx, live)
    assert.deepEqual([result.which, result.passed, result.activated], ['pending', true, true])
    assert.deepEqual(
      result.calls.map(({ event, reading }) => [event, reading.result]),
      [
        ['CREATE_PAYMENT', 'issued'],
        ['CANCEL_PAYMENT', 'delivered'],
      ],
    )
    assert.equal((await usedBy(live)).endpoint_url, world.neva.endpoint_url)
    assert.equal(await isWaiting(live), false)
    assert.ok(
      world.desks.payments('neva').every(({ status }) => status === 'failed'),
      'what it created is cancelled',
    )
    assert.equal(world.desks.payments('volga').length, 0)
  })

  for (const step of [
    'unauthorized',
    'refuse:NO_REQUISITES',
    'e500:created',
    'bad_json',
    'redirect',
    'cancel:409',
    'cancel:500',
  ]) {
    test(`is not used when its test meets ${step}; what is in use goes on`, async () => {
      const before = await usedBy(live)
      await save(world.ctx, live, world.neva)
      world.desks.script('neva', { steps: [step] })
      const result = await check(world.ctx, live)
      assert.deepEqual([result.passed, result.activated], [false, false])
      assert.notEqual(result.text, '')
      assert.deepEqual([await usedBy(live), await isWaiting(live)], [before, true])
    })
  }

  test('an order that exists although its answer was no use is cancelled all the same', async () => {
    await save(world.ctx, live, world.neva)
    world.desks.script('neva', { steps: ['missing:bank'] })
    const result = await check(world.ctx, live)
    assert.deepEqual(
      result.calls.map(({ event, reading }) => [event, reading.result]),
      [
        ['CREATE_PAYMENT', 'violation'],
        ['CANCEL_PAYMENT', 'delivered'],
      ],
    )
    assert.ok(world.desks.payments('neva').every(({ cancelled_at_ms }) => cancelled_at_ms !== null))
  })

  test('a key alone, then an address alone: both wait together', async () => {
    await save(world.ctx, live, { api_key: world.neva.api_key })
    assert.equal((await check(world.ctx, live)).passed, false, 'the key of neva at the desk volga')
    await save(world.ctx, live, { endpoint_url: world.neva.endpoint_url })
    assert.ok((await check(world.ctx, live)).activated)
    assert.deepEqual(await usedBy(live), { ...world.neva, event_form: 'prefixed' })
  })

  test('saved as it is in use already, nothing waits any more', async () => {
    await save(world.ctx, live, world.neva)
    const again = await save(world.ctx, live, world.volga)
    assert.deepEqual(again, { type: 'saved', api_key: null, pending: false })
    assert.equal(await isWaiting(live), false)
  })

  test('what waits can be dropped, once', async () => {
    await save(world.ctx, live, world.neva)
    assert.equal(await dropPending(world.ctx, await connectionOf(world.ctx, live), 'owner'), true)
    assert.equal(await dropPending(world.ctx, await connectionOf(world.ctx, live), 'owner'), false)
    assert.equal(await isWaiting(live), false)
  })

  test('the key is shown masked, and a made one only to who has it made', async () => {
    const saved = await save(world.ctx, live, { generate_key: true })
    assert.ok(saved.type === 'saved' && saved.api_key !== null)
    assert.match(saved.api_key, /^[0-9A-Za-z]{43}$/)
    const view = await readConnection(world.ctx, null, live)
    assert.equal(view?.pending?.api_key_mask, `****${saved.api_key.slice(-4)}`)
    assert.equal(view?.endpoint.api_key_mask, `****${world.volga.api_key.slice(-4)}`)
    assert.ok(!JSON.stringify(view).includes(saved.api_key) && !JSON.stringify(view).includes(world.volga.api_key))
  })

  test('is not lost when the operator changes the terms during its test, and neither are the terms', async () => {
    await save(world.ctx, live, world.neva)
    world.desks.script('neva', { steps: ['slow:300'] })
    const [result, wrong] = await Promise.all([
      check(world.ctx, live),
      saveConnection(world.ctx, await connectionOf(world.ctx, live), { window_minutes: 44 }),
    ])
    assert.deepEqual([result.activated, wrong], [true, null])
    const view = await readConnection(world.ctx, null, live)
    assert.deepEqual([view?.endpoint.endpoint_url, view?.window_minutes], [world.neva.endpoint_url, 44])
  })
})

describe('at once', () => {
  test('what was saved during a test of something else is not used by that test', async () => {
    await save(world.ctx, live, world.neva)
    world.desks.script('neva', { steps: ['slow:300'] })
    const running = check(world.ctx, live)
    while (world.desks.calls('neva').length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    const other = { endpoint_url: `${world.neva.endpoint_url}?other` }
    assert.equal((await save(world.ctx, live, other)).type, 'saved')
    const result = await running
    assert.deepEqual([result.passed, result.activated, await isWaiting(live)], [false, false, true])
    assert.equal((await usedBy(live)).endpoint_url, world.volga.endpoint_url)
  })

  test('of two tests of the same only one puts it to use', async () => {
    await save(world.ctx, live, world.neva)
    const results = await Promise.all([1, 2, 3].map(() => check(world.ctx, live)))
    assert.equal(results.filter(({ activated }) => activated).length, 1)
    assert.equal((await usedBy(live)).endpoint_url, world.neva.endpoint_url)
  })

  test('of two who save on the same ground one is told to look again', async () => {
    const own = await connectionOf(world.ctx, live)
    const saved = await Promise.all(
      ['a', 'b', 'c'].map((name) =>
        saveCredentials(world.ctx, own, { endpoint_url: `${world.neva.endpoint_url}?${name}` }, name),
      ),
    )
    assert.deepEqual(saved.map(({ type }) => type).sort(), ['changed_meanwhile', 'changed_meanwhile', 'saved'])
  })
})

describe('what may be an endpoint', () => {
  const refused: readonly (readonly [string, RegExp])[] = [
    ['', /must be given/],
    ['provider.example/cascade', /absolute/],
    ['ftp://provider.example/', /absolute/],
    ['https://user:secret@provider.example/', /absolute/],
    ['https://provider.example/#part', /after #/],
    [`https://provider.example/${'a'.repeat(500)}`, /at most 500/],
    ['http://provider.example/cascade', /https/],
  ]
  const refusedOutside: readonly (readonly [string, RegExp])[] = [
    'https://127.0.0.1/',
    'https://localhost/',
    'https://10.1.2.3/',
    'https://192.168.0.1:8443/',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/',
    'https://[fd00::1]/',
    'https://0x7f.1/',
    'https://2130706433/',
    'https://gateway.internal/',
    'https://printer.local/',
  ].map((url) => [url, /public/] as const)

  test('in production: https, public, and no user name', async () => {
    const { ctx } = world
    const production = { ...ctx, config: { ...ctx.config, mode: 'production', allow_private_targets: false } as const }
    for (const [url, message] of [...refused, ...refusedOutside]) {
      const saved = await save(production, live, { endpoint_url: url })
      assert.ok(saved.type === 'invalid', url)
      assert.match(saved.fields.endpoint_url ?? '', message, url)
    }
    assert.equal(
      (await save(production, live, { endpoint_url: 'https://provider.example:8443/cascade?v=1' })).type,
      'saved',
    )
    const test_mode = { endpoint_url: 'http://provider.example/cascade', api_key: world.volga.api_key }
    assert.equal((await save(production, trial, test_mode)).type, 'saved', 'plain http in test mode')
    assert.equal((await save(production, trial, { endpoint_url: 'http://10.1.2.3/' })).type, 'invalid')
  })

  test('a name that leads to our own network is not called, even when it was saved before', async () => {
    const sender = createSender({ allow_private_targets: false, lookup: async () => ['127.0.0.1'] })
    const guarded = { ...world.ctx, sender }
    const port = new URL(world.neva.endpoint_url).port
    await save(world.ctx, live, {
      endpoint_url: `http://desk.example:${port}/traders/neva/cascade`,
      api_key: world.neva.api_key,
    })
    const result = await check(guarded, live)
    assert.equal(result.passed, false)
    assert.match(result.text, /not_sent.*not public/)
    assert.deepEqual([world.desks.calls('neva').length, result.calls.length], [0, 1])
    const direct = await check(guarded, live, { which: 'current' })
    assert.match(direct.text, /not_sent.*not public/)
    await sender.close()
  })

  test('keys: 16 to 256 visible characters', async () => {
    for (const api_key of [
      '',
      'short',
      'fifteen-letters',
      'with blank in it 123',
      'ключ-из-шестнадцати-знаков',
      'x'.repeat(257),
    ]) {
      const saved = await save(world.ctx, live, { api_key })
      assert.ok(saved.type === 'invalid' && saved.fields.api_key !== undefined, api_key)
    }
    assert.equal((await save(world.ctx, live, { api_key: `  ${'k'.repeat(16)}\n` })).type, 'saved')
    const both = await save(world.ctx, live, { api_key: 'k'.repeat(16), generate_key: true })
    assert.equal(both.type, 'invalid')
  })

  test('a connection without endpoint or key says what is missing', async () => {
    await addConnection(world.ctx, 790, false)
    const missing = await save(world.ctx, 790, { api_key: 'k'.repeat(16) })
    assert.deepEqual(missing.type === 'invalid' && Object.keys(missing.fields), ['endpoint_url'])
    const result = await testConnection(world.ctx, await connectionOf(world.ctx, 790), {}, 'owner')
    assert.equal(result.type, 'nothing_to_test')
  })
})

describe('misconfigured', () => {
  const now = () => world.ctx.now()

  test('is noted once, whoever finds out', async () => {
    const { ctx } = world
    const found = await Promise.all(Array.from({ length: 8 }, () => markMisconfigured(ctx.sql, live, '401', now())))
    assert.deepEqual(found.filter(Boolean), [true])
    assert.deepEqual(await stateOf(live), [true, '401'])
  })

  test('until a test of the endpoint in use passes', async () => {
    await markMisconfigured(world.ctx.sql, live, '401', now())
    world.desks.script('volga', { steps: ['unauthorized'] })
    assert.equal((await check(world.ctx, live)).passed, false)
    assert.deepEqual(await stateOf(live), [true, '401'])
    const passed = await check(world.ctx, live)
    assert.deepEqual([passed.which, passed.passed, passed.activated], ['current', true, false])
    assert.deepEqual(await stateOf(live), [false, null])
  })

  test('until another endpoint passes its test', async () => {
    await markMisconfigured(world.ctx.sql, live, '401', now())
    await save(world.ctx, live, world.neva)
    assert.deepEqual(await stateOf(live), [true, '401'], 'saving alone proves nothing')
    assert.ok((await check(world.ctx, live)).activated)
    assert.deepEqual(await stateOf(live), [false, null])
  })

  test('what is found wrong during a test stays wrong', async () => {
    world.desks.script('volga', { steps: ['slow:200'] })
    const running = check(world.ctx, live, { which: 'current' })
    while (world.desks.calls('volga').length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await markMisconfigured(world.ctx.sql, live, 'found meanwhile', now())
    assert.ok((await running).passed)
    assert.deepEqual(await stateOf(live), [true, 'found meanwhile'])
  })

  test('not by an answer to a call that was made with the old key', async () => {
    await save(world.ctx, live, world.neva)
    assert.ok((await check(world.ctx, live)).activated)
    assert.equal(await markMisconfigured(world.ctx.sql, live, 'late 401', now()), false)
    const later = new Date(now().getTime() + 76_000)
    assert.equal(await markMisconfigured(world.ctx.sql, live, 'new 401', later), true)
  })

  test('a gateway that was set aside as a whole is active again as well', async () => {
    const { ctx } = world
    await ctx.sql`update gateways set status = 'misconfigured' where gateway_id = ${live}`
    assert.ok((await check(ctx, live)).passed)
    assert.equal((await readConnection(ctx, null, live))?.status, 'active')
  })
})

describe('terms', () => {
  const saving = async (wish: Parameters<typeof saveConnection>[2]) =>
    saveConnection(world.ctx, await connectionOf(world.ctx, live), wish)

  test('are saved and read back', async () => {
    const methods = [
      { method: 'card', limits: { min: '100', max: '50000.5', daily_amount: '1000000', daily_count: 200 } },
      { method: 'sbp', limits: {} },
    ] as const
    const wish = {
      finalise_grace_s: 0,
      request_gap_ms: 250,
      supports_idempotency_key: true,
      methods,
      window_minutes: 15,
    }
    assert.equal(await saving(wish), null)
    const view = await readConnection(world.ctx, null, live)
    assert.deepEqual(view?.methods, methods)
    assert.deepEqual(
      [view?.finalise_grace_s, view?.request_gap_ms, view?.supports_idempotency_key, view?.window_minutes],
      [0, 250, true, 15],
    )
    assert.deepEqual(view?.possible_methods, ['card', 'sbp', 'account'])
    assert.deepEqual([...((await getGateway(world.ctx, live))?.methods ?? [])].sort(), ['card_transfer', 'sbp'])
    assert.equal(await saving({ methods: [{ method: 'account', limits: {} }] }), null)
    assert.deepEqual((await readConnection(world.ctx, null, live))?.methods, [{ method: 'account', limits: {} }])
    assert.equal(
      await saving({ methods: (['card', 'sbp', 'account'] as const).map((method) => ({ method, limits: {} })) }),
      null,
    )
  })

  test('every mistake is told by its field, and nothing of it is saved', async () => {
    const before = await readConnection(world.ctx, null, live)
    const wrong = await saving({
      finalise_grace_s: 111,
      request_gap_ms: -1,
      window_minutes: 4,
      create_timeout_s: 0.5,
      rate_margin_percent: '-100',
      rate_source: 'Not A Word',
      currencies: ['XYZ'],
      methods: [
        { method: 'card', limits: { min: '10', max: '9', daily_count: 0 } },
        { method: 'card', limits: { min: '0', daily_amount: '1e5' } },
        { method: 'cash' as never, limits: { max: '1.001' } },
      ],
    })
    assert.deepEqual(Object.keys(wrong ?? {}).sort(), [
      'create_timeout_s',
      'currencies',
      'finalise_grace_s',
      'methods.0.limits.daily_count',
      'methods.0.limits.max',
      'methods.0.method',
      'methods.1.limits.daily_amount',
      'methods.1.limits.min',
      'methods.1.method',
      'methods.2.limits.max',
      'methods.2.method',
      'rate_margin_percent',
      'rate_source',
      'request_gap_ms',
      'window_minutes',
    ])
    assert.deepEqual(await readConnection(world.ctx, null, live), before)
    assert.deepEqual(Object.keys((await saving({ methods: [] })) ?? {}), ['methods'])
  })

  test('any limits are refused by field, or kept to the letter', async () => {
    const text = fc.oneof(
      fc.string({ maxLength: 6 }),
      fc.nat(10_000).map(String),
      fc.float({ noNaN: true }).map(String),
    )
    const limits = fc.record(
      { min: text, max: text, daily_amount: text, daily_count: fc.integer() },
      { requiredKeys: [] },
    )
    await fc.assert(
      fc.asyncProperty(limits, async (given) => {
        const wrong = await saving({ methods: [{ method: 'card', limits: given }] })
        const kept = (await readConnection(world.ctx, null, live))?.methods[0]?.limits
        if (wrong === null) assert.deepEqual(kept, given)
        else assert.ok(Object.keys(wrong).every((name) => name.startsWith('methods.0.limits.')))
      }),
      { numRuns: 60 },
    )
  })
})

describe('reference rates', () => {
  test('84.6535 with 1 % is sent as 85.5; an older reading changes nothing; mistakes are told', async () => {
    const { ctx } = world
    const now = ctx.now()
    const pair = { source: 'exchange', from: 'USDT', to: 'RUB' }
    const terms = { settlement_currency: 'USDT', rate_source: 'exchange', rate_margin_percent: '1' }
    assert.equal(await saveProviderRate(ctx, { ...pair, rate: '84.6535', as_of: now }), null)
    assert.equal(await currencyRate(ctx.sql, terms, 'RUB', now), '85.5')
    assert.equal(await saveProviderRate(ctx, { ...pair, rate: '80', as_of: new Date(now.getTime() - 1000) }), null)
    assert.equal(await currencyRate(ctx.sql, terms, 'RUB', now), '85.5')
    assert.equal(
      await currencyRate(ctx.sql, terms, 'RUB', new Date(now.getTime() + 600_001)),
      null,
      'ten minutes later',
    )
    assert.equal(await saveProviderRate(ctx, { ...pair, rate: '84.6535', as_of: null }), null)
    assert.equal(await currencyRate(ctx.sql, terms, 'RUB', new Date(now.getTime() + 9e9)), '85.5', 'agreed for good')
    for (const rate of ['0', '-1', '1e3', '', '1.0000000000001', 'NaN'])
      assert.notEqual(await saveProviderRate(ctx, { ...pair, rate, as_of: null }), null, rate)
    assert.notEqual(await saveProviderRate(ctx, { ...pair, source: 'A source', rate: '1', as_of: null }), null)
    assert.notEqual(await saveProviderRate(ctx, { ...pair, to: 'USDT', rate: '1', as_of: null }), null)
    assert.notEqual(await saveProviderRate(ctx, { ...pair, to: 'rub', rate: '1', as_of: null }), null)
  })
})

test('probes are in the log of calls as such, hold nothing and are no payments', async () => {
  const { ctx } = world
  await flushCalls(ctx)
  await ctx.sql`delete from provider_calls`
  assert.ok((await check(ctx, live)).passed)
  await flushCalls(ctx)
  const calls = await ctx.sql`select event, attempt_id, http_status, reading from provider_calls order by at, id`
  assert.deepEqual(
    calls.map((call) => ({ ...call })),
    [
      { event: 'CREATE_PAYMENT', attempt_id: null, http_status: 201, reading: 'issued' },
      { event: 'CANCEL_PAYMENT', attempt_id: null, http_status: 200, reading: 'delivered' },
    ],
  )
  const [count] = await ctx.sql<{ rows: bigint }[]>`
    select (select count(*) from provider_payments) + (select count(*) from provider_settlements)
      + (select count(*) from ledger_transfers) + (select count(*) from gateway_results) as rows`
  assert.equal(count?.rows, 0n)
})
