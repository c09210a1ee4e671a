import type { PaymentStatus } from '@cascad/provider-kit'
import type { TraderAppeal, TraderPayment } from './desk.ts'

const default_window_min = 30
const success_after_cancel_ms = 10_000
const wrong_failed_ms = 5_000
const flap_success_ms = 5_000
const flap_failed_ms = 10_000

/** What GET_PAYMENT says of a payment at a time of the desk's clock; nothing runs in between. */
export function paymentStatus(payment: TraderPayment, appeals: readonly TraderAppeal[], now_ms: number): PaymentStatus {
  const own = appeals.filter(({ payment_id }) => payment_id === payment.id)
  if (own.some(({ state }) => state === 'open')) return 'appeal'
  if (own.some(({ state }) => state === 'confirmed')) return 'success'
  return payment.set_status ?? statusByStep(payment, now_ms)
}

export function windowEnd(payment: TraderPayment): number {
  return payment.created_at_ms + (payment.asked.transactionWindowInMin ?? default_window_min) * 60_000
}

function statusByStep(payment: TraderPayment, now_ms: number): PaymentStatus {
  const { step, cancelled_at_ms } = payment
  const age_ms = now_ms - payment.created_at_ms
  const late_ms = now_ms - windowEnd(payment)
  const argument_ms = Number(step.argument) * 1_000
  switch (step.name) {
    case 'issue_success':
      return age_ms >= argument_ms ? 'success' : 'pending'
    case 'issue_fail':
      return age_ms >= argument_ms ? 'failed' : 'pending'
    case 'issue_wrong':
      return age_ms >= wrong_failed_ms ? 'failed' : 'pending'
    case 'issue_late':
      return late_ms >= argument_ms ? 'success' : 'pending'
    case 'issue_never':
    case 'issue_now_success':
      return 'pending'
    case 'issue_cancel_success':
      return cancelled_at_ms !== null && now_ms >= cancelled_at_ms + success_after_cancel_ms ? 'success' : 'pending'
    case 'issue_flap':
      return age_ms >= flap_failed_ms ? 'failed' : age_ms >= flap_success_ms ? 'success' : 'pending'
    default:
      return cancelled_at_ms !== null || late_ms >= 0 ? 'failed' : 'pending'
  }
}
