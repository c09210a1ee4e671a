import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PreviousAttempt, RoutingRecord } from '../choice.ts'
import { explainRun } from './explain.ts'
import { filterReasons } from './filter-candidates.ts'

const first: RoutingRecord = {
  payment_id: 'pay_0001',
  binding_id: null,
  run: 1,
  at: '2026-03-02T10:15:30.000Z',
  scheme_version: 'scheme_1.v1',
  rule_id: 'r2',
  rules_skipped: [],
  context: {},
  strategy: { type: 'priority' },
  routes: [
    { gateway_id: 408, result: 'candidate', rank: 1 },
    { gateway_id: 409, result: 'candidate', rank: 2 },
  ],
  draw: null,
  chosen: 408,
  previous: null,
  decision: null,
  failure: null,
  limits: {},
  editions: [],
}

const malfunction: PreviousAttempt = {
  attempt: 1,
  gateway_id: 408,
  class: 'acquirer_technical',
  signals: [
    { kind: 'network_code', code: '96', class: 'acquirer_technical' },
    { kind: 'unified_code', code: 'F.0117', class: 'acquirer_technical' },
  ],
}

test('a hop tells what ended the attempt before, what was passed over and what was taken', () => {
  const record: RoutingRecord = {
    ...first,
    run: 2,
    routes: [
      { gateway_id: 408, result: 'already_tried' },
      { gateway_id: 409, result: 'amount_below_min', detail: 'amount 100, least 500' },
      { gateway_id: 410, result: 'candidate', rank: 1 },
    ],
    chosen: 410,
    previous: malfunction,
    decision: 'hop',
  }
  assert.equal(
    explainRun(record),
    '408 declined with 96 (system malfunction) → may cascade; ' +
      '409 skipped: amount too small (amount 100, least 500); 410 chosen (priority 3)',
  )
})

test('a first run tells the route and the strategy that took it', () => {
  assert.equal(explainRun(first), '408 chosen (priority 1)')
  assert.equal(explainRun({ ...first, strategy: { type: 'direct' } }), '408 chosen (the only route)')
  assert.equal(explainRun({ ...first, strategy: { type: 'weight' }, chosen: 409 }), '409 chosen (drawn by weight)')
})

test('a run without a route tells whether a rule held at all', () => {
  const none = { ...first, chosen: null, rule_id: null, strategy: null, routes: [] }
  assert.equal(explainRun({ ...none, failure: 'strategy_received_no_routes' }), 'no rule holds')
  const filtered: RoutingRecord = {
    ...none,
    routes: [{ gateway_id: 408, result: 'route_inactive', detail: 'gateway is off' }],
    failure: 'strategy_configured_routes_were_filtered',
  }
  assert.equal(explainRun(filtered), '408 skipped: not active (gateway is off); no route left')
})

test('a rule that was passed over for want of a route is told with its routes', () => {
  const record: RoutingRecord = {
    ...first,
    rules_skipped: [
      { rule_id: 'r0', because: 'inactive' },
      { rule_id: 'r1', because: 'no_candidates', routes: [{ gateway_id: 407, result: 'excluded_by_merchant' }] },
    ],
  }
  assert.equal(
    explainRun(record),
    '407 skipped: excluded; rule r1 has no route left → next rule; 408 chosen (priority 1)',
  )
})

test('the signal that decided is named: network code first, else any of its class, else the class', () => {
  const told = (previous: Partial<PreviousAttempt>) =>
    explainRun({ ...first, previous: { ...malfunction, ...previous } }).split(' → ')[0]
  const issuer = { kind: 'unified_code', code: 'F.0105', class: 'soft_generic' } as const
  const ignored = { kind: 'provider_code', code: 'X-9', class: null } as const
  assert.equal(told({ class: 'soft_generic', signals: [ignored, issuer] }), '408 declined with F.0105 (soft generic)')
  assert.equal(told({ class: 'unmapped', signals: [ignored] }), '408 declined with X-9 (unmapped)')
  assert.equal(told({ class: 'refusal', signals: [] }), '408 declined with class refusal')
  assert.equal(told({ class: 'unreachable', signals: [] }), '408 was not reached')
})

test('only the attempt just spoken of is not named twice; an earlier one is', () => {
  const routes = [407, 408].map((gateway_id) => ({ gateway_id, result: 'already_tried' as const }))
  const sentence = explainRun({ ...first, routes, chosen: null, previous: malfunction, decision: 'stop_no_candidates' })
  assert.equal(
    sentence,
    '408 declined with 96 (system malfunction) → may cascade; 407 skipped: already tried; no route left',
  )
})

test('every reason has words of its own, and no weight is told', () => {
  const words = filterReasons.map((result) =>
    explainRun({ ...first, routes: [{ gateway_id: 409, result, score: 731 }], chosen: null }),
  )
  assert.equal(new Set(words).size, filterReasons.length)
  for (const sentence of words) {
    assert.match(sentence, /^409 skipped: \S.*; no route left$/)
    assert.doesNotMatch(sentence, /731|undefined/)
  }
})
