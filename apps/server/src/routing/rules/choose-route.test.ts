import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { RoutingInput } from '../choice.ts'
import type { Conditions, Rule, Scheme, Strategy } from '../scheme.ts'
import { type Breaker, breakerKey, closedBreaker } from './breaker.ts'
import { chooseRoute } from './choose-route.ts'
import { explainRun } from './explain.ts'
import { replayRecord } from './routing-record.ts'
import {
  byConversion,
  byCost,
  byWeight,
  gatewayMap,
  inOrder,
  sampleFacts,
  sampleGateway,
  sampleRule,
  sampleRun,
  sampleScheme,
} from './sample-routing.ts'
import { countKey } from './strategies/conversion.ts'
import type { Tariff } from './strategies/cost.ts'

const euros: Conditions = { field: 'currency', op: 'eq', value: 'EUR' }
const dollars: Conditions = { field: 'currency', op: 'eq', value: 'USD' }
const chosenOf = (scheme: Scheme, changes: Partial<RoutingInput> = {}) =>
  chooseRoute(sampleRun(scheme, changes)).chosen?.gateway_id ?? null

test('the first active rule whose conditions hold wins; later ones are not looked at', () => {
  const rules: Rule[] = [
    sampleRule('euros', euros, inOrder(1)),
    sampleRule('off', {}, inOrder(2), { active: false }),
    sampleRule('dollars', dollars, inOrder(3)),
    sampleRule('all', {}, inOrder(4)),
  ]
  const choice = chooseRoute(sampleRun(sampleScheme(rules)))
  assert.equal(choice.chosen?.gateway_id, 3)
  assert.equal(choice.rule_id, 'dollars')
  assert.deepEqual(choice.record().rules_skipped, [
    { rule_id: 'euros', because: 'conditions', leaf: euros },
    { rule_id: 'off', because: 'inactive' },
  ])
})

test('a winner without candidates fails, or lets the rules below it try', () => {
  const rules = (on_empty: Rule['on_empty']) => [
    sampleRule('first', {}, inOrder(1), { on_empty }),
    sampleRule('second', {}, inOrder(2)),
  ]
  const failed = chooseRoute(sampleRun(sampleScheme(rules('fail')), { tried: [1] }))
  assert.equal(failed.chosen, null)
  assert.equal(failed.failure, 'strategy_configured_routes_were_filtered')
  assert.equal(failed.unified_code, 'F.2002')
  const next = chooseRoute(sampleRun(sampleScheme(rules('next_rule')), { tried: [1] }))
  assert.equal(next.chosen?.gateway_id, 2)
  assert.deepEqual(next.record().rules_skipped, [
    { rule_id: 'first', because: 'no_candidates', routes: [{ gateway_id: 1, result: 'already_tried' }] },
  ])
})

test('a winner passed over at the end of the list: on_no_rule decides, and all rules are explained', () => {
  const rules = [sampleRule('first', {}, inOrder(1), { on_empty: 'next_rule' }), sampleRule('euros', euros, inOrder(2))]
  const failed = chooseRoute(sampleRun(sampleScheme(rules), { excluded: [1] }))
  assert.equal(failed.failure, 'strategy_configured_routes_were_filtered')
  const record = failed.record()
  assert.deepEqual(record.routes, [{ gateway_id: 1, result: 'excluded_by_merchant' }])
  assert.deepEqual(record.rules_skipped, [{ rule_id: 'euros', because: 'conditions', leaf: euros }])
  assert.equal(chosenOf(sampleScheme(rules, inOrder(5)), { excluded: [1] }), 5)
})

test('no rule wins: on_no_rule fails or has a strategy of its own', () => {
  const rules = [sampleRule('euros', euros, inOrder(1))]
  const failed = chooseRoute(sampleRun(sampleScheme(rules)))
  assert.equal(failed.failure, 'strategy_received_no_routes')
  assert.equal(failed.unified_code, 'F.2001')
  assert.equal(failed.rule_id, null)
  assert.deepEqual(failed.record().routes, [])
  assert.equal(chosenOf(sampleScheme(rules, inOrder(4))), 4)
  const filtered = chooseRoute(sampleRun(sampleScheme(rules, inOrder(4)), { tried: [4] }))
  assert.equal(filtered.failure, 'strategy_configured_routes_were_filtered')
})

