import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isTold } from './when-to-tell.ts'

type Kind = 'payment' | 'payout'

// Merchant API contract, 16.1, with the final marks of 7.1 and 7.2: [status, told at all, told when only final ones are].
const expected: Readonly<Record<Kind, readonly (readonly [string, boolean, boolean])[]>> = {
  payment: [
    ['created', false, false],
    ['processing', false, false],
    ['process_pending', true, false],
    ['process_error', false, false],
    ['processed', true, true],
    ['partially_processed', true, true],
    ['process_failed', true, true],
    ['expired', true, true],
    ['terminated', true, true],
    ['verified', true, true],
    ['verify_failed', true, true],
    ['refunding', false, false],
    ['refund_pending', true, false],
    ['refund_error', false, false],
    ['partially_refunded', true, true],
    ['refunded', true, true],
    ['refund_failed', true, true],
    ['charged_back', true, true],
    ['partially_charged_back', true, true],
  ],
  payout: [
    ['created', false, false],
    ['processing', false, false],
    ['process_pending', true, false],
    ['process_error', false, false],
    ['processed', true, true],
    ['partially_processed', true, true],
    ['process_failed', true, true],
    ['expired', true, true],
    ['terminated', true, true],
    ['canceling', false, false],
    ['cancel_pending', true, false],
    ['cancel_error', false, false],
    ['canceled', true, true],
    ['partially_canceled', true, true],
    ['cancel_failed', true, true],
  ],
}

for (const kind of ['payment', 'payout'] as const) {
  test(`every status of a ${kind} is told as the contract says`, () => {
    for (const [status, told, final] of expected[kind]) {
      assert.equal(isTold(kind, status, false), told, status)
      assert.equal(isTold(kind, status, true), final, `${status}, only final`)
    }
  })
}

test('what is no status is not told', () => {
  for (const status of ['', 'paid', 'constructor', 'cancel_failed'])
    assert.equal(isTold('payment', status, false), false)
})
