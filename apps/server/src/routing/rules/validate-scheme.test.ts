import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Gateway } from '../gateway.ts'
import type { Rule } from '../scheme.ts'
import { readScheme } from './read-scheme.ts'
import { gatewayMap, sampleGateway } from './sample-routing.ts'
import { type SchemeWorld, validateScheme } from './validate-scheme.ts'

const priority = (...ids: number[]) => ({ type: 'priority', routes: ids.map((gateway_id) => ({ gateway_id })) })
const weight = (...weights: unknown[]) => ({
  type: 'weight',
  routes: weights.map((one, index) => ({ gateway_id: index + 1, weight: one })),
})
const schemeOf = (changes: object = {}) => ({ id: 'scheme_1', rules: [ruleOf()], ...changes })
const ruleOf = (changes: object = {}) => ({ id: 'r1', strategy: priority(1, 2, 3), ...changes })
const withStrategy = (strategy: unknown) => schemeOf({ rules: [ruleOf({ strategy })] })

const world = (changes: Partial<Gateway> = {}, max_attempts = 3): SchemeWorld => ({
  gateways: gatewayMap(sampleGateway(1, changes), sampleGateway(2), sampleGateway(3)),
  max_attempts,
})

function told(written: unknown, given: SchemeWorld = world()): string[] {
  const { scheme, findings } = validateScheme(written, given)
  assert.equal(
    scheme === null,
    findings.some(({ severity }) => severity === 'error'),
  )
  return findings.map(({ severity, path, message }) => `${severity} ${path}: ${message}`)
}

test('what may be left out is filled in', () => {
  assert.deepEqual(told(schemeOf()), [])
  assert.deepEqual(readScheme(schemeOf()).scheme, {
    id: 'scheme_1',
    name: 'scheme_1',
    kind: 'payment',
    time_zone: 'UTC',
    rules: [
      {
        id: 'r1',
        name: 'r1',
        active: true,
        conditions: {},
        strategy: priority(1, 2, 3),
        cascade: {},
        on_empty: 'fail',
      },
    ],
    on_no_rule: 'fail',
  })
})

test('cost and conversion keep their options', () => {
  const cost = { ...priority(1, 2, 3), type: 'cost', then: 'conversion', tolerance_percent: 10 }
  assert.deepEqual(readScheme(withStrategy(cost)).scheme?.rules[0]?.strategy, cost)
  const conversion = { ...priority(1, 2, 3), type: 'conversion', explore_percent: 0 }
  assert.deepEqual(told(withStrategy(conversion)), [])
  assert.deepEqual(readScheme(withStrategy(conversion)).scheme?.rules[0]?.strategy, conversion)
  const without = [1, 2, 3].map(
    (id) => `warning rules[0].strategy.routes[${id - 1}]: gateway ${id} has no tariff and comes last`,
  )
  assert.deepEqual(told(withStrategy(cost)), without)
})

test('a full form is read as it stands', () => {
  const rule: Rule = {
    id: 'r1',
    name: 'Large',
    active: true,
    conditions: { field: 'amount', op: 'gt', value: 1000 },
    strategy: { type: 'weight', routes: [1, 2, 3].map((gateway_id) => ({ gateway_id, weight: gateway_id })) },
    cascade: {
      cascading: true,
      max_attempts: 2,
      time_budget_s: 10,
      cascade_on_acquirer_risk: true,
      excluded_routes: [3],
      class_overrides: [{ kind: 'network_code', code: '05', class: 'never' }],
    },
    on_empty: 'next_rule',
  }
  const written = {
    id: 's',
    name: 'S',
    kind: 'payment',
    time_zone: 'Europe/Kyiv',
    rules: [rule],
    on_no_rule: priority(1),
  }
  assert.deepEqual(readScheme(written), { scheme: written, findings: [] })
})

