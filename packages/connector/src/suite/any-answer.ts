/** Answers that providers should never give, and sometimes do. */
import * as fc from 'fast-check'
import type { SendResult } from '../connector.ts'

type Json = Record<string, unknown>

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    '0',
    '00',
    '05',
    '68',
    '1A',
    0,
    -1,
    1e300,
    true,
    [],
    {},
    'approved',
    'declined',
    'pending',
    'success',
    'paid',
  ),
  fc.constantFrom(
    'javascript:alert(1)',
    'http://user:pass@127.0.0.1/',
    'not a url',
    '\u0000',
    '\ud800',
    'x'.repeat(9000),
  ),
  fc.string(),
  fc.jsonValue({ maxDepth: 2 }),
)

/** Any text: JSON of any kind, a recorded answer with parts replaced, removed or cut off. */
export function anyBody(recorded: readonly string[]): fc.Arbitrary<string> {
  const plain = fc.oneof(
    fc.json(),
    fc.string(),
    fc.constantFrom('', 'null', '[]', '{}', '{"__proto__":{"status":"approved"}}', '['.repeat(5000)),
  )
  if (recorded.length === 0) return plain
  const answer = fc.constantFrom(...recorded)
  const changed = fc
    .tuple(answer, fc.array(fc.tuple(fc.nat(), odd, fc.boolean()), { maxLength: 3 }))
    .map(([body, changes]) => {
      let document = JSON.parse(body) as Json
      for (const [pick, value, remove] of changes) document = withChange(document, pick, value, remove)
      return JSON.stringify(document)
    })
  const cut = fc.tuple(answer, fc.nat()).map(([body, at]) => body.slice(0, at % body.length))
  return fc.oneof({ arbitrary: plain, weight: 1 }, { arbitrary: changed, weight: 4 }, { arbitrary: cut, weight: 1 })
}

export function anyResponse(recorded: readonly string[]): fc.Arbitrary<SendResult> {
  const status = fc.oneof(
    fc.constantFrom(200, 200, 200, 201, 202, 204, 400, 401, 402, 403, 404, 409, 422, 429),
    fc.integer({ min: 200, max: 599 }),
  )
  return fc.record({
    type: fc.constant('response' as const),
    status,
    headers: fc.constant({}),
    body: anyBody(recorded),
  })
}

/** Bodies in which the card's number stands, plain or grouped, alone or within a text. */
export function loudBody(recorded: readonly string[], number: string): fc.Arbitrary<string> {
  const grouped = number.replace(/(\d{4})(?=\d)/g, '$1 ')
  const told = fc.constantFrom(
    number,
    grouped,
    `card ${number} refused`,
    `card ${grouped}!`,
    `${number}`.replace(/(\d{4})(?=\d)/g, '$1-'),
  )
  const answers = recorded.length > 0 ? recorded : ['{"id":"1","reference":"1","error":{"code":"x","text":"y"}}']
  return fc.tuple(fc.constantFrom(...answers), fc.nat(), told).map(([body, pick, text]) => {
    const document = JSON.parse(body) as Json
    return JSON.stringify(withChange(document, pick, text, false))
  })
}

/** Replaces or removes one member, of the document itself or of an object within it. */
function withChange(document: Json, pick: number, value: unknown, remove: boolean): Json {
  const places: [Json, string][] = []
  const visit = (object: Json) => {
    for (const [name, inner] of Object.entries(object)) {
      places.push([object, name])
      if (inner !== null && typeof inner === 'object' && !Array.isArray(inner)) visit(inner as Json)
    }
  }
  visit(document)
  const place = places[pick % Math.max(places.length, 1)]
  if (!place) return document
  const [object, name] = place
  if (remove) delete object[name]
  else object[name] = value
  return document
}
