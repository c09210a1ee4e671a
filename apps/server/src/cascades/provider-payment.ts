/** One attempt at a provider that gives requisites, as the row of 0019_create_provider_payments.sql. Cascade API, section 7. */
import type { RequisiteMethod } from '@cascad/connector/requisites'

/**
 * `requested` = the call may have left; `issued` = the payer sees requisites; the others are ends, and after `failed`, `expired`
 * and `cancelled` the payer may still turn out to have paid. `unknown` = the payer has seen nothing.
 */
export type ProviderPaymentState =
  | 'requested'
  | 'issued'
  | 'success'
  | 'refused'
  | 'violation'
  | 'not_sent'
  | 'unknown'
  | 'failed'
  | 'expired'
  | 'cancelled'

export type ProviderPaymentRow = {
  readonly account_id: string
  readonly attempt_id: string
  readonly payment_id: string
  readonly attempt_number: number
  readonly provider_id: string
  readonly gateway_id: number
  readonly test_mode: boolean
  readonly method: RequisiteMethod
  readonly state: ProviderPaymentState
  /** Payment currency. */
  readonly currency: string
  readonly amount_minor: bigint
  /** Decimal text. */
  readonly rate: string
  readonly settlement_minor: bigint
  readonly provider_reference: string | null
  readonly bank: string | null
  readonly owner_mask: string | null
  readonly number_mask: string | null
  readonly reason: string | null
  readonly reason_text: string | null
  readonly answer_ms: number | null
  readonly requested_at: Date
  readonly issued_at: Date | null
  readonly expires_at: Date | null
  readonly finalise_at: Date | null
  readonly ended_at: Date | null
  readonly paid_at: Date | null
  readonly claimed_at: Date | null
  readonly late: boolean
  readonly orphan: boolean
  readonly poll_at: Date | null
  readonly polls: number
  readonly poll_errors: number
  readonly not_found_since: Date | null
  readonly polled_at: Date | null
  readonly cancel_at: Date | null
  readonly cancel_tries: number
  readonly cancel_status: 'needed' | 'delivered' | 'declined' | 'undelivered' | null
}

/** What a person has to look at. */
export const caseKinds = [
  'unexpected_appeal',
  'provider_lost_payment',
  'status_regression',
  'late_success',
  'double_success',
  'orphan_success',
  'appeal_close_refused',
  'appeal_on_terminated',
  'duplicate_reference',
  'cancel_undelivered',
] as const

export type ProviderCaseKind = (typeof caseKinds)[number]
