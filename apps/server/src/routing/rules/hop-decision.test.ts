import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cascadeSettings } from './cascade-settings.ts'
import { type DeclineClass, declineClasses } from './decline-class.ts'
import { type HopDecision, type HopFacts, hopDecision } from './hop-decision.ts'
import { networkCeilings } from './network-guard.ts'

const goesOn: HopFacts = {
  approved: false,
  another_undecided: false,
  payment_closed: false,
  payer_acted: false,
  class: 'acquirer_technical',
  hops_by_class: {},
  network_blocked: false,
  attempts: 1,
  max_attempts: 3,
  routes_touched: 1,
  max_routes: 10,
  time_left_ms: 3000,
  step_up_possible: false,
  merchant_drives: false,
  cascading: true,
  cascade_on_acquirer_risk: false,
  hasCandidate: () => true,
}

/** One line of the table each, in its order: what alone makes it match. */
const lines: [HopDecision, Partial<HopFacts>][] = [
  ['win', { approved: true, class: null }],
  ['wait_undecided', { another_undecided: true }],
  ['stop_payment_closed', { payment_closed: true }],
  ['stop_payer_acted', { payer_acted: true }],
  ['stop_class_card_data', { class: 'card_data' }],
  ['stop_quota_soft_generic', { class: 'soft_generic', hops_by_class: { soft_generic: 1 } }],
  ['stop_network', { network_blocked: true }],
  ['stop_max_attempts', { attempts: 3 }],
  ['stop_time_budget', { time_left_ms: 2999 }],
  ['step_up', { class: 'authentication_required', step_up_possible: true }],
  ['stop_merchant_drives', { merchant_drives: true }],
  ['stop_off', { cascading: false }],
  ['stop_no_candidates', { hasCandidate: () => false }],
  ['hop', {}],
]

for (const [expected, facts] of lines) {
  test(`${expected}, when nothing before it matches`, () => {
    assert.equal(hopDecision({ ...goesOn, ...facts }), expected)
  })
}

for (const [index, [expected, facts]] of lines.entries()) {
  for (const [, later] of lines.slice(index + 1)) {
    const merged = { ...goesOn, ...later, ...facts }
    test(`${expected} before ${Object.keys(later).join(', ') || 'a hop'}`, () => {
      assert.equal(hopDecision(merged), expected)
    })
  }
}

test('routes touched end the cascade like attempts do', () => {
  assert.equal(hopDecision({ ...goesOn, attempts: 0, routes_touched: 10 }), 'stop_max_attempts')
})

const hopping = ['unreachable', 'refusal', 'gateway_rejected', 'acquirer_technical', 'issuer_technical', 'soft_generic']
for (const name of declineClasses) {
  test(`class ${name} ${hopping.includes(name) ? 'may hop' : 'forbids a hop'}`, () => {
    assert.equal(hopDecision({ ...goesOn, class: name }), hopping.includes(name) ? 'hop' : `stop_class_${name}`)
  })
}

test('a missing class is read as unknown: never a hop', () => {
  assert.equal(hopDecision({ ...goesOn, class: null }), 'stop_class_unknown')
})

test('the switch lets the risk screen of one gateway cause one hop', () => {
  const facts: HopFacts = { ...goesOn, class: 'acquirer_risk', cascade_on_acquirer_risk: true }
  assert.equal(hopDecision(facts), 'hop')
  assert.equal(hopDecision({ ...facts, hops_by_class: { acquirer_risk: 1 } }), 'stop_quota_acquirer_risk')
})

test('a step-up happens once, also when cascading is off', () => {
  const facts: HopFacts = { ...goesOn, class: 'authentication_required', step_up_possible: true, cascading: false }
  assert.equal(hopDecision(facts), 'step_up')
  assert.equal(
    hopDecision({ ...facts, hops_by_class: { authentication_required: 1 } }),
    'stop_quota_authentication_required',
  )
})

/** Runs declines of these classes one after the other and says how many attempts were made and why it ended. */
function run(classes: readonly DeclineClass[], max_attempts = 3): { attempts: number; end: HopDecision } {
  const hops: Partial<Record<DeclineClass, number>> = {}
  for (const [index, name] of classes.entries()) {
    const attempts = index + 1
    const end = hopDecision({
      ...goesOn,
      class: name,
      attempts,
      routes_touched: attempts,
      max_attempts,
      hops_by_class: hops,
    })
    if (end !== 'hop') return { attempts, end }
    hops[name] = (hops[name] ?? 0) + 1
  }
  return { attempts: classes.length + 1, end: 'win' }
}

