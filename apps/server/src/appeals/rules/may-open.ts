/** May an appeal be opened for a provider payment, and with which amount. Cascade API, 11.2. */
import type { ProviderPaymentState } from '../../cascades/provider-payment.ts'
import type { AppealReason } from '../appeal.ts'
import type { OpenRefusal } from '../payer-appeal.ts'
import { openable_ms } from './clocks.ts'

export const appealsMax = 3
export const commentLengthMax = 1000
/** Times the original. */
const amountTimesMax = 10n

const appealable: ReadonlySet<ProviderPaymentState> = new Set(['issued', 'success', 'failed', 'expired', 'cancelled'])
/** The payment did not succeed: the payer may say that he sent exactly what was asked for. */
const unsuccessful: ReadonlySet<ProviderPaymentState> = new Set(['failed', 'expired', 'cancelled'])

export function isAppealable(state: ProviderPaymentState): boolean {
  return appealable.has(state)
}

export type OpeningFacts = {
  readonly state: ProviderPaymentState
  readonly original_minor: bigint
  readonly reason: AppealReason
  /** `null` = as much as was asked for. */
  readonly amount_minor: bigint | null
  readonly comment_length: number
  readonly requested_at: Date
  readonly now: Date
  /** Of the payment so far. */
  readonly earlier: number
  readonly has_open: boolean
}

/** The amount, or the first reason against it. */
export function mayOpen(facts: OpeningFacts): { readonly amount_minor: bigint } | { readonly refused: OpenRefusal } {
  const { state, original_minor, now } = facts
  if (!isAppealable(state)) return { refused: 'not_appealable' }
  if (facts.has_open) return { refused: 'appeal_exists' }
  if (facts.earlier >= appealsMax) return { refused: 'too_many' }
  if (now.getTime() > facts.requested_at.getTime() + openable_ms) return { refused: 'too_late' }
  if (facts.comment_length > commentLengthMax) return { refused: 'comment_too_long' }
  if (facts.amount_minor === null && facts.reason === 'wrong_amount') return { refused: 'amount_missing' }
  const amount_minor = facts.amount_minor ?? original_minor
  const refused = reasonAgainstAmount(amount_minor, { state, original_minor })
  return refused === null ? { amount_minor } : { refused }
}

export function reasonAgainstAmount(
  amount_minor: bigint,
  of: { readonly state: ProviderPaymentState; readonly original_minor: bigint },
): OpenRefusal | null {
  if (amount_minor <= 0n) return 'amount_not_positive'
  if (amount_minor > amountTimesMax * of.original_minor) return 'amount_too_high'
  return amount_minor === of.original_minor && !unsuccessful.has(of.state) ? 'amount_equal' : null
}
