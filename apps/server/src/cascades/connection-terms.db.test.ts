/** What is agreed about a connection, and the reference rates its payments are reckoned at. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { getGateway } from '../routing/load-routing.ts'
import { readConnection } from './read-connection.ts'
import { currencyRate } from './reference-rate.ts'
import { connectionOf, live, openConnections } from './sample-connections.ts'
import { saveConnection } from './save-connection.ts'
import { saveProviderRate } from './save-rate.ts'

const { world } = openConnections()

describe('terms', () => {
  const saving = async (wish: Parameters<typeof saveConnection>[2]) =>
    saveConnection(world().ctx, await connectionOf(world().ctx, live), wish)

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
    const view = await readConnection(world().ctx, null, live)
    assert.deepEqual(view?.methods, methods)
    assert.deepEqual(
      [view?.finalise_grace_s, view?.request_gap_ms, view?.supports_idempotency_key, view?.window_minutes],
      [0, 250, true, 15],
    )
    assert.deepEqual(view?.possible_methods, ['card', 'sbp', 'account'])
    assert.deepEqual([...((await getGateway(world().ctx, live))?.methods ?? [])].sort(), ['card_transfer', 'sbp'])
    assert.equal(await saving({ methods: [{ method: 'account', limits: {} }] }), null)
    assert.deepEqual((await readConnection(world().ctx, null, live))?.methods, [{ method: 'account', limits: {} }])
    assert.equal(
      await saving({ methods: (['card', 'sbp', 'account'] as const).map((method) => ({ method, limits: {} })) }),
      null,
    )
  })

  test('every mistake is told by its field, and nothing of it is saved', async () => {
    const before = await readConnection(world().ctx, null, live)
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
    assert.deepEqual(await readConnection(world().ctx, null, live), before)
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
      { requiredKeys: [], noNullPrototype: true },
    )
    await fc.assert(
      fc.asyncProperty(limits, async (given) => {
        const wrong = await saving({ methods: [{ method: 'card', limits: given }] })
        const kept = (await readConnection(world().ctx, null, live))?.methods[0]?.limits
        if (wrong === null) assert.deepEqual(kept, given)
        else assert.ok(Object.keys(wrong).every((name) => name.startsWith('methods.0.limits.')))
      }),
      { numRuns: 60 },
    )
  })
})

describe('reference rates', () => {
  test('84.6535 with 1 % is sent as 85.5; an older reading changes nothing; mistakes are told', async () => {
    const { ctx } = world()
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
