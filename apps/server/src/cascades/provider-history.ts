/** Provider payments as their provider looks at them. Cascade API, section 16. */
import type { ProviderPaymentRow, ProviderPaymentState } from './provider-payment.ts'

/** Found by the provider's own id: no merchant's id stands in any of it. */
export type HistoryRow = Omit<ProviderPaymentRow, 'account_id' | 'payment_id' | 'attempt_number'> & {
  /** `requested_at` in microseconds: places the row among others of its millisecond. */
  readonly requested_us: bigint
  readonly appeal_open: boolean
}

export const paymentFlags = ['claimed', 'late', 'orphan', 'appeal_open', 'early_failure', 'cancel_undelivered'] as const
export type PaymentFlag = (typeof paymentFlags)[number]

/** A provider said `failed` before the payer's time was over. Cascade API, T6. */
export function isEarlyFailure({ state, ended_at, expires_at }: HistoryRow): boolean {
  return state === 'failed' && ended_at !== null && expires_at !== null && ended_at < expires_at
}

/** What is left out does not filter. */
export type HistoryFilter = {
  readonly provider_id: string
  readonly test_mode: boolean
  readonly from?: Date
  /** Not included. */
  readonly to?: Date
  readonly states?: readonly ProviderPaymentState[]
  readonly methods?: readonly string[]
  readonly gateway_id?: number
  /** Minor units by number of decimals, with the currencies that have as many. */
  readonly amounts?: readonly { readonly amount_minor: bigint; readonly currencies: readonly string[] }[]
  /** The attempt's id or the provider's own. */
  readonly id?: string
  readonly flag?: PaymentFlag
}