test('do not honor twice: one hop, then the end', () => {
  assert.deepEqual(run(['soft_generic', 'soft_generic']), { attempts: 2, end: 'stop_quota_soft_generic' })
})
test('a malfunction, then do not honor, then approved: three attempts', () => {
  assert.deepEqual(run(['acquirer_technical', 'soft_generic']), { attempts: 3, end: 'win' })
})
test('issuer out of reach twice: one hop, then the end', () => {
  assert.deepEqual(run(['issuer_technical', 'issuer_technical']), { attempts: 2, end: 'stop_quota_issuer_technical' })
})

const endless: DeclineClass[] = Array(8).fill('acquirer_technical')
for (const max of [1, 2, 3]) {
  test(`max_attempts ${max} of a rule allows ${max} attempts`, () => {
    const settings = cascadeSettings({ kind: 'card', flow: 'hpp', attempts_limit: 5, rule: { max_attempts: max } })
    assert.deepEqual(run(endless, settings.max_attempts), { attempts: max, end: 'stop_max_attempts' })
  })
}

test('the attempts limit 0 of an account allows one attempt', () => {
  const settings = cascadeSettings({ kind: 'card', flow: 'hpp', attempts_limit: 0, rule: null })
  assert.deepEqual(run(endless, settings.max_attempts), { attempts: 1, end: 'stop_max_attempts' })
})

test('settings: platform defaults, and a rule only tightens', () => {
  assert.deepEqual(cascadeSettings({ kind: 'card', flow: 'hpp', attempts_limit: 5, rule: null }), {
    cascading: true,
    max_attempts: 3,
    max_routes: 10,
    time_budget_ms: 20_000,
    cascade_on_acquirer_risk: false,
    class_overrides: [],
    excluded_routes: [],
    network_limits: networkCeilings,
  })
  const connection = cascadeSettings({ kind: 'connection', flow: 'invoice', attempts_limit: 20, rule: null })
  assert.deepEqual([connection.max_attempts, connection.max_routes, connection.time_budget_ms], [10, 20, 30_000])
  const looser = cascadeSettings({
    kind: 'card',
    flow: 'hpp',
    attempts_limit: 5,
    rule: { max_attempts: 6, time_budget_s: 60, cascading: false },
  })
  assert.deepEqual([looser.max_attempts, looser.time_budget_ms, looser.cascading], [3, 20_000, false])
})

test('the test flow never fails over', () => {
  assert.equal(
    cascadeSettings({ kind: 'card', flow: 'test', attempts_limit: 5, rule: { cascading: true } }).cascading,
    false,
  )
})

test('whatever happens, a hop needs a class that allows it, quota, attempts and time', () => {
  const facts = fc.record<HopFacts>({
    approved: fc.boolean(),
    another_undecided: fc.boolean(),
    payment_closed: fc.boolean(),
    payer_acted: fc.boolean(),
    class: fc.constantFrom(...declineClasses, null),
    hops_by_class: fc.dictionary(fc.constantFrom(...declineClasses), fc.integer({ min: 0, max: 2 })),
    network_blocked: fc.boolean(),
    attempts: fc.integer({ min: 0, max: 6 }),
    max_attempts: fc.integer({ min: 1, max: 6 }),
    routes_touched: fc.integer({ min: 1, max: 12 }),
    max_routes: fc.constant(10),
    time_left_ms: fc.integer({ min: -1000, max: 20_000 }),
    step_up_possible: fc.boolean(),
    merchant_drives: fc.boolean(),
    cascading: fc.boolean(),
    cascade_on_acquirer_risk: fc.boolean(),
    hasCandidate: fc.constantFrom(
      () => true,
      () => false,
    ),
  })
  fc.assert(
    fc.property(facts, (given) => {
      const decision = hopDecision(given)
      assert.equal(decision === 'win', given.approved)
      if (decision !== 'hop') return
      assert.ok([...hopping, 'acquirer_risk'].includes(given.class ?? ''))
      assert.ok(given.attempts < given.max_attempts && given.time_left_ms >= 3000)
      assert.ok(!given.payer_acted && !given.another_undecided && !given.payment_closed && given.cascading)
    }),
  )
})
