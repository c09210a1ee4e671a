/** An appeal: the claim that the payer paid although the payment did not succeed, or paid another amount. Cascade API, section 11. */
import type { Locale } from '../directory/service.ts'

export const appealStates = [
  'opened',
  'submitted',
  'accepted',
  'rejected',
  'arbitration',
  'confirmed',
  'cancelled',
] as const
export type AppealState = (typeof appealStates)[number]

/** `payer` = a payer of the merchant; `system` = a clock, or the answer of the provider's endpoint. */
export type Side = 'merchant' | 'payer' | 'provider' | 'operator' | 'system'

/** Who may open one. */
export type Opener = 'merchant' | 'payer' | 'operator'

/** Who acts: a side, the name of the person or key, and the address the act came from. */
export type Actor = { readonly side: Side; readonly name: string; readonly ip: string | null }

export const appealReasons = ['not_credited', 'wrong_amount'] as const
export type AppealReason = (typeof appealReasons)[number]

/** Why a provider says no. Cascade API, P5. */
export const rejectionReasons = [
  'payment_not_found',
  'amount_differs',
  'wrong_requisites',
  'already_credited',
  'receipt_invalid',
  'other',
] as const
export type RejectionReason = (typeof rejectionReasons)[number]

/** How an appeal came to its end, where its state alone does not say it. */
export type CloseNote =
  | 'accepted'
  | 'decided'
  | 'withdrawn'
  | 'not_contested'
  | 'amount_accepted'
  | 'resolved_by_success'

/** A row of appeals. Amounts in minor units of the payment currency but for `settlement_minor` and `freeze_minor`. */
export type Appeal = {
  readonly account_id: string
  readonly id: string
  readonly version: number
  readonly payment_id: string
  readonly attempt_id: string
  readonly attempt_number: number
  readonly provider_id: string
  readonly gateway_id: number
  readonly test_mode: boolean
  /** 1–3 of the payment. */
  readonly number: number
  readonly state: AppealState
  readonly reason: AppealReason
  readonly currency: string
  /** What was asked for, and what the payer is said to have sent. */
  readonly original_minor: bigint
  readonly amount_minor: bigint
  /** Settlement currency: the price of `amount_minor` at the payment's own rate, and what was frozen for it at first. */
  readonly settlement_minor: bigint
  readonly freeze_minor: bigint
  readonly comment: string
  readonly receipt_id: string
  readonly opened_side: Opener
  readonly opened_by: string
  /** The language of the page a payer opened it on. */
  readonly payer_locale: Locale | null
  /** The provider's ids of the payment and, when it gave one, of the appeal. */
  readonly payment_reference: string
  readonly appeal_reference: string | null
  readonly opened_at: Date
  readonly submitted_at: Date | null
  readonly verdict_at: Date | null
  readonly arbitration_at: Date | null
  readonly closed_at: Date | null
  readonly updated_at: Date
  /** What merchants are promised a verdict by. */
  readonly promised_at: Date
  /** When the present state ends by itself, or, in arbitration, should have been decided. */
  readonly deadline_at: Date | null
  readonly remind_at: Date | null
  /** When success of the payment itself is looked for, which makes an appeal of the same amount needless. */
  readonly check_at: Date | null
  /** What the provider's endpoint still has to be told, and when next. */
  readonly send: 'create' | 'confirm' | 'cancel' | null
  readonly send_at: Date | null
  readonly send_tries: number
  readonly create_undelivered: boolean
  readonly close_undelivered: boolean
  /** What the endpoint answered when it did not take the appeal, with long numbers cut. */
  readonly refused_text: string | null
  readonly rejection: RejectionReason | null
  readonly rejection_text: string | null
  /** With `amount_differs`: what the provider has seen. */
  readonly amount_seen_minor: bigint | null
  /** The first of two operators who confirm against a rejection. */
  readonly confirm_proposed_by: string | null
  readonly decided_by: string | null
  readonly close_note: CloseNote | null
}

export const openStates: ReadonlySet<AppealState> = new Set([
  'opened',
  'submitted',
  'accepted',
  'rejected',
  'arbitration',
])

export function isOpen(appeal: Pick<Appeal, 'state'>): boolean {
  return openStates.has(appeal.state)
}

export type MessageKind = 'message' | 'verdict' | 'contest' | 'decision'

/** One contribution to the thread. An internal one is read by its own side only. */
export type AppealMessage = {
  readonly account_id: string
  readonly appeal_id: string
  readonly id: string
  readonly side: Side
  readonly author: string
  readonly kind: MessageKind
  readonly internal: boolean
  readonly text: string
  readonly files: readonly FileFacts[]
  readonly created_at: Date
}

export type FileType = 'pdf' | 'jpg' | 'png'

export type FileFacts = {
  readonly id: string
  readonly name: string
  readonly type: FileType
  readonly size_bytes: number
}

/** A file as it was handed in. */
export type SentFile = { readonly name: string; readonly bytes: Uint8Array }

/** One line of the audit: every step, also those that leave the state as it is. */
export type AppealStep = {
  readonly number: number
  readonly act: string
  readonly from_state: AppealState | null
  readonly to_state: AppealState
  readonly side: Side
  readonly by_name: string
  readonly ip: string | null
  readonly detail: string | null
  readonly at: Date
}
