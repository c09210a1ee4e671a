import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createDraw } from '../terminals/random.ts'
import { createTraders, withWrongCheckDigit } from './trader.ts'

function passesLuhn(number: string): boolean {
  const sum = [...number.replace(/ /g, '')]
    .reverse()
    .map((digit, index) => Number(digit) * (index % 2 === 0 ? 1 : 2))
    .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0)
  return sum % 10 === 0
}

test('a seed always makes the same traders, with numbers of the right form', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const traders = createTraders(3, createDraw(seed, 'desk'))
      assert.deepEqual(traders, createTraders(3, createDraw(seed, 'desk')))
      for (const { numbers } of traders) {
        assert.match(numbers.card, /^\d{4} \d{4} \d{4} \d{4}$/)
        assert.ok(passesLuhn(numbers.card))
        assert.ok(!passesLuhn(withWrongCheckDigit(numbers.card)))
        assert.match(numbers.sbp, /^\+7000\d{7}$/)
        assert.match(numbers.account, /^\d{20}$/)
      }
    }),
  )
})
