/** Something about a provider payment that a person has to look at; it moves no money by itself. Cascade API, 4.2 and 7. */
import type { ProviderCaseKind } from './provider-payment.ts'

export type ProviderCase = {
  /** `prx_…` */
  readonly id: string
  readonly provider_id: string
  readonly account_id: string
  readonly payment_id: string
  readonly attempt_id: string
  readonly kind: ProviderCaseKind
  readonly detail: string
  readonly opened_at: Date
  readonly closed_at: Date | null
  readonly closed_by: string | null
  readonly note: string | null
}

export type NewCase = Pick<ProviderCase, 'provider_id' | 'account_id' | 'payment_id' | 'attempt_id' | 'kind' | 'detail'>

/** Their money stands on unallocated receipts until an operator has decided about it. */
export const moneyCases: readonly ProviderCaseKind[] = ['late_success', 'double_success', 'appeal_on_terminated']
