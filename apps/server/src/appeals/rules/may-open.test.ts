import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ProviderPaymentState } from '../../cascades/provider-payment.ts'
import { sampleNow as now } from '../sample-appeal.ts'
import { after, openable_ms } from './clocks.ts'
import { mayOpen, type OpeningFacts } from './may-open.ts'

const facts: OpeningFacts = {
  state: 'failed',
  original_minor: 390_000n,
  reason: 'not_credited',
  amount_minor: null,
  comment_length: 0,
  requested_at: now,
  now,
  earlier: 0,
  has_open: false,
}
const outcome = (more: Partial<OpeningFacts>): string => {
  const verdict = mayOpen({ ...facts, ...more })
  return 'refused' in verdict ? verdict.refused : String(verdict.amount_minor)
}

test('only payments whose requisites were shown can be appealed; the same amount only where the payment failed', () => {
  const states: readonly (readonly [ProviderPaymentState, string, string])[] = [
    ['issued', 'amount_equal', '400000'],
    ['success', 'amount_equal', '400000'],
    ['failed', '390000', '400000'],
    ['expired', '390000', '400000'],
    ['cancelled', '390000', '400000'],
    ['requested', 'not_appealable', 'not_appealable'],
    ['refused', 'not_appealable', 'not_appealable'],
    ['violation', 'not_appealable', 'not_appealable'],
    ['not_sent', 'not_appealable', 'not_appealable'],
    ['unknown', 'not_appealable', 'not_appealable'],
  ]
  for (const [state, same, other] of states) {
    assert.equal(outcome({ state }), same, state)
    assert.equal(outcome({ state, amount_minor: 390_000n }), same, state)
    assert.equal(outcome({ state, amount_minor: 400_000n }), other, state)
  }
})

test('limits: amounts, days, appeals, words', () => {
  assert.equal(outcome({ amount_minor: 0n }), 'amount_not_positive')
  assert.equal(outcome({ amount_minor: -1n }), 'amount_not_positive')
  assert.equal(outcome({ amount_minor: 1n }), '1')
  assert.equal(outcome({ amount_minor: 3_900_000n }), '3900000')
  assert.equal(outcome({ amount_minor: 3_900_001n }), 'amount_too_high')
  assert.equal(outcome({ now: after(now, openable_ms) }), '390000')
  assert.equal(outcome({ now: after(now, openable_ms + 1) }), 'too_late')
  assert.equal(outcome({ earlier: 2 }), '390000')
  assert.equal(outcome({ earlier: 3 }), 'too_many')
  assert.equal(outcome({ earlier: 1, has_open: true }), 'appeal_exists')
  assert.equal(outcome({ comment_length: 1000 }), '390000')
  assert.equal(outcome({ comment_length: 1001 }), 'comment_too_long')
  assert.equal(outcome({ reason: 'wrong_amount' }), 'amount_missing')
})

test('whatever is asked, an amount that is let through is above zero and at most ten times the original', () => {
  const states = fc.constantFrom<ProviderPaymentState>('issued', 'success', 'failed', 'expired', 'cancelled')
  fc.assert(
    fc.property(
      states,
      fc.bigInt({ min: 1n, max: 10n ** 12n }),
      fc.bigInt({ min: -10n, max: 10n ** 14n }),
      (...given) => {
        const [state, original_minor, amount_minor] = given
        const verdict = mayOpen({ ...facts, state, original_minor, amount_minor })
        if ('refused' in verdict) return
        assert.ok(verdict.amount_minor > 0n && verdict.amount_minor <= 10n * original_minor)
        if (verdict.amount_minor === original_minor) assert.ok(state !== 'issued' && state !== 'success')
      },
    ),
  )
})
