import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { numberText, parseBody, parseJson } from './json.ts'
import { Problem } from './problem.ts'

function refused(text: string, detail: RegExp): void {
  assert.throws(
    () => parseBody(text),
    (error) => error instanceof Problem && error.status === 400 && detail.test(error.detail ?? ''),
    text.slice(0, 80),
  )
}

test('an empty body is an empty object', () => {
  for (const text of ['', ' ', '\r\n\t']) assert.deepEqual(parseBody(text), {})
})

test('what is no JSON object is refused', () => {
  for (const text of ['{', 'x', "{'a':1}", '{"a":1,}', '{"a":NaN}', '{"a":01}', '{}{}', '\u0000', 'a=1&b=2'])
    refused(text, /not valid JSON/)
  for (const text of ['[]', '1', '1e400', '"a"', 'null', 'true', '[{"a":1}]']) refused(text, /must be a JSON object/)
})

test('keys that reach prototypes are refused in every spelling and at every depth', () => {
  for (const text of [
    '{"__proto__":{"admin":true}}',
    '{"a":[{"__proto__":1}]}',
    '{"\\u005f_proto__":null}',
    '{"constructor":{"prototype":{"a":1}}}',
    '{"data":{"attributes":{"constructor":{"prototyp\\u0065":null}}}}',
  ])
    refused(text, /not allowed/)
  assert.deepEqual(Object.keys(parseBody('{"constructor":"Ltd","prototype":1,"a":"__proto__"}')), [
    'constructor',
    'prototype',
    'a',
  ])
})

test('nesting ends at 100 levels, however deep the text goes', () => {
  const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`
  assert.ok(parseBody(nested(100)))
  refused(nested(101), /too deeply/)
  refused(`{"a":${'['.repeat(500_000)}${']'.repeat(500_000)}}`, /too deeply|not valid JSON/)
})

test('numbers keep their own text in both directions', () => {
  const text = '{"a":10.00,"b":12345678901234567890.12,"c":1E+2,"d":0.1,"e":-0,"f":1e400,"g":100}'
  const body = parseBody(text)
  assert.deepEqual(
    Object.values(body).map((value) => numberText(value)),
    ['10.00', '12345678901234567890.12', '1E+2', '0.1', '-0', '1e400', '100'],
  )
  assert.equal(JSON.stringify(body), text)
})

test('whatever stands around a number, its text survives', () => {
  const digits = fc.stringMatching(/^(0|[1-9][0-9]{0,20})$/)
  const end = fc.stringMatching(/^(\.[0-9]{1,4})?([eE][+-]?[0-9]{1,3})?$/)
  const number = fc.tuple(fc.constantFrom('', '-'), digits, end).map((parts) => parts.join(''))
  const space = fc.constantFrom('', ' ', '\n', '\t\r ')
  const wrapped = fc.constantFrom<[string, string]>(
    ['', ''],
    ['[', ']'],
    ['{"a":', '}'],
    ['[1,', ',2]'],
    ['["x 1",{"b":[', ']}]'],
  )
  fc.assert(
    fc.property(number, space, space, wrapped, (text, left, right, [open, close]) => {
      const written = `${open}${text}${close}`
      assert.equal(JSON.stringify(parseJson(`${open}${left}${text}${right}${close}`)), written)
    }),
  )
})

test('any JSON value survives parsing and writing', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const text = JSON.stringify(value)
      assert.equal(JSON.stringify(parseJson(text)), text)
    }),
    { numRuns: 300 },
  )
})

test('no text makes parsing fail in another way than a problem', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '1e999', '\\u0000', '__proto__'),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      try {
        parseBody(pieces.join(''))
      } catch (error) {
        assert.ok(error instanceof Problem && error.status === 400)
      }
    }),
    { numRuns: 500 },
  )
})
