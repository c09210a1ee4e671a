/** Which statuses a merchant is told of. Source: merchant API contract, 16.1; final statuses: 7.1 and 7.2. */

const told = {
  payment: {
    passing: ['process_pending', 'refund_pending'],
    final: [
      'processed',
      'partially_processed',
      'process_failed',
      'expired',
      'terminated',
      'verified',
      'verify_failed',
      'refunded',
      'partially_refunded',
      'refund_failed',
      'charged_back',
      'partially_charged_back',
    ],
  },
  payout: {
    passing: ['process_pending', 'cancel_pending'],
    final: [
      'processed',
      'partially_processed',
      'process_failed',
      'expired',
      'terminated',
      'canceled',
      'partially_canceled',
      'cancel_failed',
    ],
  },
} as const

/** Is the merchant told when a payment or payout reaches this status? `only_final` is the account's option. */
export function isTold(kind: 'payment' | 'payout', status: string, only_final: boolean): boolean {
  const { passing, final } = told[kind]
  if ((final as readonly string[]).includes(status)) return true
  return !only_final && (passing as readonly string[]).includes(status)
}
