import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Conditions, type Leaf, type LeafValue, type Operator, operators } from '../scheme.ts'
import { compileConditions, fieldsOf, firstFalseLeaf } from './conditions.ts'
import { fieldNames, findField, type RoutingFacts } from './facts.ts'
import { asked, sampleFacts } from './sample-routing.ts'

const leaf = (field: string, op: Operator, value?: LeafValue): Leaf => ({
  field,
  op,
  ...(value === undefined ? {} : { value }),
})
const holds = (conditions: Conditions, changes: Partial<RoutingFacts> = {}, bucket?: number): boolean =>
  compileConditions(conditions)(asked(changes, bucket))

/** Of every operator: a value with which it holds for 10.00 USD, and one with which it does not. */
const amounts: readonly [Operator, yes: LeafValue | undefined, no: LeafValue | undefined][] = [
  ['eq', 1000, 1001],
  ['ne', 1001, 1000],
  ['in', [1, '1000'], [1, 1001]],
  ['not_in', [1, 1001], [1, '1000']],
  ['gt', 999, 1000],
  ['gte', 1000, 1001],
  ['lt', 1001, 1000],
  ['lte', 1000, 999],
  ['between', [1000, 1001], [1001, 10_052]],
]
for (const [op, yes, no] of amounts) {
  test(`${op} compares amounts exactly`, () => {
    assert.equal(holds(leaf('amount', op, yes)), true)
    assert.equal(holds(leaf('amount', op, no)), false)
  })
}

test('between includes both ends', () => {
  for (const amount_minor of [499n, 500n, 501n, 999n, 1000n, 1001n]) {
    const inside = amount_minor >= 500n && amount_minor <= 1000n
    assert.equal(holds(leaf('amount', 'between', [500, 1000]), { amount_minor }), inside, String(amount_minor))
  }
})

test('amounts beyond a double are compared to the last unit', () => {
  const amount_minor = 900_719_925_474_099_301n
  assert.equal(holds(leaf('amount', 'eq', '900719925474099301'), { amount_minor }), true)
  assert.equal(holds(leaf('amount', 'gt', '900719925474099300'), { amount_minor }), true)
  assert.equal(holds(leaf('amount', 'gte', '900719925474099302'), { amount_minor }), false)
})

test('is_empty holds for what is missing or an empty text, not_empty for all else', () => {
  for (const [email, empty] of [
    [null, true],
    ['', true],
    [' ', false],
    ['a@b.example', false],
  ] as const) {
    const customer = { id: null, email }
    assert.equal(holds(leaf('customer.email', 'is_empty'), { customer }), empty)
    assert.equal(holds(leaf('customer.email', 'not_empty'), { customer }), !empty)
  }
  assert.equal(holds(leaf('card.bin', 'is_empty'), { card: null }), true)
  assert.equal(holds(leaf('test', 'not_empty'), { test: false }), true, 'false is a value')
})

test('on a missing field every operator is false, the opposite ones too, but is_empty', () => {
  const missing: Partial<RoutingFacts> = {
    amount_base_minor: null,
    card: null,
    ip: null,
    country: null,
    customer: null,
    metadata: null,
  }
  const values: Readonly<Record<string, LeafValue>> = {
    amount_base: 1,
    'card.bin': '1',
    'card.cvv_present': true,
    ip: '10.0.0.1',
    country: 'DE',
    'customer.email_domain': 'x',
    'metadata.campaign': 'x',
  }
  for (const [field, value] of Object.entries(values)) {
    const ordered = field === 'amount_base'
    for (const op of operators) {
      if (op === 'is_empty' || op === 'not_empty') {
        assert.equal(holds(leaf(field, op), missing), op === 'is_empty', `${field} ${op}`)
      } else if (ordered || !/^(gt|lt|between)/.test(op)) {
        const given = op === 'in' || op === 'not_in' ? [value as string] : op === 'between' ? [1, 2] : value
        assert.equal(holds(leaf(field, op, given), missing), false, `${field} ${op}`)
      }
    }
  }
  assert.equal(
    holds({ not: leaf('country', 'ne', 'DE') }, missing),
    true,
    'the tree turns it around, the leaf does not',
  )
})

/** Every field with a value it has in the sample. */
const present: Readonly<Record<string, LeafValue>> = {
  amount: 1000,
  amount_base: 900,
  currency: 'USD',
  method: 'payment_card',
  service: 'payment_card_usd_hpp',
  flow: 'hpp',
  operation: 'payment',
  merchant: 'coma_1',
  shop: 361,
  test: true,
  country: 'FR',
  billing_country: 'de',
  three_ds: 'auto',
  merchant_initiated: false,
  ip: '203.0.113.7',
  hour: 10,
  weekday: 1,
  day: 2,
  month: 3,
  day_of_year: 61,
  random_bucket: 0,
  attempt_number: 1,
  'card.brand': 'visa',
  'card.bin': '420000',
  'card.bin8': '42000000',
  'card.issuer_country': 'DE',
  'card.token_used': false,
  'card.cvv_present': true,
  'card.declined_24h': 2,
  'customer.id': 'buyer-1',
  'customer.email': 'Ann@Example.com',
  'customer.email_domain': 'example.com',
}
test('every field is read from the fact it is named after', () => {
  assert.deepEqual(Object.keys(present).sort(), [...fieldNames].sort())
  for (const [field, value] of Object.entries(present)) {
    assert.equal(holds(leaf(field, 'eq', value)), true, field)
    assert.equal(holds(leaf(field, 'ne', value)), false, field)
  }
})

