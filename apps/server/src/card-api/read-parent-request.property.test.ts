import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type JsonObject, type JsonValue, parseBody } from '../http/json.ts'
import { type Errors, messageOf } from './errors.ts'
import { readParentRequest } from './read-parent-request.ts'
import { mistakes, withField } from './sample-mistakes.ts'
import { refusalOf, sampleNow, shopWith } from './sample-requests.ts'

const shop = shopWith()
const fields = [...new Set(mistakes.map(([path]) => path))]
const anyJson = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(0, -0, 1e300, 1e-7, 9_007_199_254_740_993n.toString(), '\u0000', '__proto__', '\ud800'),
) as fc.Arbitrary<JsonValue>

/** The body as text with the value in place; keys that reach prototypes are refused before any reader. */
function parsed(request: object): JsonObject {
  return parseBody(JSON.stringify({ request }).replaceAll('__proto__', 'proto'))
}

test('any value in any field is either accepted or named among the errors, and nothing else is', () => {
  fc.assert(
    fc.property(fc.constantFrom(...fields), anyJson, fc.boolean(), (path, value, testing) => {
      const body = parsed({ ...withField(path, value), test: path === 'test' ? value : testing })
      const refused = refusalOf(() => readParentRequest(body, shop, sampleNow))
      if (!refused) return
      assert.equal(refused.http, 422)
      const [first = '', second] = path.split('.')
      assert.deepEqual(Object.keys(refused.errors ?? {}), [first])
      const inner = refused.errors?.[first]
      // An expiry is one field to the merchant, and an address its owner's country.
      if (second && !Array.isArray(inner)) {
        const named = Object.keys(inner as Errors)
        assert.deepEqual(named, [path.startsWith('credit_card.exp_') && named[0] === 'date' ? 'date' : second])
      }
    }),
    { numRuns: 2000 },
  )
})

test('any request at all is answered, the same every time, and the message holds every text', () => {
  const request = fc.record(
    Object.fromEntries(
      [...new Set(fields.map((path) => path.split('.', 1)[0] as string))].map((name) => [
        name,
        fc.oneof(anyJson, fc.dictionary(fc.constantFrom(...fields.map((path) => path.split('.')[1] ?? path)), anyJson)),
      ]),
    ),
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(request, (fields) => {
      const body = parsed(fields)
      const once = refusalOf(() => readParentRequest(body, shop, sampleNow))
      assert.deepEqual(
        refusalOf(() => readParentRequest(body, shop, sampleNow)),
        once,
      )
      if (!once?.errors) return
      assert.equal(once.message, messageOf(JSON.parse(JSON.stringify(once.errors))))
      for (const text of textsIn(once.errors)) assert.ok(once.message?.includes(text))
    }),
    { numRuns: 1000 },
  )
})

function textsIn(errors: Errors): string[] {
  return Object.values(errors).flatMap((inner) => (Array.isArray(inner) ? inner : textsIn(inner as Errors)))
}