test('routes a rule excludes are excluded for its payments only', () => {
  const cascade = { excluded_routes: [1] }
  const rules = [sampleRule('euros', euros, inOrder(1, 2), { cascade }), sampleRule('all', {}, inOrder(1, 2))]
  const choice = chooseRoute(sampleRun(sampleScheme(rules), { facts: { ...sampleFacts, currency: 'EUR' } }))
  assert.equal(choice.chosen?.gateway_id, 2)
  assert.deepEqual(choice.cascade, cascade)
  assert.equal(chosenOf(sampleScheme(rules)), 1)
})

test('random buckets divide payments by id, the same in every version of the scheme', () => {
  const half = sampleRule('half', { field: 'random_bucket', op: 'lt', value: 50 }, inOrder(1))
  const scheme = sampleScheme([half], inOrder(2))
  const texts: string[] = []
  const draw = (u: bigint) => (text: string) => {
    texts.push(text)
    return u
  }
  const edge = (50n << 64n) / 100n
  assert.equal(chosenOf(scheme, { draw: draw(edge - 1n), version_id: 'scheme_1.v7' }), 1)
  assert.equal(chosenOf(scheme, { draw: draw(edge) }), 2)
  assert.deepEqual(texts, ['pay_0001:scheme_1:bucket', 'pay_0001:scheme_1:bucket'])
})

test('the record of a hop says what was before, what was dropped and why', () => {
  const gateways = gatewayMap(sampleGateway(1), sampleGateway(2, { amount_min_minor: 5000n }), sampleGateway(3))
  const previous = {
    attempt: 1,
    gateway_id: 1,
    class: 'acquirer_technical' as const,
    signals: [{ kind: 'network_code', code: '96', class: 'acquirer_technical' as const }],
  }
  const limits = { attempts: '1/3' }
  const input = sampleRun(sampleScheme([sampleRule('all', dollars, inOrder(1, 2, 3))]), {
    gateways,
    run: 2,
    hop: 2,
    tried: [1],
    previous,
    limits,
  })
  assert.deepEqual(chooseRoute(input).record(), {
    payment_id: 'pay_0001',
    binding_id: null,
    run: 2,
    at: '2026-03-02T10:15:30.000Z',
    scheme_version: 'scheme_1.v1',
    rule_id: 'all',
    rules_skipped: [],
    context: {
      amount: '1000',
      currency: 'USD',
      method: 'payment_card',
      operation: 'payment',
      test: true,
      'card.brand': 'visa',
      'card.issuer_country': 'DE',
    },
    strategy: { type: 'priority' },
    routes: [
      { gateway_id: 1, result: 'already_tried' },
      { gateway_id: 2, result: 'amount_below_min', detail: 'amount 1000, least 5000' },
      { gateway_id: 3, result: 'candidate', rank: 1 },
    ],
    draw: null,
    chosen: 3,
    previous,
    decision: 'hop',
    failure: null,
    limits,
    editions: ['visa-2026-04'],
  })
  assert.equal(chooseRoute({ ...input, tried: [1, 3] }).record().decision, 'stop_no_candidates')
})

test('long lists of a condition are shortened in the record', () => {
  const value = Array.from({ length: 1000 }, (_, index) => `x${index}`)
  const rule = sampleRule('list', { field: 'merchant', op: 'in', value }, inOrder(1))
  const [skipped] = chooseRoute(sampleRun(sampleScheme([rule]))).record().rules_skipped
  assert.deepEqual(skipped?.leaf?.value, value.slice(0, 20))
})

const heldBreaker: Breaker = { ...closedBreaker, state: 'held' }
const tariffOf = (fix_minor: bigint | null): Tariff | null =>
  fix_minor === null ? null : { currency: 'USD', rate_percent: '1.5', fix_minor, min_minor: 30n, max_minor: null }