const errors: readonly [what: string, written: unknown, pattern: RegExp][] = [
  ['no object', [], /^error : a scheme is an object$/],
  ['no id', schemeOf({ id: undefined }), /^error id: an id is/],
  ['an id with a dot', schemeOf({ id: 'a.v1' }), /^error id: an id is/],
  ['the id that stands for no scheme', schemeOf({ id: 'none' }), /stands for an account without a scheme/],
  ['a name of 101 characters', schemeOf({ name: 'x'.repeat(101) }), /^error name: /],
  ['an unknown kind', schemeOf({ kind: 'refund' }), /^error kind: /],
  ['an unknown time zone', schemeOf({ time_zone: 'Mars/Olympus' }), /^error time_zone: /],
  ['a misspelt key', schemeOf({ on_norule: 'fail' }), /"on_norule" is not known here/],
  ['no rules', schemeOf({ rules: undefined }), /^error rules: rules are a list$/],
  ['201 rules', schemeOf({ rules: Array(201).fill(ruleOf()) }), /201 rules, at most 200/],
  ['a rule that is none', schemeOf({ rules: ['x'] }), /^error rules\[0\]: a rule is an object$/],
  ['two rules of one id', schemeOf({ rules: [ruleOf(), ruleOf()] }), /two rules have the id r1/],
  ['a misspelt key of a rule', schemeOf({ rules: [ruleOf({ on_emtpy: 'fail' })] }), /"on_emtpy" is not known/],
  ['an odd on_empty', schemeOf({ rules: [ruleOf({ on_empty: 'stop' })] }), /rules\[0\]\.on_empty: /],
  ['active as text', schemeOf({ rules: [ruleOf({ active: 'yes' })] }), /rules\[0\]\.active: /],
  [
    'a bad condition',
    schemeOf({ rules: [ruleOf({ conditions: { all: [{ field: 'amont', op: 'gt', value: 1 }] } })] }),
    /^error rules\[0\]\.conditions\.all\[0\]: there is no field "amont"$/,
  ],
  ['no strategy', withStrategy(undefined), /a strategy is an object/],
  ['an unknown strategy', withStrategy({ ...priority(1), type: 'random' }), /one of direct, priority, weight/],
  ['a strategy without routes', withStrategy(priority()), /needs a route/],
  ['direct over two', withStrategy({ ...priority(1, 2), type: 'direct' }), /direct takes exactly one route/],
  ['a route twice', withStrategy(priority(1, 2, 1)), /gateway 1 is there twice/],
  ['weights of 0', withStrategy(weight(0, 0)), /the weights sum to 0/],
  ['a weight above 1000', withStrategy(weight(1, 1001)), /routes\[1\]: weight is a whole number/],
  ['a broken weight', withStrategy(weight(0.5, 1)), /routes\[0\]: weight is a whole number/],
  ['no weight', withStrategy({ ...priority(1), type: 'weight' }), /weight is a whole number/],
  ['a weight where none counts', withStrategy({ ...weight(1), type: 'priority' }), /"weight" is not known/],
  ['an option of another strategy', withStrategy({ ...priority(1), then: 'cost' }), /"then" is not known/],
  [
    'a second that is the first',
    withStrategy({ ...priority(1), type: 'cost', then: 'cost' }),
    /then is one of conversion, priority$/,
  ],
  [
    'an unknown second',
    withStrategy({ ...priority(1), type: 'conversion', then: 'weight' }),
    /then is one of cost, priority$/,
  ],
  [
    'a tolerance of 101',
    withStrategy({ ...priority(1), type: 'cost', then: 'priority', tolerance_percent: 101 }),
    /from 0 to 100/,
  ],
  [
    'a tolerance alone',
    withStrategy({ ...priority(1), type: 'cost', tolerance_percent: 5 }),
    /a tolerance needs a then/,
  ],
  [
    'exploring by cost',
    withStrategy({ ...priority(1), type: 'cost', explore_percent: 5 }),
    /"explore_percent" is not known/,
  ],
  ['exploring too much', withStrategy({ ...priority(1), type: 'conversion', explore_percent: 21 }), /from 0 to 20/],
  ['a gateway that is no number', withStrategy(priority('1' as unknown as number)), /names its gateway_id/],
  ['a gateway that does not exist', withStrategy(priority(1, 9)), /routes\[1\]: there is no gateway 9$/],
  ['the same for on_no_rule', schemeOf({ on_no_rule: priority(9) }), /^error on_no_rule.routes\[0\]: there is no/],
  ['routes of another kind', schemeOf({ kind: 'payout' }), /gateway 1 is for payments, the scheme for payouts/],
  ['a setting that is none', schemeOf({ rules: [ruleOf({ cascade: { retries: 1 } })] }), /"retries" is not known/],
  ['too many attempts', schemeOf({ rules: [ruleOf({ cascade: { max_attempts: 21 } })] }), /cascade\.max_attempts/],
  ['no time', schemeOf({ rules: [ruleOf({ cascade: { time_budget_s: 0 } })] }), /cascade\.time_budget_s/],
  [
    'an unknown class',
    schemeOf({
      rules: [ruleOf({ cascade: { class_overrides: [{ kind: 'network_code', code: '05', class: 'soft' }] } })],
    }),
    /cascade\.class_overrides/,
  ],
]
for (const [what, written, pattern] of errors) {
  test(`error: ${what}`, () => {
    const lines = told(written)
    assert.ok(
      lines.some((line) => pattern.test(line)),
      lines.join('\n'),
    )
    assert.equal(validateScheme(written, world()).scheme, null)
  })
}