test('metadata is compared as text; what is inherited or nested is missing', () => {
  assert.equal(holds(leaf('metadata.plan', 'eq', 'gold')), true)
  assert.equal(holds(leaf('metadata.seats', 'eq', '3')), true)
  assert.equal(holds(leaf('metadata.trial', 'eq', 'true')), true)
  const metadata = { nested: { a: 1 }, list: [1], nothing: null, exact: JSON.rawJSON('0.10') }
  for (const key of ['toString', 'constructor', '__proto__', 'nested', 'list', 'nothing', 'other'])
    assert.equal(holds(leaf(`metadata.${key}`, 'is_empty'), { metadata }), true, key)
  assert.equal(holds(leaf('metadata.exact', 'eq', '0.10'), { metadata }), true)
  assert.equal(findField('metadata.'), null)
  assert.equal(findField('toString'), null)
})

test('codes are compared without regard to case, other texts with it', () => {
  assert.equal(holds(leaf('currency', 'eq', 'usd')), true)
  assert.equal(holds(leaf('card.issuer_country', 'in', ['us', 'de'])), true)
  assert.equal(holds(leaf('method', 'ne', 'Payment_Card')), false)
  assert.equal(holds(leaf('customer.id', 'eq', 'Buyer-1')), false)
  assert.equal(holds(leaf('card.brand', 'eq', 'VISA')), false)
})

test('addresses match networks, both families, and an IPv4 address inside IPv6', () => {
  const inside = (ip: string | null, ...ranges: string[]): boolean => holds(leaf('ip', 'in', ranges), { ip })
  assert.equal(inside('203.0.113.7', '203.0.113.0/24'), true)
  assert.equal(inside('203.0.114.7', '203.0.113.0/24'), false)
  assert.equal(inside('203.0.113.7', '198.51.100.1', '203.0.113.7'), true)
  assert.equal(inside('::ffff:203.0.113.7', '203.0.113.0/24'), true)
  assert.equal(inside('2001:db8::7', '2001:db8::/32'), true)
  assert.equal(inside('2001:db9::7', '2001:db8::/32'), false)
  assert.equal(inside('not an address', '0.0.0.0/0'), false)
  assert.equal(holds(leaf('ip', 'not_in', ['203.0.113.0/24']), { ip: '198.51.100.1' }), true)
})

test('a tree: all, any, not, nested, empty', () => {
  const [yes, no] = [leaf('currency', 'eq', 'USD'), leaf('currency', 'eq', 'EUR')]
  const cases: readonly [Conditions, boolean][] = [
    [{}, true],
    [{ all: [] }, true],
    [{ all: [yes, yes] }, true],
    [{ all: [yes, no] }, false],
    [{ any: [no, yes] }, true],
    [{ any: [no, no] }, false],
    [{ not: no }, true],
    [{ not: { any: [no, { all: [yes, { not: no }] }] } }, false],
    [{ any: [no, {}] }, true],
  ]
  for (const [conditions, expected] of cases) assert.equal(holds(conditions), expected, JSON.stringify(conditions))
})

test('the first leaf that decided is told, inside a not as negated', () => {
  const [yes, no] = [leaf('currency', 'eq', 'USD'), leaf('amount', 'gt', 20_000)]
  const first = (conditions: Conditions) => firstFalseLeaf(conditions, asked())
  assert.deepEqual(first({ all: [yes, no, leaf('test', 'eq', false)] }), no)
  assert.deepEqual(first({ any: [no, leaf('test', 'eq', false)] }), no)
  assert.deepEqual(first({ all: [{ not: { all: [yes, { not: no }] } }] }), { ...yes, negated: true })
  assert.equal(first({ all: [yes, { not: no }] }), null)
  assert.equal(first({}), null)
})

test('the fields a tree asks for are known', () => {
  const tree: Conditions = {
    all: [leaf('currency', 'eq', 'USD'), { not: { any: [leaf('amount', 'gt', 1), leaf('currency', 'ne', 'EUR')] } }],
  }
  assert.deepEqual(fieldsOf(tree), ['currency', 'amount', 'currency'])
  assert.deepEqual(fieldsOf({}), [])
})

test('the random bucket is drawn only when it is asked for', () => {
  let drawn = 0
  const lazy = {
    facts: sampleFacts,
    randomBucket: () => {
      drawn += 1
      return 42
    },
  }
  const bucket = leaf('random_bucket', 'lt', 50)
  assert.equal(compileConditions({ all: [leaf('currency', 'eq', 'EUR'), bucket] })(lazy), false)
  assert.equal(drawn, 0)
  assert.equal(compileConditions(bucket)(lazy), true)
  assert.equal(drawn, 1)
})

test('what validation would have refused is never compiled', () => {
  const wrong: readonly Conditions[] = [
    leaf('no.such.field', 'eq', 'x'),
    leaf('currency', 'eq'),
    { field: 'currency', op: 'like' as Operator, value: 'x' },
  ]
  for (const conditions of wrong) assert.throws(() => compileConditions(conditions), /a published scheme/)
})