test('the record of a cost or conversion order says what was known of every candidate, and its place', () => {
  const gateways = gatewayMap(
    sampleGateway(1, { tariff: tariffOf(90n) }),
    sampleGateway(2, { tariff: tariffOf(10n), priority: 7 }),
    sampleGateway(3),
  )
  const strategy: Strategy = { ...byCost(1, 2, 3), then: 'conversion', tolerance_percent: 5 }
  const statistics = new Map([
    [countKey({ gateway_id: 2, method: 'payment_card', currency: 'USD' }), { approved: 3, counted: 4 }],
  ])
  const record = chooseRoute(
    sampleRun(sampleScheme([sampleRule('r', {}, strategy)]), { gateways, statistics }),
  ).record()
  assert.deepEqual(record.strategy, { type: 'cost', then: 'conversion', tolerance_percent: 5 })
  assert.equal(record.chosen, 2)
  assert.deepEqual(
    record.routes.map(({ gateway_id, score, rank }) => [gateway_id, score, rank]),
    [
      [1, '105.0000', 2],
      [2, '30.0000', 1],
      [3, null, 3],
    ],
  )
  assert.deepEqual(record.routes[1]?.known, { priority: 7, cost: '30/1', approved: 3, counted: 4 })
  assert.match(explainRun(record), /^2 chosen \(lowest cost\)$/)
})

test('a payment that explores is told as such', () => {
  const scheme = sampleScheme([sampleRule('r', {}, byConversion(1, 2, 3))])
  const explored = chooseRoute(sampleRun(scheme)).record()
  assert.equal(explored.explore, true)
  assert.deepEqual(explored.draw, { hop: 1, u: '0', x: 0, W: 3 })
  assert.match(explainRun(explored), /1 chosen \(drawn to learn more\)/)
  const ordinary = chooseRoute(sampleRun(scheme, { draw: () => 2n ** 63n })).record()
  assert.deepEqual([ordinary.explore, ordinary.draw], [false, null])
  assert.match(explainRun(ordinary), /1 chosen \(approves most\)/)
})

test('a half-open gateway is a candidate in its ordinary place, and its choice asks for the probe', () => {
  const halfOpen: Breaker = { ...closedBreaker, state: 'open', open_until: new Date('2026-03-02T10:15:30Z') }
  const breakers = new Map([[breakerKey(1, 'payment_card'), halfOpen]])
  const rules = [sampleRule('r', {}, inOrder(1, 2))]
  const choice = chooseRoute(sampleRun(sampleScheme(rules), { breakers }))
  assert.deepEqual([choice.chosen?.gateway_id, choice.probe], [1, true])
  assert.equal(choice.record().routes[0]?.detail, 'half-open, probe after 0 healthy of 3')
  const second = chooseRoute(sampleRun(sampleScheme([sampleRule('r', {}, inOrder(2, 1))]), { breakers }))
  assert.deepEqual([second.chosen?.gateway_id, second.probe], [2, false])
})

const gatewayId = fc.integer({ min: 1, max: 8 })
const routes = fc.uniqueArray(gatewayId, { minLength: 1, maxLength: 6 })
const strategy: fc.Arbitrary<Strategy> = fc.oneof(
  gatewayId.map((gateway_id): Strategy => ({ type: 'direct', routes: [{ gateway_id }] })),
  routes.map((ids) => inOrder(...ids)),
  routes.chain((ids) =>
    fc
      .array(fc.integer({ min: 0, max: 5 }), { minLength: ids.length, maxLength: ids.length })
      .map((weights) => byWeight(...ids.map((id, index): [number, number] => [id, weights[index] ?? 0]))),
  ),
  routes.map((ids) => byCost(...ids)),
  routes.map((ids): Strategy => ({ ...byCost(...ids), then: 'conversion', tolerance_percent: 10 })),
  routes.map((ids) => byConversion(...ids)),
  routes.map((ids): Strategy => ({ ...byConversion(...ids), then: 'priority', explore_percent: 20 })),
)
const statistics = fc
  .array(
    fc.nat(200).chain((counted) => fc.nat(counted).map((approved) => ({ approved, counted }))),
    { minLength: 8, maxLength: 8 },
  )
  .map(
    (counts) =>
      new Map(
        counts.map((count, index) => [
          countKey({ gateway_id: index + 1, method: 'payment_card', currency: 'USD' }),
          count,
        ]),
      ),
  )
