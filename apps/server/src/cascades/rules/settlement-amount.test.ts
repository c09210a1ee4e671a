import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sentRate, settlementMinor } from './settlement-amount.ts'

const vectors: readonly [amount_minor: bigint, rate: string, scale: number, settlement: bigint][] = [
  [390000n, '85.5', 6, 45614036n],
  [390000n, '85.5', 2, 4562n],
  [400000n, '85.5', 6, 46783626n],
  [350000n, '85.5', 6, 40935673n],
  [855000n, '85.5', 6, 100000000n],
  [603000n, '99.12', 6, 60835352n],
  [1n, '85.5', 6, 117n],
  [10000n, '1', 2, 10000n],
]

test('the amounts of the contract, to the last digit', () => {
  for (const [amount_minor, rate, scale, settlement] of vectors)
    assert.equal(settlementMinor({ amount_minor, exponent: 2, rate, scale }), settlement, `${amount_minor} at ${rate}`)
})

test('a settlement amount is the smallest that is worth the payment', () => {
  const rateSteps = fc.bigInt({ min: 1n, max: 10n ** 9n })
  fc.assert(
    fc.property(
      fc.bigInt({ min: 1n, max: 10n ** 14n }),
      rateSteps,
      fc.nat(4),
      fc.nat(8),
      (amount_minor, steps, exponent, scale) => {
        const rate = `${steps / 10000n}.${String(steps % 10000n).padStart(4, '0')}`
        const settlement = settlementMinor({ amount_minor, exponent, rate, scale })
        const worth = (minor: bigint): bigint => minor * steps * 10n ** BigInt(exponent)
        const asked = amount_minor * 10000n * 10n ** BigInt(scale)
        assert.ok(worth(settlement) >= asked)
        assert.ok(worth(settlement - 1n) < asked)
      },
    ),
  )
})

test('a rate of nothing prices nothing', () => {
  assert.throws(() => settlementMinor({ amount_minor: 1n, exponent: 2, rate: '0', scale: 2 }), RangeError)
})

test('the rate sent has its margin and four decimals, rounded down', () => {
  assert.equal(sentRate('84.6535', '1'), '85.5')
  assert.equal(sentRate('84.65356', '0'), '84.6535')
  assert.equal(sentRate('100', '0'), '100')
  assert.equal(sentRate('85.5', '-1.5'), '84.2175')
  assert.equal(sentRate('0.00019', '0'), '0.0001')
  assert.equal(sentRate('0.00001', '0'), null)
})
