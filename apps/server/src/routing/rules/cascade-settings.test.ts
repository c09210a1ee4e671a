import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { CascadeOverrides } from '../scheme.ts'
import { cascadeSettings, type SettingLevels } from './cascade-settings.ts'
import { networkCeilings } from './network-guard.ts'

const settings = (changes: Partial<SettingLevels> = {}) =>
  cascadeSettings({ kind: 'card', flow: 'hpp', attempts_limit: 5, rule: null, ...changes })

test('without a rule the platform decides, by kind of route', () => {
  assert.deepEqual(settings(), {
    cascading: true,
    max_attempts: 3,
    max_routes: 10,
    time_budget_ms: 20_000,
    cascade_on_acquirer_risk: false,
    class_overrides: [],
    excluded_routes: [],
    network_limits: networkCeilings,
  })
  const { max_attempts, max_routes, time_budget_ms } = settings({ kind: 'connection', attempts_limit: 50 })
  assert.deepEqual([max_attempts, max_routes, time_budget_ms], [10, 20, 30_000])
})

const attempts: readonly [attempts_limit: number, rule: number | undefined, expected: number][] = [
  [0, undefined, 1],
  [0, 3, 1],
  [1, undefined, 2],
  [2, undefined, 3],
  [5, undefined, 3],
  [5, 1, 1],
  [5, 2, 2],
  [5, 3, 3],
  [5, 20, 3],
  [1, 3, 2],
]
for (const [attempts_limit, max_attempts, expected] of attempts) {
  test(`attempts limit ${attempts_limit}, rule ${max_attempts ?? 'silent'}: ${expected} attempts`, () => {
    const rule = max_attempts === undefined ? null : { max_attempts }
    assert.equal(settings({ attempts_limit, rule }).max_attempts, expected)
  })
}

test('a rule switches cascading off and the risk hop on; the test flow never cascades', () => {
  assert.equal(settings({ rule: { cascading: false } }).cascading, false)
  assert.equal(settings({ rule: { cascade_on_acquirer_risk: true } }).cascade_on_acquirer_risk, true)
  assert.equal(settings({ flow: 'test', rule: { cascading: true } }).cascading, false)
})

test('no rule makes attempts, routes or time more than the levels above allow', () => {
  const rule: fc.Arbitrary<CascadeOverrides> = fc.record(
    { max_attempts: fc.integer({ min: 1, max: 20 }), time_budget_s: fc.integer({ min: 1, max: 30 }) },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(rule, fc.nat(20), fc.constantFrom('card' as const, 'connection' as const), (given, limit, kind) => {
      const above = settings({ kind, attempts_limit: limit })
      const below = settings({ kind, attempts_limit: limit, rule: given })
      assert.ok(below.max_attempts >= 1 && below.max_attempts <= above.max_attempts)
      assert.ok(below.time_budget_ms <= above.time_budget_ms && below.max_routes === above.max_routes)
      if (given.max_attempts !== undefined) assert.ok(below.max_attempts <= given.max_attempts)
    }),
  )
})

test('levels: limits only shrink, lists add up, the nearest level decides a switch', () => {
  const override = { kind: 'network_code', code: '96', class: 'issuer_risk' } as const
  const merged = settings({
    above: [
      { max_attempts: 2, visa_30d_limit: 15, cascading: false, excluded_routes: [1], class_overrides: [override] },
      { max_attempts: 3, visa_30d_limit: 18, mastercard_24h_limit: 7, cascading: true, cascade_on_acquirer_risk: true },
    ],
    rule: { time_budget_s: 5, excluded_routes: [2], cascade_on_acquirer_risk: false },
  })
  assert.deepEqual(merged, {
    cascading: true,
    max_attempts: 2,
    max_routes: 10,
    time_budget_ms: 5_000,
    cascade_on_acquirer_risk: false,
    class_overrides: [override],
    excluded_routes: [1, 2],
    network_limits: { ...networkCeilings, visa_30d_limit: 15, mastercard_24h_limit: 7 },
  })
})

test('no level raises a ceiling of the networks', () => {
  const { network_limits } = settings({ above: [{ visa_30d_limit: 99, mastercard_30d_limit: 99 }] })
  assert.deepEqual(network_limits, networkCeilings)
})