test('error: a route of the other mode than the conditions want', () => {
  const rule = (value: boolean) => ruleOf({ conditions: { all: [{ field: 'test', op: 'eq', value }] } })
  assert.deepEqual(told(schemeOf({ rules: [rule(true)] })), [])
  const lines = told(schemeOf({ rules: [rule(false)] }))
  assert.equal(lines.length, 3)
  assert.match(lines[0] ?? '', /^error rules\[0\]\.strategy\.routes\[0\]: gateway 1 is for test payments/)
})

test('warning: a rule below one that always holds', () => {
  const rules = (first: object) => schemeOf({ rules: [ruleOf(first), ruleOf({ id: 'r2' })] })
  const unreachable = ['warning rules[1]: unreachable: rule r1 always holds']
  for (const conditions of [{}, { all: [] }, { any: [{ field: 'test', op: 'eq', value: true }, {}] }])
    assert.deepEqual(told(rules({ conditions })), unreachable)
  assert.deepEqual(told(rules({ active: false })), [])
  assert.deepEqual(told(rules({ on_empty: 'next_rule' })), [], 'without a route the next rule has its turn')
  assert.deepEqual(told(rules({ conditions: { not: { field: 'test', op: 'is_empty' } } })), [])
})

test('warning: a gateway that is not there to be called', () => {
  const at = 'warning rules[0].strategy.routes[0]: gateway 1'
  assert.deepEqual(told(schemeOf(), world({ status: 'draining' })), [`${at} is draining`])
  assert.deepEqual(told(schemeOf(), world({ installed: false })), [`${at}: connector bank is not installed`])
  assert.deepEqual(told(schemeOf(), world({ misconfigured: 'bad credentials' })), [`${at}: bad credentials`])
})

test('warning: a gateway without the currency or method of the conditions', () => {
  const under = (conditions: object) => told(schemeOf({ rules: [ruleOf({ conditions })] }))
  const currency = (value: unknown, op = 'eq') => ({ field: 'currency', op, value })
  assert.deepEqual(under(currency('usd')), [])
  assert.equal(under(currency('JPY')).length, 3)
  assert.match(under(currency(['USD', 'JPY', 'PLN'], 'in'))[0] ?? '', /^warning .*gateway 1 does not take JPY, PLN$/)
  assert.equal(under({ any: [currency('JPY'), currency('USD')] }).length, 3)
  assert.deepEqual(under({ any: [currency('JPY'), { field: 'test', op: 'eq', value: true }] }), [])
  assert.deepEqual(under({ all: [currency(['JPY', 'USD'], 'in'), currency('USD')] }), [])
  assert.deepEqual(under({ not: currency('JPY') }), [])
  assert.match(under({ field: 'method', op: 'eq', value: 'paypal' })[0] ?? '', /does not take the method PAYPAL$/)
})

test('warning: fewer routes than attempts', () => {
  const at = 'warning rules[0].strategy:'
  assert.deepEqual(told(withStrategy(priority(1, 2))), [`${at} 2 routes for 3 attempts`])
  assert.deepEqual(told(withStrategy(priority(1, 2)), world({}, 2)), [])
  assert.deepEqual(told(withStrategy(weight(1, 0, 0))), [`${at} 1 route for 3 attempts`])
  const single = (cascade: object) => told(schemeOf({ rules: [ruleOf({ strategy: priority(1), cascade })] }))
  assert.deepEqual(single({ max_attempts: 2 }), [`${at} 1 route for 2 attempts`])
  assert.deepEqual(single({ max_attempts: 1 }), [])
  assert.deepEqual(single({ cascading: false }), [])
})

test('a warning does not forbid publishing, and a rule that is off is not looked at', () => {
  assert.notEqual(validateScheme(schemeOf(), world({ status: 'off' })).scheme, null)
  assert.deepEqual(told(schemeOf({ rules: [ruleOf({ active: false, strategy: priority(9) })] })), [])
})
