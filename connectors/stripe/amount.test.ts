import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { fromStripe, toStripe } from './amount.ts'
import { currencies } from './currencies.ts'

/** Our minor units with our exponent → what Stripe is to be told; `null` = cannot be said there. */
const rows: readonly (readonly [currency: string, exponent: number, minor: bigint, stripe: bigint | null])[] = [
  ['USD', 2, 1000n, 1000n],
  ['USD', 2, 9_007_199_254_740_993n, 9_007_199_254_740_993n],
  ['JPY', 0, 500n, 500n],
  ['KRW', 0, 1n, 1n],
  ['CLP', 0, 990n, 990n],
  // Two decimals in ISO 4217, none at Stripe.
  ['MGA', 2, 50_000n, 500n],
  ['MGA', 2, 50_020n, null],
  ['KWD', 3, 5_120n, 5_120n],
  ['KWD', 3, 5_124n, null],
  ['BHD', 3, 10n, 10n],
  ['TND', 3, 1n, null],
  // No decimals in ISO 4217, two zeros at Stripe.
  ['ISK', 0, 5n, 500n],
  ['UGX', 0, 1n, 100n],
  ['ISK', 2, 550n, null],
  ['HUF', 2, 1045n, 1045n],
  ['TWD', 2, 80_045n, 80_045n],
]

for (const [currency, exponent, minor, stripe] of rows) {
  test(`${minor} minor units of ${currency} with ${exponent} decimals are ${stripe ?? 'not payable'} at Stripe`, () => {
    assert.equal(toStripe(minor, currency, exponent), stripe)
    if (stripe !== null) assert.equal(fromStripe(String(stripe), currency, exponent), minor)
  })
}

test('what can be said at Stripe comes back the same, in every currency', () => {
  const currency = fc.constantFrom(...currencies)
  fc.assert(
    fc.property(currency, fc.constantFrom(0, 2, 3), fc.bigInt(1n, 10n ** 14n), (code, exponent, minor) => {
      const stripe = toStripe(minor, code, exponent)
      if (stripe !== null) assert.equal(fromStripe(String(stripe), code, exponent), minor)
    }),
  )
})

test('amounts of ordinary currencies are never refused', () => {
  fc.assert(
    fc.property(fc.constantFrom('USD', 'EUR', 'GBP', 'UAH'), fc.bigInt(1n, 10n ** 15n), (code, minor) => {
      assert.equal(toStripe(minor, code, 2), minor)
    }),
  )
})

test('what is no whole number is no amount', () => {
  for (const amount of [null, undefined, '', '1.5', -1, 1.5, Number.NaN, 2 ** 53, '-5', {}, '1e3', '9'.repeat(19)]) {
    assert.equal(fromStripe(amount, 'USD', 2), null)
  }
})

test('the list of currencies has no doubles', () => {
  assert.equal(new Set(currencies).size, currencies.length)
})
