import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { readFeedRate, readFeedTime } from './feed-rate.ts'

const rate_of = (text: string, inverted = false): string | null => {
  const read = readFeedRate(text, inverted)
  return 'rate' in read ? read.rate : null
}

for (const [text, straight, inverted] of [
  ['84.6535', '84.6535', '0.011812860661'],
  ['84.65350', '84.6535', '0.011812860661'],
  ['8.46535e1', '84.6535', '0.011812860661'],
  ['0.011813', '0.011813', '84.652501481418'],
  ['1.1813E-2', '0.011813', '84.652501481418'],
  ['007', '7', '0.142857142857'],
  ['3', '3', '0.333333333333'],
  ['0.1234567890129', '0.123456789012', '8.100000072863'],
  ['999999999999999', '999999999999999', null],
  ['1000000000000000', null, null],
  ['1e20', null, null],
  ['0.000000000001', '0.000000000001', '1000000000000'],
  ['0.0000000000009', null, '1111111111111.111111111111'],
  ['0', null, null],
  ['0.000', null, null],
  ['0e5', null, null],
  ['-1', null, null],
  ['-0', null, null],
  ['+1', null, null],
  ['.5', null, null],
  ['5.', null, null],
  ['1,5', null, null],
  ['1 000', null, null],
  ['0x10', null, null],
  ['NaN', null, null],
  ['Infinity', null, null],
  ['', null, null],
  ['1e999', null, null],
  ['1e-99', null, null],
  ['9'.repeat(65), null, null],
] as const) {
  test(`${JSON.stringify(text)} is ${straight}, inverted ${inverted}`, () => {
    assert.equal(rate_of(text), straight)
    assert.equal(rate_of(text, true), inverted)
  })
}

/** Of 10^-12. */
const steps = fc.bigInt({ min: 1n, max: 10n ** 27n - 1n })
const stepsIn = (rate: string): bigint => {
  const [units = '', fraction = ''] = rate.split('.')
  return BigInt(units + fraction.padEnd(12, '0'))
}

/** The number as somebody else may write it: with an exponent, or zeros at either end. */
function spelled(digits: string, exponent: number, zeros: number): string {
  const at = digits.length - 12 - exponent
  const padded = at <= 0 ? '0'.repeat(1 - at) + digits : digits.padEnd(at, '0')
  const point = Math.max(at, 1)
  const fraction = padded.slice(point) + '0'.repeat(zeros)
  const mantissa = fraction === '' ? padded.slice(0, point) : `${padded.slice(0, point)}.${fraction}`
  return exponent === 0 ? mantissa : `${mantissa}e${exponent}`
}

test('every digit that is kept is the one that was written, however it was', () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: -12, max: 12 }), fc.nat(4), (value, exponent, zeros) => {
      const rate = rate_of(spelled(String(value), exponent, zeros))
      assert.ok(rate !== null)
      assert.equal(stepsIn(rate), value)
      assert.match(rate, /^(0|[1-9]\d*)(\.\d*[1-9])?$/)
    }),
  )
})

test('digits beyond the twelfth decimal only ever take something away', () => {
  fc.assert(
    fc.property(steps, fc.stringMatching(/^\d{1,9}$/), (value, more) => {
      const rate = rate_of(spelled(String(value), 0, 0) + more)
      assert.ok(rate !== null)
      assert.equal(stepsIn(rate), value)
    }),
  )
})

test('an inverted rate is the largest whose product with the source is not above one', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 10n ** 24n - 1n }), (value) => {
      const rate = rate_of(spelled(String(value), 0, 0), true)
      assert.ok(rate !== null)
      const one = 10n ** 24n
      assert.ok(stepsIn(rate) * value <= one)
      assert.ok((stepsIn(rate) + 1n) * value > one)
    }),
  )
})

test('any text is a rate above zero or is refused', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9.eE+-]{1,12}$/)), fc.boolean(), (text, inverted) => {
      const rate = rate_of(text, inverted)
      if (rate === null) return
      assert.match(rate, /^\d{1,15}(\.\d{1,12})?$/)
      assert.match(rate, /[1-9]/)
    }),
  )
})

const now_ms = Date.parse('2026-03-02T10:00:00Z')
const minute_ms = 60_000
const fresh_ms = 10 * minute_ms

for (const [text, at] of [
  ['2026-03-02T09:59:00Z', '2026-03-02T09:59:00.000Z'],
  ['2026-03-02T12:59:00.123456+03:00', '2026-03-02T09:59:00.123Z'],
  ['2026-03-02T12:59:00+0300', '2026-03-02T09:59:00.000Z'],
  ['2026-03-02 09:59:00Z', '2026-03-02T09:59:00.000Z'],
  ['2026-03-02T09:59Z', '2026-03-02T09:59:00.000Z'],
  ['1772445540', '2026-03-02T09:59:00.000Z'],
  ['1772445540.5', '2026-03-02T09:59:00.500Z'],
  ['1772445540500', '2026-03-02T09:59:00.500Z'],
  ['2026-03-02T09:50:00Z', '2026-03-02T09:50:00.000Z'],
  ['2026-03-02T10:00:04Z', '2026-03-02T10:00:00.000Z'],
  ['2026-03-02T09:49:59Z', 'the rate is 10 minutes old'],
  ['2026-03-01T10:00:00Z', 'the rate is 1440 minutes old'],
  ['2026-03-02T10:00:06Z', 'the time of the rate lies in the future'],
  ['1772532000', 'the time of the rate lies in the future'],
  ['2026-03-02T10:00:00', 'the time of the rate cannot be read'],
  ['2026-13-02T10:00:00Z', 'the time of the rate cannot be read'],
  ['2026-03-02', 'the time of the rate cannot be read'],
  ['Mon, 02 Mar 2026 09:59:00 GMT', 'the time of the rate cannot be read'],
  ['now', 'the time of the rate cannot be read'],
  ['', 'the time of the rate cannot be read'],
  ['1.77e9', 'the time of the rate cannot be read'],
] as const) {
  test(`the time ${JSON.stringify(text)}: ${at}`, () => {
    const read = readFeedTime(text, now_ms, fresh_ms)
    assert.equal('wrong' in read ? read.wrong : new Date(read.as_of_ms).toISOString(), at)
  })
}
