import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Fields } from './fields.ts'
import { type JsonObject, parseBody } from './json.ts'
import { InvalidFields } from './problem.ts'

/** What reading gives, and what `check` says. */
function read<T>(attributes: JsonObject, reading: (fields: Fields) => T): { value: T; errors: Record<string, string> } {
  const fields = new Fields(attributes)
  const value = reading(fields)
  try {
    fields.check()
    return { value, errors: {} }
  } catch (error) {
    assert.ok(error instanceof InvalidFields)
    return { value, errors: { ...error.fields } }
  }
}

const blank = 'This value should not be blank.'
const typeString = 'This value should be of type string.'
const typeObject = 'This value should be of type object.'
const invalid = 'This value is not valid.'

test('text: every rule, in the order of the contract', () => {
  const table: [unknown, Parameters<Fields['text']>[1], string | null, string | null][] = [
    [undefined, {}, null, null],
    [null, {}, null, null],
    [undefined, { required: true }, null, blank],
    [null, { required: true }, null, blank],
    ['', { required: true }, null, blank],
    [' \t', { required: true }, null, blank],
    ['', { min: 1 }, null, blank],
    ['', {}, '', null],
    [5, {}, null, typeString],
    [true, { numbers: true }, null, typeString],
    [{}, { required: true }, null, typeString],
    [5, { numbers: true }, '5', null],
    [' a ', {}, ' a ', null],
    [' a ', { trim: true }, 'a', null],
    ['  ', { trim: true, min: 1 }, null, blank],
    ['a\0b', {}, null, invalid],
    ['\ud800', {}, null, invalid],
    ['abc', { max: 3 }, 'abc', null],
    ['abcd', { max: 3 }, null, 'This value is too long. The limit is 3 characters.'],
    ['a', { min: 2 }, null, 'This value is too short. The minimum is 2 characters.'],
    ['💶💶💶', { max: 3 }, '💶💶💶', null],
  ]
  for (const [sent, rules, value, message] of table) {
    const attributes = sent === undefined ? {} : ({ f: sent } as JsonObject)
    const expected = { value, errors: message === null ? {} : { f: message } }
    assert.deepEqual(
      read(attributes, (fields) => fields.text('f', rules)),
      expected,
      JSON.stringify([sent, rules]),
    )
  }
})

test('a number taken as text keeps its literal', () => {
  const attributes = parseBody('{"reference_id":100000000000000000001.50}')
  assert.equal(new Fields(attributes).text('reference_id', { numbers: true }), '100000000000000000001.50')
})

test('booleans in all their spellings, and nothing else', () => {
  for (const sent of [true, 'true', '1', 1])
    assert.equal(read({ f: sent }, (fields) => fields.boolean('f')).value, true)
  for (const sent of [false, 'false', '0', 0])
    assert.equal(read({ f: sent }, (fields) => fields.boolean('f')).value, false)
  for (const sent of ['yes', 'TRUE', '', 2, -1, {}, []]) {
    assert.deepEqual(
      read({ f: sent } as JsonObject, (fields) => fields.boolean('f')),
      { value: null, errors: { f: 'This value should be of type bool.' } },
    )
  }
  assert.deepEqual(
    read({ f: null }, (fields) => fields.boolean('f')),
    { value: null, errors: {} },
  )
})

test('objects: a map, or an empty list for an empty map', () => {
  assert.deepEqual(read({ f: { a: 1 } }, (fields) => fields.object('f')).value, { a: 1 })
  assert.deepEqual(read({ f: [] }, (fields) => fields.object('f')).value, {})
  for (const sent of ['x', 1, true, [1]]) {
    assert.deepEqual(
      read({ f: sent }, (fields) => fields.object('f')),
      { value: null, errors: { f: typeObject } },
    )
  }
})

test('a metadata map has limits on keys, their length and the whole', () => {
  const keys = (count: number): JsonObject => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i]))
  const map = (f: JsonObject) => read({ f }, (fields) => fields.map('f')).errors
  assert.deepEqual(map(keys(20)), {})
  assert.deepEqual(map(keys(21)), { f: 'This collection should contain no more than 20 elements.' })
  assert.deepEqual(map({ ['k'.repeat(64)]: 1 }), {})
  assert.deepEqual(map({ ['k'.repeat(65)]: 1 }), { f: 'This value is too long. The limit is 64 characters.' })
  assert.deepEqual(map({ a: 'x'.repeat(16_384 - 8) }), {})
  assert.deepEqual(map({ a: 'x'.repeat(16_384 - 7) }), { f: 'This value is too long. The limit is 16384 characters.' })
  assert.deepEqual(map({ a: { b: ['\0'] } }), { f: invalid })
  assert.deepEqual(read({ f: 'x' }, (fields) => fields.map('f')).errors, { f: typeObject })
})

