import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TraderAppeal, TraderPayment } from './desk.ts'
import { paymentStatus } from './payment-status.ts'
import { readStep, type Step } from './step.ts'

const minute_ms = 60_000
const at = (step: string, more: Partial<TraderPayment> = {}): TraderPayment => ({
  id: 'p',
  trader: 't',
  asked: { amount: '100', method: 'card', currencyRate: '1', currency: 'RUB', transactionWindowInMin: 30 },
  idempotency_key: null,
  step: readStep(step) as Step,
  created_at_ms: 0,
  cancelled_at_ms: null,
  set_status: null,
  received: null,
  ...more,
})
const over_ms = 30 * minute_ms

for (const [step, ms, status, cancelled_at_ms] of [
  ['issue', over_ms - 1, 'pending', null],
  ['issue', over_ms, 'failed', null],
  ['issue', 1, 'failed', 0],
  ['issue_success:5', 4_999, 'pending', null],
  ['issue_success:5', 5_000, 'success', null],
  ['issue_success:5', 5_000, 'success', 0],
  ['issue_fail:5', 5_000, 'failed', null],
  ['issue_never', 100 * over_ms, 'pending', 0],
  ['issue_late:60', over_ms + 59_999, 'pending', null],
  ['issue_late:60', over_ms + 60_000, 'success', null],
  ['issue_cancel_success', over_ms, 'pending', null],
  ['issue_cancel_success', 10_999, 'pending', 1_000],
  ['issue_cancel_success', 11_000, 'success', 1_000],
  ['issue_flap', 4_999, 'pending', null],
  ['issue_flap', 5_000, 'success', null],
  ['issue_flap', 10_000, 'failed', null],
  ['issue_now_success', over_ms, 'pending', null],
  ['issue_other:50', over_ms, 'failed', null],
] as const) {
  test(`${step} after ${ms} ms${cancelled_at_ms === null ? '' : ', cancelled,'} is ${status}`, () => {
    assert.equal(paymentStatus(at(step, { cancelled_at_ms }), [], ms), status)
  })
}

test('control goes before the step, an open appeal before control, a confirmed one is success', () => {
  const appeal: TraderAppeal = {
    id: 'a',
    payment_id: 'p',
    amount: '1',
    url: '',
    state: 'open',
    verdict: null,
    reason: null,
    told: { state: 'not_yet', text: '' } as const,
  }
  const failed = at('issue_success:0', { set_status: 'failed' })
  assert.equal(paymentStatus(failed, [], 0), 'failed')
  assert.equal(paymentStatus(failed, [appeal], 0), 'appeal')
  assert.equal(paymentStatus(failed, [{ ...appeal, state: 'cancelled' }], 0), 'failed')
  assert.equal(paymentStatus(failed, [{ ...appeal, state: 'confirmed' }], 0), 'success')
  assert.equal(paymentStatus(failed, [{ ...appeal, payment_id: 'other' }], 0), 'failed')
})
