/** What stands in an answer is read as it is written, wherever it stands and whatever stands beside it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { readFeedAnswer } from './read-feed-answer.ts'

const now = new Date('2026-03-02T10:00:00Z')
const pair = { from: 'USDT', to: 'RUB' }
const plain = { rate_pointer: '/rates/{to}', time_pointer: null, inverted: false }
const read = (body: string, feed: Partial<Parameters<typeof readFeedAnswer>[1]> = {}) => {
  const { from, to, ...found } = readFeedAnswer(body, { ...plain, ...feed }, pair, now)
  assert.deepEqual({ from, to }, pair)
  return found
}

test('a number and decimal text are read, with the time of the answer or its own', () => {
  assert.deepEqual(read('{"rates":{"RUB":84.65350}}'), { rate: '84.6535', as_of: now })
  assert.deepEqual(read('\ufeff{"rates":{"RUB":"84.65350"}}'), { rate: '84.6535', as_of: now })
  assert.deepEqual(read('[{"price":"84"}]', { rate_pointer: '/0/price' }), { rate: '84', as_of: now })
  assert.deepEqual(read('84.6', { rate_pointer: '' }), { rate: '84.6', as_of: now })
  assert.deepEqual(read('{"USDT":{"RUB":2}}', { rate_pointer: '/{from}/{to}', inverted: true }), {
    rate: '0.5',
    as_of: now,
  })
  const timed = read('{"rates":{"RUB":84},"USDT":1772445540}', { time_pointer: '/{from}' })
  assert.deepEqual(timed, { rate: '84', as_of: new Date('2026-03-02T09:59:00Z') })
})

test('a number that no double holds keeps its digits', () => {
  assert.deepEqual(read('{"rates":{"RUB":123456789012345.123456789012}}'), {
    rate: '123456789012345.123456789012',
    as_of: now,
  })
})

for (const [what, body, wrong] of [
  ['no JSON', '<html>', /no JSON/],
  ['half of it', '{"rates":{"RUB":84.6', /no JSON/],
  ['nothing', '', /no JSON/],
  ['a depth that cannot be read', '['.repeat(100_000) + ']'.repeat(100_000), /no JSON|no rate/],
  ['another currency', '{"rates":{"EUR":84.6}}', /no rate in the answer/],
  ['a list', '[84.6]', /no rate in the answer/],
  ['a truth', '{"rates":{"RUB":true}}', /no rate in the answer/],
  ['nothing there', '{"rates":{"RUB":null}}', /no rate in the answer/],
  ['an object', '{"rates":{"RUB":{"rawJSON":"84"}}}', /no rate in the answer/],
  ['a rate of zero', '{"rates":{"RUB":0.0}}', /is 0/],
  ['a rate below zero', '{"rates":{"RUB":-84.6}}', /no decimal number above 0/],
  ['a rate with a comma', '{"rates":{"RUB":"84,6"}}', /no decimal number above 0/],
  ['an endless rate', '{"rates":{"RUB":1e400}}', /no decimal number above 0|too large/],
  ['what every object has', '{"rates":{}}', /no rate in the answer/],
] as const) {
  test(`refused: ${what}`, () => {
    const found = read(body)
    assert.match('wrong' in found ? found.wrong : `read ${found.rate}`, wrong)
  })
}

test('what every object has is nothing that was answered', () => {
  for (const rate_pointer of ['/rates/length', '/__proto__/RUB', '/rates/constructor/name', '/rates/01', '/rates/-'])
    assert.ok('wrong' in read('{"rates":["84"]}', { rate_pointer }), rate_pointer)
  // A long number is kept as an object of its text: there is no way into it.
  assert.ok('wrong' in read('{"rates":{"RUB":84.00}}', { rate_pointer: '/rates/RUB/rawJSON' }))
})

test('no time, and one that is old', () => {
  assert.deepEqual(read('{"rates":{"RUB":84}}', { time_pointer: '/time' }), {
    wrong: 'there is no time in the answer where it should stand',
  })
  assert.deepEqual(read('{"rates":{"RUB":84},"time":"2026-03-02T09:00:00Z"}', { time_pointer: '/time' }), {
    wrong: 'the rate is 60 minutes old',
  })
})

const literal = fc
  .tuple(fc.stringMatching(/^(0|[1-9]\d{0,14})$/), fc.stringMatching(/^\d{0,12}$/))
  .map(([units, fraction]) => (fraction === '' ? units : `${units}.${fraction}`))
  .filter((text) => /[1-9]/.test(text))
const shortest = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text)

test('in any JSON text, the digits that are used are those that stand at the place', () => {
  const beside = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value))
  const name = fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => !/[{}]/.test(text))
  const step = fc.oneof(
    name.map((key) => ({ key })),
    fc.nat(3).map((index) => ({ index })),
  )
  fc.assert(
    fc.property(
      literal,
      fc.boolean(),
      fc.array(step, { maxLength: 5 }),
      beside,
      fc.constantFrom('', ' ', '\n\t'),
      (text, quoted, way, other, gap) => {
        let body = quoted ? `"${text}"` : text
        let rate_pointer = ''
        for (const one of way.toReversed()) {
          if ('key' in one) {
            const key = JSON.stringify(one.key)
            // Of two members with a name the last one counts.
            body = `{${key}:${other},${gap}"${'x'.repeat(20)}":${other},${key}${gap}:${body}${gap}}`
            rate_pointer = `/${one.key.replaceAll('~', '~0').replaceAll('/', '~1')}${rate_pointer}`
          } else {
            body = `[${`${other},${gap}`.repeat(one.index)}${body}${gap},${other}]`
            rate_pointer = `/${one.index}${rate_pointer}`
          }
        }
        assert.deepEqual(read(gap + body, { rate_pointer }), { rate: shortest(text), as_of: now })
      },
    ),
    { numRuns: 500 },
  )
})

test('any text is a rate with its time, or is refused, and nothing is thrown', () => {
  const body = fc.oneof(
    fc.string(),
    fc.json(),
    fc.json().map((text) => `{"rates":{"RUB":${text}}}`),
  )
  fc.assert(
    fc.property(body, fc.boolean(), (text, inverted) => {
      const found = read(text, { inverted })
      if ('wrong' in found) assert.ok(found.wrong.length > 0)
      else assert.match(found.rate, /^\d{1,15}(\.\d{1,12})?$/)
    }),
    { numRuns: 500 },
  )
})
