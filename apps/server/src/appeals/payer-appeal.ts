/** What a payer hands in on the page, and why it may not become an appeal. Cascade API, 11.2. */
import type { Locale } from '../directory/service.ts'
import type { AppealReason, SentFile } from './appeal.ts'

export type PayerAppeal = {
  /** Of the requisites that were paid; left out = the last ones the payer was shown. */
  readonly attempt_id?: string | null
  readonly reason: AppealReason
  /** Minor units of the provider payment's currency; `null` = as much as was asked for. */
  readonly amount_minor: bigint | null
  /** At most 1000 characters. */
  readonly comment: string
  readonly receipt: SentFile
  readonly ip: string | null
  /** Of the page. */
  readonly locale?: Locale
}

export type OpenRefusal =
  /** The merchant does not let payers appeal. */
  | 'payer_appeals_off'
  /** There is no provider payment whose state allows one. */
  | 'not_appealable'
  | 'too_late'
  | 'too_many'
  | 'appeal_exists'
  | 'amount_not_positive'
  | 'amount_too_high'
  /** The amount that was asked for, while the payment is still waited for or is paid. */
  | 'amount_equal'
  | 'amount_missing'
  | 'comment_too_long'
  | 'receipt_empty'
  | 'receipt_type'
  | 'receipt_too_big'
