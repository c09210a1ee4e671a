import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bandOf, type ConversionCounts, ratesOf, shareOf, stepOf } from './conversion-rates.ts'

/** Counts as they can come about: parts never exceed their whole. */
const counts: fc.Arbitrary<ConversionCounts> = fc
  .tuple(fc.nat(50), fc.nat(50), fc.nat(50), fc.nat(50), fc.nat(50), fc.nat(50), fc.nat(50))
  .map(([given, refused, unknown, violations, paid, early_failures, expired]) => ({
    asked: given + refused + unknown + violations,
    given,
    refused,
    unknown,
    violations,
    issued: paid + early_failures + expired,
    paid,
    paid_late: Math.floor(paid / 3),
    paid_by_appeal: Math.floor(paid / 4),
    early_failures,
  }))

test('every rate lies between 0 and 1, and where nothing is to be divided there is none', () => {
  fc.assert(
    fc.property(counts, (given) => {
      const rates = ratesOf(given)
      for (const rate of Object.values(rates)) assert.ok(rate === null || (rate >= 0 && rate <= 1))
      for (const rate of [rates.issue_rate, rates.refusal_share, rates.unknown_share])
        assert.equal(rate === null, given.asked === 0)
      for (const rate of [rates.payment_rate, rates.early_failure_share])
        assert.equal(rate === null, given.issued === 0)
    }),
  )
})

test('one refusal more lowers the issue rate alone; one expiry more lowers the payment rate alone', () => {
  fc.assert(
    fc.property(counts, (given) => {
      const before = ratesOf(given)
      const refused = ratesOf({ ...given, asked: given.asked + 1, refused: given.refused + 1 })
      assert.equal(refused.payment_rate, before.payment_rate)
      assert.ok(before.issue_rate === null || given.given === 0 || refused.issue_rate! < before.issue_rate)
      const expired = ratesOf({ ...given, issued: given.issued + 1 })
      assert.equal(expired.issue_rate, before.issue_rate)
      assert.ok(before.payment_rate === null || given.paid === 0 || expired.payment_rate! < before.payment_rate)
    }),
  )
})

test('shares as reckoned by hand', () => {
  assert.equal(shareOf(0, 0), null)
  assert.equal(shareOf(0, 4), 0)
  assert.equal(shareOf(3, 4), 0.75)
})

test('a chart has at most ninety points, or one a day', () => {
  assert.deepEqual([3_600, 86_400, 7 * 86_400, 30 * 86_400].map(stepOf), [60, 1_800, 10_800, 43_200])
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 366 * 86_400 }), (period_s) => {
      const step_s = stepOf(period_s)
      assert.ok(period_s / step_s <= 90 || step_s === 86_400)
    }),
  )
})

test('bands follow each other without a gap', () => {
  for (let power = 1n; power < 10n ** 9n; power *= 10n) {
    assert.deepEqual(bandOf(power), { from_minor: power, to_minor: 5n * power - 1n })
    assert.deepEqual(bandOf(5n * power), { from_minor: 5n * power, to_minor: 10n * power - 1n })
  }
})
