/**
 * What becomes of a payment when an operator books an order that was paid although nobody was shown its requisites. Pure. It is
 * worth what a late success is. Cascade API, 7.3.
 */
import type { ProviderCaseKind } from '../../cascades/provider-payment.ts'
import { type Attempt, isClosed, type Payment } from '../payment.ts'
import type { Booking, Patch } from './news.ts'
import { paidLate } from './paid-late.ts'
import type { Exponents } from './settle.ts'

export type OrphanFacts = {
  readonly payment: Payment
  readonly attempts: readonly Attempt[]
  readonly number: number
  /** The id of the order; the attempt may never have learned it. */
  readonly provider_reference: string | null
  /** The merchant takes transfers that come after the end. */
  readonly accept_late: boolean
  readonly exponents: Exponents
  readonly now: Date
}

export type OrphanDecision =
  | { readonly result: 'refused'; readonly why: 'booked_before' | 'not_an_orphan' }
  | {
      readonly result: 'booked'
      readonly attempt: Patch<Attempt>
      readonly payment: Patch<Payment>
      readonly booking: Booking
      /** The money is nobody's sale yet: for an operator. */
      readonly case: ProviderCaseKind | null
    }

const ended: ReadonlySet<Attempt['status']> = new Set<Attempt['status']>([
  'orphaned',
  'declined',
  'cancelled',
  'not_sent',
  'expired',
])

/** Throws when the payment has no such attempt: that is a mistake of ours. */
export function bookOrphan(facts: OrphanFacts): OrphanDecision {
  const { payment, attempts, number, provider_reference } = facts
  const attempt = attempts.find((one) => one.number === number)
  if (!attempt) throw new Error(`payment ${payment.id} has no attempt ${number}`)
  if (attempt.winner || attempt.late_approval) return { result: 'refused', why: 'booked_before' }
  if (!ended.has(attempt.status) || attempt.action !== null || payment.payment_flow !== 'charge')
    return { result: 'refused', why: 'not_an_orphan' }
  const { amount_minor } = attempt
  const known = { late_approval: true, approved_amount_minor: amount_minor, provider_reference }
  const won = attempts.some(({ winner }) => winner)
  const wanted = payment.status === 'process_failed' ? facts.accept_late : !isClosed(payment)
  if (wanted && !won) {
    const paid = { ...attempt, ...known }
    return {
      result: 'booked',
      attempt: { ...known, winner: true },
      payment: paidLate({ ...facts, amount_minor }, paid),
      booking: { kind: 'payment' },
      case: null,
    }
  }
  return {
    result: 'booked',
    attempt: known,
    payment: {},
    booking: { kind: 'late_approval', amount_minor },
    case: won ? 'double_success' : 'late_success',
  }
}
