import { isClosed, type Payment } from '../payments/payment.ts'
import type { SeenPayment } from './rules/what-payer-sees.ts'

/** What the rules of the payer's page go by. */
export function seenPayment(payment: Payment): SeenPayment {
  return {
    closed: isClosed(payment),
    paid: payment.processed_at !== null,
    searching: payment.payment_status === 'invoked',
    expires_at: payment.expires_at,
  }
}