test('metadata comes back as it was sent', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 5 }), (sent) => {
      const text = JSON.stringify({ f: sent })
      fc.pre(!/\\u0000|\\ud[89a-f]|__proto__|constructor/.test(text) && text.length < 10_000)
      assert.equal(JSON.stringify({ f: new Fields(parseBody(text)).map('f') }), text)
    }),
    { numRuns: 200 },
  )
})

test('pairs: a map, a list of key and value, a list of single pairs, numbers by their literal', () => {
  const forms = [
    '{"f":{"a":"x","b":10.50}}',
    '{"f":[{"key":"a","value":"x"},{"key":"b","value":10.50}]}',
    '{"f":[{"a":"x"},{"b":10.50}]}',
    '{"f":[{"a":"x"},{"key":"b","value":10.50}]}',
  ]
  for (const text of forms) {
    const { value, errors } = read(parseBody(text), (fields) => fields.pairs('f'))
    assert.deepEqual([{ ...value }, errors], [{ a: 'x', b: '10.50' }, {}], text)
  }
  assert.deepEqual({ ...read({ f: [] }, (fields) => fields.pairs('f')).value }, {})
  assert.deepEqual({ ...read({ f: { a: null, b: '1' } }, (fields) => fields.pairs('f')).value }, { b: '1' })
  assert.equal(read({}, (fields) => fields.pairs('f')).value, null)
})

test('pairs: what does not fit is told at its key, or at the field when there is no key', () => {
  const errors = (f: unknown) => read({ f } as JsonObject, (fields) => fields.pairs('f')).errors
  assert.deepEqual(errors({ a: true, b: {}, c: 'x' }), { 'f.a': typeString, 'f.b': typeString })
  assert.deepEqual(errors({ a: 'x\0' }), { 'f.a': invalid })
  assert.deepEqual(errors({ a: 'x'.repeat(1001) }), { 'f.a': 'This value is too long. The limit is 1000 characters.' })
  for (const f of ['x', 1, true, ['x'], [['a', 'b']], [{ a: '1', b: '2' }], [{}]])
    assert.deepEqual(errors(f), { f: typeObject })
  assert.deepEqual(errors([{ key: '__proto__', value: 'x' }]), { f: invalid })
  assert.deepEqual(errors(Array.from({ length: 101 }, (_, i) => ({ key: `k${i}`, value: 'v' }))), {
    f: 'This collection should contain no more than 100 elements.',
  })
})

test('a map of pairs has no inherited keys', () => {
  assert.equal(new Fields({ f: {} }).pairs('f')?.constructor, undefined)
})

test('all fields are told together, the first rule of each, in the order of reading', () => {
  const fields = new Fields({ customer: { email: 'nobody', name: 7 }, flow: 'steal' })
  fields.text('service', { required: true })
  fields.oneOf('flow', ['charge', 'verify'])
  fields.email('customer.email')
  fields.text('customer.name')
  fields.fail('service', 'This service does not exist.')
  assert.equal(fields.failed('service'), true)
  assert.throws(
    () => fields.check(),
    (error) => {
      assert.ok(error instanceof InvalidFields)
      assert.deepEqual(Object.entries(error.fields), [
        ['service', blank],
        ['flow', 'This value is not one of the allowed choices.'],
        ['customer.email', 'This value is not a valid email address.'],
        ['customer.name', typeString],
      ])
      return true
    },
  )
})

test('a path below what is no object is simply not sent', () => {
  for (const customer of ['x', 5, [1], null]) {
    const fields = new Fields({ customer })
    assert.equal(fields.text('customer.name'), null)
    assert.equal(fields.has('customer.name'), false)
    fields.check()
  }
  assert.equal(new Fields({}).has('constructor'), false)
  assert.equal(new Fields({ a: null }).has('a'), false)
  assert.equal(new Fields({ a: false }).has('a'), true)
})

test('no reading of any JSON value throws before check', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), (sent) => {
      const fields = new Fields(parseBody(JSON.stringify({ f: sent }).replaceAll('__proto__', 'p')))
      const readings: ((path: string) => unknown)[] = [
        (path) => fields.text(path, { required: true, numbers: true, trim: true, min: 2, max: 3 }),
        (path) => fields.boolean(path),
        (path) => fields.object(path),
        (path) => fields.map(path),
        (path) => fields.pairs(path),
        (path) => fields.amount(path, 2, { required: true }),
        (path) => fields.url(path),
        (path) => fields.callbackUrl(path, { test_mode: false, allow_private: false }),
        (path) => fields.email(path),
        (path) => fields.date(path, { before: new Date(0) }),
        (path) => fields.country(path),
        (path) => fields.time(path),
        (path) => fields.oneOf(path, ['a']),
      ]
      for (const reading of readings) reading('f')
    }),
    { numRuns: 300 },
  )
})
