/** How the merchant API shows what only other faces have words for. Pure. Card API contract 1: a hold is a payment in progress. */
import type { Payment, PaymentStatus } from '../payment.ts'

export type ShownStatus = Exclude<PaymentStatus, 'authorized'>

export function shownStatus(status: PaymentStatus): ShownStatus {
  return status === 'authorized' ? 'process_pending' : status
}

/** An authorization is a charge in two steps. */
export function shownFlow({ payment_flow }: Pick<Payment, 'payment_flow'>): 'charge' | 'verify' {
  return payment_flow === 'authorize' ? 'charge' : payment_flow
}

/** What rows may have for a value that is shown. */
export function storedValues(field: string, shown: string): readonly string[] {
  if (field === 'status' && shown === 'process_pending') return [shown, 'authorized']
  if (field === 'payment_flow' && shown === 'charge') return [shown, 'authorize']
  return [shown]
}
