/** How a payment by requisites looks to its payer, and what he may do. Pure. Cascade API, 7.4, 11.2, 14.3. */
import type { ProviderPaymentRow } from '../../cascades/provider-payment.ts'
import type { RequisitesPhase } from '../requisites-view.ts'

export type SeenRow = Pick<
  ProviderPaymentRow,
  'state' | 'orphan' | 'issued_at' | 'expires_at' | 'claimed_at' | 'requested_at'
>

export type SeenPayment = {
  readonly closed: boolean
  /** Money has come in and was taken as the payment. */
  readonly paid: boolean
  /** A search runs or is about to begin. */
  readonly searching: boolean
  readonly expires_at: Date
}

/** No more sets of requisites than this are shown for one payment. */
const sets_max = 3
/** A connection is not asked for a payment with less time left. */
const lifetime_min_ms = 5 * 60_000
/** From the request for requisites. */
const appeal_within_ms = 14 * 86_400_000

/** `rows` = all of the payment, in the order they were asked for; there may be none yet. */
export function phaseOf(payment: SeenPayment, rows: readonly SeenRow[], now: Date): RequisitesPhase {
  if (payment.paid) return 'paid'
  if (payment.closed) return 'ended'
  const last = rows.at(-1)
  if (last?.state === 'issued') {
    if (last.claimed_at !== null) return 'claimed'
    return last.expires_at !== null && last.expires_at > now ? 'waiting' : 'time_over'
  }
  if (last?.state === 'requested' || payment.searching) return 'searching'
  return last && wasShown(last) ? 'over' : 'none_found'
}

export function wasShown({ issued_at }: SeenRow): boolean {
  return issued_at !== null
}

export type Allowed = Record<'may_ask_other' | 'may_cancel' | 'may_claim', boolean>

export function whatPayerMay(payment: SeenPayment, rows: readonly SeenRow[], now: Date): Allowed {
  const phase = phaseOf(payment, rows, now)
  const sets = rows.filter(wasShown).length
  const claimed = rows.some(({ claimed_at }) => claimed_at !== null)
  const worthwhile = !claimed && sets < sets_max && payment.expires_at.getTime() - now.getTime() >= lifetime_min_ms
  return {
    may_ask_other: worthwhile && (phase === 'waiting' || phase === 'none_found' || phase === 'over'),
    may_cancel: phase === 'waiting',
    may_claim: phase === 'waiting' || phase === 'time_over',
  }
}

/** Requisites that were shown and are over without having been paid. */
export function hasEnded(row: SeenRow): boolean {
  const over = row.state === 'failed' || row.state === 'expired' || row.state === 'cancelled'
  return over && wasShown(row) && !row.orphan
}

/** May the payer appeal now, as far as the state of these requisites goes? While he is waited for, there is nothing to appeal. */
export function mayAppeal(row: SeenRow, now: Date): boolean {
  return hasEnded(row) && now.getTime() - row.requested_at.getTime() <= appeal_within_ms
}
