import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fromMinor, isPositive, readDecimal, toMinor } from './decimal.ts'

for (const [text, plain] of [
  ['3900', '3900'],
  ['3900.0', '3900'],
  ['3900.00', '3900'],
  ['3.9e3', '3900'],
  ['39E+2', '3900'],
  ['85.5', '85.5'],
  ['855e-1', '85.5'],
  ['0.010', '0.01'],
  ['1e-18', '0.000000000000000001'],
  ['-0.0', '0'],
  ['-5.50', '-5.5'],
  ['999999999999999999', '999999999999999999'],
  ['1000000000000000000', null],
  ['1e18', null],
  ['1e-19', null],
  ['1e999', null],
  ['1e-999', null],
  ['1e9999', null],
  ['', null],
  ['.5', null],
  ['5.', null],
  ['+5', null],
  ['0x10', null],
  ['NaN', null],
  ['1,000', null],
  [' 1', null],
  [`0.${'0'.repeat(100)}`, null],
] as const) {
  test(`${JSON.stringify(text)} reads as ${plain}`, () => assert.equal(readDecimal(text), plain))
}

test('every way to write a number reads as the same text', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 12n }),
      fc.integer({ min: 0, max: 6 }),
      fc.nat(4),
      (minor, exponent, zeros) => {
        const plain = fromMinor(minor, exponent)
        const padded = plain.includes('.') ? plain + '0'.repeat(zeros) : `${plain}.${'0'.repeat(zeros + 1)}`
        assert.equal(readDecimal(padded), plain)
        assert.equal(readDecimal(`${minor}e-${exponent}`), plain)
        assert.equal(toMinor(plain, exponent), minor)
      },
    ),
  )
})

test('minor units refuse decimals that the currency does not have', () => {
  assert.equal(toMinor('3900.5', 2), 390050n)
  assert.equal(toMinor('3900.50', 2), 390050n)
  assert.equal(toMinor('-0.05', 2), -5n)
  assert.equal(toMinor('100', 0), 100n)
  assert.throws(() => toMinor('0.001', 2), RangeError)
  assert.throws(() => toMinor('12a', 2), RangeError)
})

test('only what is above zero is positive', () => {
  assert.deepEqual(['0.01', '0', '-1'].map(isPositive), [true, false, false])
})
