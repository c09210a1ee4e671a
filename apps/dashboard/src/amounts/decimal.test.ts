import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { compareDecimals, isNegative, readTypedAmount, shownAmount, subtractDecimals } from './decimal.ts'

const scaled = fc.tuple(fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }), fc.integer({ min: 0, max: 12 }))
const write = ([units, scale]: readonly [bigint, number]): string => {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0')
  return `${units < 0n ? '-' : ''}${digits.slice(0, digits.length - scale)}${scale ? `.${digits.slice(-scale)}` : ''}`
}

describe('decimals', () => {
  test('are compared and subtracted as whole numbers of the same unit are', () => {
    fc.assert(
      fc.property(scaled, scaled, (a, b) => {
        const unit = (value: readonly [bigint, number]) => value[0] * 10n ** BigInt(12 - value[1])
        const difference = unit(a) - unit(b)
        assert.equal(compareDecimals(write(a), write(b)), difference < 0n ? -1 : difference > 0n ? 1 : 0)
        assert.equal(compareDecimals(subtractDecimals(write(a), write(b)), write([difference, 12])), 0)
        assert.equal(isNegative(write(a)), a[0] < 0n)
      }),
    )
  })

  test('keep every digit when they are shown', () => {
    fc.assert(
      fc.property(scaled, fc.integer({ min: 0, max: 8 }), (value, decimals_min) => {
        const { sign, whole, fraction } = shownAmount(write(value), ' ', decimals_min)
        assert.ok(fraction.length >= decimals_min)
        assert.match(whole, /^\d{1,3}( \d{3})*$/)
        const again = `${sign}${whole.replaceAll(' ', '')}${fraction === '' ? '' : `.${fraction}`}`
        assert.equal(compareDecimals(again, write(value)), 0)
      }),
    )
  })
})

describe('typed amounts', () => {
  const rows: readonly [typed: string, decimals: number, read: string][] = [
    ['1234.5', 2, '1234.5'],
    ['1234,5', 2, '1234.5'],
    ['1 234,50', 2, '1234.5'],
    ['1\u00a0234\u202f567,89', 2, '1234567.89'],
    ['1,234.50', 2, '1234.5'],
    ['1.234,50', 2, '1234.5'],
    ['1,234,567', 2, '1234567'],
    ['1.234.567', 2, '1234567'],
    ["1'234.5", 2, '1234.5'],
    ['0,123', 6, '0.123'],
    ['1.234', 6, '1.234'],
    ['.5', 2, '0.5'],
    ['007', 2, '7'],
    ['5.', 2, '5'],
    ['123456789012345678901234567890.123456', 6, '123456789012345678901234567890.123456'],
    ['1,234', 6, 'unclear'],
    ['1,234', 2, 'unclear'],
    ['1.234', 2, 'too_many_decimals'],
    ['12,3456', 2, 'too_many_decimals'],
    ['1,23,456', 2, 'not_a_number'],
    ['1.2.3', 2, 'not_a_number'],
    ['1,234,56.7', 2, 'not_a_number'],
    ['', 2, 'empty'],
    ['  ', 2, 'empty'],
    ['abc', 2, 'not_a_number'],
    ['1e5', 2, 'not_a_number'],
    ['Infinity', 2, 'not_a_number'],
    ['0', 2, 'not_positive'],
    ['0.00', 2, 'not_positive'],
    ['-5', 2, 'not_positive'],
  ]
  for (const [typed, decimals, expected] of rows) {
    test(`${JSON.stringify(typed)} is ${expected}`, () => {
      const read = readTypedAmount(typed, decimals)
      assert.equal('amount' in read ? read.amount : read.mistake, expected)
    })
  }

  test('as they are shown are read as what they were', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 20n }), fc.constantFrom(' ', '\u00a0'), (units, separator) => {
        const decimal = write([units, 6])
        const { whole, fraction } = shownAmount(decimal, separator, 6)
        const read = readTypedAmount(`${whole},${fraction}`, 6)
        assert.ok('amount' in read)
        assert.equal(compareDecimals(read.amount, decimal), 0)
      }),
    )
  })

  test('are never anything but a plain decimal above zero', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 0, max: 8 }), (typed, decimals) => {
        const read = readTypedAmount(typed, decimals)
        if ('amount' in read) {
          assert.match(read.amount, /^\d+(\.\d+)?$/)
          assert.equal(compareDecimals(read.amount, '0'), 1)
        }
      }),
    )
  })
})