const breakers = fc
  .uniqueArray(gatewayId, { maxLength: 3 })
  .map((ids) => new Map(ids.map((id) => [breakerKey(id, 'payment_card'), heldBreaker])))
const tariffs = fc.array(fc.option(fc.bigInt({ min: 0n, max: 60n })), { minLength: 7, maxLength: 7 })
const rule = fc
  .record({
    conditions: fc.constantFrom<Conditions>({}, dollars, euros, { not: euros }),
    strategy,
    active: fc.boolean(),
    on_empty: fc.constantFrom<Rule['on_empty']>('fail', 'next_rule'),
  })
  .map(({ conditions, strategy: given, ...changes }) => sampleRule('r', conditions, given, changes))
const run: fc.Arbitrary<RoutingInput> = fc
  .record({
    rules: fc.array(rule, { maxLength: 4 }).map((rules) => rules.map((one, index) => ({ ...one, id: `r${index}` }))),
    on_no_rule: fc.option(strategy),
    off: fc.uniqueArray(gatewayId, { maxLength: 3 }),
    tried: fc.uniqueArray(gatewayId, { maxLength: 4 }),
    excluded: fc.uniqueArray(gatewayId, { maxLength: 3 }),
    u: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
    statistics,
    breakers,
    tariffs,
  })
  .map(({ rules, on_no_rule, off, tried, excluded, u, tariffs: fixes, ...known }) => {
    const all = [1, 2, 3, 4, 5, 6, 7].map((id) =>
      sampleGateway(id, {
        ...(off.includes(id) ? { status: 'off' } : {}),
        priority: id % 3,
        tariff: tariffOf(fixes[id - 1] ?? null),
      }),
    )
    return sampleRun(sampleScheme(rules, on_no_rule ?? 'fail'), {
      gateways: gatewayMap(...all),
      tried,
      excluded,
      draw: () => u,
      ...known,
    })
  })

test('an excluded, tried, unknown or inactive gateway is never chosen', () => {
  fc.assert(
    fc.property(run, (input) => {
      const { chosen, failure } = chooseRoute(input)
      assert.equal(chosen === null, failure !== null)
      if (chosen === null) return
      assert.ok(!input.excluded.includes(chosen.gateway_id) && !input.tried.includes(chosen.gateway_id))
      assert.equal(chosen.status, 'active')
    }),
  )
})

test('a cascade over any scheme uses no gateway twice and ends', () => {
  fc.assert(
    fc.property(run, (input) => {
      const tried: number[] = []
      for (let hop = 1; hop <= 10; hop += 1) {
        const { chosen } = chooseRoute({ ...input, hop, run: hop, tried })
        if (chosen === null) return
        assert.ok(!tried.includes(chosen.gateway_id))
        tried.push(chosen.gateway_id)
      }
      assert.fail('eight gateways gave more than ten attempts')
    }),
  )
})

test('the stored record names a result for every route of the rule, and replaying it gives the same choice', () => {
  fc.assert(
    fc.property(run, (input) => {
      const choice = chooseRoute(input)
      const record = JSON.parse(JSON.stringify(choice.record()))
      assert.deepEqual(record, choice.record())
      assert.equal(record.chosen, choice.chosen?.gateway_id ?? null)
      assert.equal(replayRecord(record, input.draw), record.chosen)
      assert.equal(chooseRoute(input).chosen, choice.chosen)
      const won = input.scheme.rules.find(({ id }) => id === record.rule_id)
      const listed = won?.strategy.routes.map(({ gateway_id }) => gateway_id)
      if (listed)
        assert.deepEqual(
          record.routes.map((route: { gateway_id: number }) => route.gateway_id),
          listed,
        )
      for (const { result, rank } of record.routes) assert.equal(result === 'candidate' || rank === undefined, true)
    }),
  )
})
