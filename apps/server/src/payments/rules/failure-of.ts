import type { Payment } from '../payment.ts'
import type { News, Patch } from './news.ts'

/** The end of the automatic tries: the payment fails, or waits for the payer's next try. */
export function failureOf(news: Pick<News, 'payment' | 'payerMayRetry'>, resolution: string): Patch<Payment> {
  if (news.payerMayRetry) {
    return { status: 'process_pending', resolution, payment_status: 'process_failed', due_at: news.payment.expires_at }
  }
  return {
    status: news.payment.payment_flow === 'verify' ? 'verify_failed' : 'process_failed',
    resolution,
    payment_status: 'process_failed',
    due_at: null,
  }
}
