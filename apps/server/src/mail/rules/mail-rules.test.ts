import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isLoopback } from './is-loopback.ts'
import { nextTryAt } from './next-try.ts'
import { oneLine } from './one-line.ts'
import { isPermanent } from './read-failure.ts'

const day_ms = 86_400_000

test('tries go further apart, an hour at most, and end within a day', () => {
  const pauses = [1, 2, 3, 4, 5, 6, 7, 8, 50].map((attempts) => nextTryAt(attempts, 0, 0))
  assert.deepEqual(
    pauses.map((next) => next && next / 60_000),
    [1, 2, 4, 8, 16, 32, 60, 60, 60],
  )
  assert.equal(nextTryAt(1, 0, day_ms - 60_000), day_ms)
  assert.equal(nextTryAt(1, 0, day_ms - 59_999), null)
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), fc.nat(2 * day_ms), (attempts, ended) => {
      const next = nextTryAt(attempts, 0, ended)
      assert.ok(next === null ? ended > day_ms - 3_600_000 : next > ended && next <= day_ms)
    }),
  )
})

test('whatever a name is, it stays in one line and within its length', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.integer({ min: 1, max: 80 }), (text, length_max) => {
      const line = oneLine(text, length_max)
      assert.doesNotMatch(line, /[\p{Cc}\p{Zl}\p{Zp}]/u)
      assert.ok([...line].length <= length_max)
      assert.ok(line.isWellFormed())
    }),
  )
  assert.equal(oneLine(' Harbour\r\n Books ', 80), 'Harbour Books')
  assert.equal(oneLine('Harbour Books', 8), 'Harbour…')
  assert.equal(oneLine('half \ud800', 8), 'half �')
})

test('only a no about the mail itself is for ever', () => {
  const cases: [code: string | null, response_code: number | null, permanent: boolean][] = [
    ['EENVELOPE', 550, true],
    ['EMESSAGE', 554, true],
    ['EENVELOPE', 450, false],
    ['EMESSAGE', 451, false],
    ['EAUTH', 535, false],
    ['EENVELOPE', 530, false],
    ['EPROTOCOL', 554, false],
    ['ECONNECTION', null, false],
    ['EENVELOPE', null, false],
    [null, null, false],
  ]
  for (const [code, response_code, permanent] of cases)
    assert.equal(isPermanent({ code, response_code }), permanent, `${code} ${response_code}`)
})

test('only this machine is loopback', () => {
  for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '::1']) assert.equal(isLoopback(host), true, host)
  for (const host of ['mail.example.com', '128.0.0.1', '127.0.0.1.example.com', '10.0.0.1', 'localhost.example.com'])
    assert.equal(isLoopback(host), false, host)
})
