import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Conditions, operators } from '../scheme.ts'
import { compileConditions, firstFalseLeaf } from './conditions.ts'
import { fieldNames, findField } from './facts.ts'
import { depth_max, leaves_max, list_max, operatorsOf, readConditions } from './read-conditions.ts'
import { asked } from './sample-routing.ts'

function read(written: unknown): { tree: Conditions | null; errors: string[] } {
  const errors: string[] = []
  const tree = readConditions(written, 'conditions', (path, message) => errors.push(`${path}: ${message}`))
  return { tree, errors }
}

function refused(written: unknown, pattern: RegExp): void {
  const { tree, errors } = read(written)
  assert.equal(tree, null)
  assert.match(errors.join('\n'), pattern)
}

const usd = { field: 'currency', op: 'eq', value: 'USD' }

test('a good tree is read as it was written', () => {
  for (const tree of [
    {},
    usd,
    { all: [usd, {}] },
    { any: [usd, { not: { field: 'ip', op: 'in', value: ['10.0.0.0/8', '2001:db8::1'] } }] },
    { field: 'amount', op: 'between', value: [1, '900719925474099301'] },
    { field: 'metadata.plan', op: 'is_empty' },
    { field: 'card.token_used', op: 'eq', value: true },
  ])
    assert.deepEqual(read(tree), { tree, errors: [] })
})

test('five levels and fifty leaves are the most', () => {
  const nested = (levels: number): unknown => (levels === 1 ? usd : { not: nested(levels - 1) })
  assert.deepEqual(read(nested(depth_max)).errors, [])
  refused(nested(depth_max + 1), /deeper than 5 levels/)
  const wide = (leaves: number) => ({
    any: [{ all: Array(leaves - 10).fill(usd) }, { all: Array(10).fill(usd) }],
  })
  assert.deepEqual(read(wide(leaves_max)).errors, [])
  refused(wide(leaves_max + 1), /51 leaves, at most 50/)
  const list = (length: number) => ({ field: 'card.bin', op: 'in', value: Array(length).fill('420000') })
  assert.deepEqual(read(list(list_max)).errors, [])
  refused(list(list_max + 1), /a list of 1 to 1000/)
})

test('a text nested a hundred thousand times is refused without a fall', () => {
  let deep: unknown = usd
  for (let i = 0; i < 100_000; i += 1) deep = { all: [deep] }
  refused(deep, /deeper than 5 levels/)
})

test('shapes that are none', () => {
  for (const written of [null, 'x', 7, [], [usd]]) refused(written, /conditions are an object/)
  refused({ any: [] }, /never holds/)
  refused({ all: usd }, /takes a list/)
  refused({ all: [usd], any: [usd] }, /stands alone/)
  refused({ not: usd, field: 'currency' }, /stands alone/)
  refused({ all: [usd, 'x'] }, /all\[1\]: conditions are an object/)
  refused({ ...usd, extra: 1 }, /"extra" is not known/)
})

test('fields and operators that are none', () => {
  for (const field of ['amounts', '', 'toString', '__proto__', 'metadata.', 7, undefined])
    refused({ field, op: 'eq', value: 'x' }, /there is no field/)
  for (const op of ['like', 'EQ', '', null, undefined]) refused({ ...usd, op }, /there is no operator/)
})

const wrongValues: readonly [written: object, pattern: RegExp][] = [
  [{ field: 'currency', op: 'eq' }, /eq takes a text/],
  [{ field: 'currency', op: 'eq', value: 7 }, /eq takes a text/],
  [{ field: 'card.bin', op: 'eq', value: 420000 }, /eq takes a text/],
  [{ field: 'currency', op: 'eq', value: ['USD'] }, /eq takes a text/],
  [{ field: 'currency', op: 'in', value: 'USD' }, /in takes a list/],
  [{ field: 'currency', op: 'in', value: [] }, /a list of 1 to 1000/],
  [{ field: 'currency', op: 'in', value: ['USD', 7] }, /every item of in/],
  [{ field: 'currency', op: 'is_empty', value: true }, /takes no value/],
  [{ field: 'amount', op: 'gt', value: 10.5 }, /whole number/],
  [{ field: 'amount', op: 'gt', value: '10.5' }, /whole number/],
  [{ field: 'amount', op: 'gt', value: 2 ** 53 }, /whole number/],
  [{ field: 'amount', op: 'between', value: [1] }, /two ends/],
  [{ field: 'amount', op: 'between', value: [1, 2, 3] }, /two ends/],
  [{ field: 'amount', op: 'between', value: ['10', 9] }, /lower end first/],
  [{ field: 'hour', op: 'between', value: [9, 8] }, /lower end first/],
  [{ field: 'hour', op: 'eq', value: '9' }, /a number/],
  [{ field: 'test', op: 'eq', value: 'true' }, /true or false/],
  [{ field: 'test', op: 'in', value: [true] }, /in does not go with test/],
  [{ field: 'currency', op: 'gt', value: 'USD' }, /gt does not go with currency/],
  [{ field: 'ip', op: 'eq', value: '10.0.0.0/8' }, /an IP address/],
  [{ field: 'ip', op: 'in', value: ['10.0.0.0/33'] }, /every item of in is an IP address/],
  [{ field: 'ip', op: 'eq', value: '0x7f.1' }, /an IP address/],
]
for (const [written, pattern] of wrongValues) {
  test(`${JSON.stringify(written)} is refused`, () => refused(written, pattern))
}

test('what is read compiles and is decided, whatever the payment', () => {
  const leaf = fc.constantFrom(...fieldNames, 'metadata.plan').chain((field) => {
    const type = findField(field)!.type
    const one: fc.Arbitrary<unknown> = {
      amount: fc.oneof(fc.maxSafeInteger(), fc.constantFrom('0', '-5', '999999999999999999')),
      number: fc.integer(),
      text: fc.string(),
      code: fc.string(),
      flag: fc.boolean(),
      address: fc.ipV4(),
    }[type]
    return fc.constantFrom(...operatorsOf(type)).chain((op): fc.Arbitrary<object> => {
      if (op === 'is_empty' || op === 'not_empty') return fc.constant({ field, op })
      const list = op === 'in' || op === 'not_in'
      if (op === 'between') return fc.constant({ field, op, value: [1, 2] })
      return (list ? fc.array(one, { minLength: 1, maxLength: 4 }) : one).map((value) => ({ field, op, value }))
    })
  })
  const tree = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 2 },
      leaf,
      fc.record({ all: fc.array(tie('tree'), { maxLength: 3 }) }),
      fc.record({ any: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ not: tie('tree') }),
    ),
  })).tree
  fc.assert(
    fc.property(tree, fc.boolean(), (written, empty) => {
      const { tree: conditions, errors } = read(written)
      assert.deepEqual(errors, [])
      const facts = empty ? { card: null, customer: null, metadata: null, ip: null, country: null } : {}
      const holds = compileConditions(conditions!)(asked(facts))
      const deciding = firstFalseLeaf(conditions!, asked(facts))
      if (holds) assert.equal(deciding, null)
      else if (deciding) assert.equal(compileConditions(deciding)(asked(facts)), deciding.negated === true)
    }),
  )
})

test('any text gives a tree or an error, never both, never an exception', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(...operators), (value, op) => {
      for (const written of [value, { all: [value] }, { field: 'amount', op, value }, { field: 'ip', op, value }]) {
        const { tree, errors } = read(written)
        assert.equal(tree === null, errors.length > 0)
        if (tree) compileConditions(tree)(asked())
      }
    }),
  )
})
