import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { JsonNumber, readJsonObject } from './json.ts'

/** What `readJsonObject` should give for a value of JSON.parse, numbers as their double's text. */
function marked(value: unknown, depth: number): unknown {
  if (typeof value === 'number') return new JsonNumber(String(value))
  if (value === null || typeof value !== 'object' || Array.isArray(value) || depth === 0) return value
  return new Map(Object.entries(value).map(([name, inner]) => [name, marked(inner, depth - 1)]))
}

const scalar = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom('"', '\\', '"5"', '\\"1', 'n1', 's', '-0.5e3'),
)
const flat = fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', '1', 'a"1')), scalar)

test('members are those of JSON.parse, numbers as their text', () => {
  fc.assert(
    fc.property(flat, flat, (top, data) => {
      const text = JSON.stringify({ ...top, data })
      assert.deepEqual(readJsonObject(text), marked(JSON.parse(text), 2))
    }),
  )
})

test('a number keeps every digit', () => {
  const members = readJsonObject('{"a": 3900.00, "b": 0.1000000000000000055511151231257827, "c":-1e+400}')
  const texts = [...(members?.values() ?? [])].map((value) => (value as JsonNumber).text)
  assert.deepEqual(texts, ['3900.00', '0.1000000000000000055511151231257827', '-1e+400'])
})

test('anything but an object is null, however it is broken', () => {
  for (const text of ['', ' ', '[]', '1', '"a"', 'null', '{', '{"a":01}', '{"a":1,}', "{'a':1}", '{"a":NaN}', '{}x']) {
    assert.equal(readJsonObject(text), null, text)
  }
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void readJsonObject(text)))
})

test('nesting beyond every stack is read without harm', () => {
  const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`
  assert.ok(readJsonObject(`{"data":${deep}}`)?.has('data'))
})
