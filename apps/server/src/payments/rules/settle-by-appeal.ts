/**
 * What a confirmed appeal means for the merchant's payment. Pure. Cascade API, 11.4; money by merchant API contract 18.2, 18.5.
 *
 * The payment comes to what it would have come to had the appeal's amount been paid from the start, by its own tariff and rate.
 * Where the payment can have no money of this attempt, it stays on unallocated receipts for a person.
 */
import type { ProviderCaseKind } from '../../cascades/provider-payment.ts'
import { type Attempt, isClosed, type Payment } from '../payment.ts'
import { dueAfter, paidLate } from './paid-late.ts'
import { restUntil } from './rest-until.ts'
import { type Exponents, paidOf, settleProcessed } from './settle.ts'

export type AppealNews = {
  readonly payment: Payment
  readonly attempts: readonly Attempt[]
  /** The attempt that the appeal is about. */
  readonly number: number
  /** What the payer has sent, in the currency he pays in. */
  readonly amount_minor: bigint
  /** What of the payment is given back or may be: refunds done and under way, chargebacks. In the invoice's currency. */
  readonly given_back_minor: bigint
  /** What an operator has decided about the attempt's money on unallocated receipts, in the currency it came in. Left out = nothing. */
  readonly decided_minor?: bigint
  readonly exponents: Exponents
  readonly now: Date
}

/** By how much amounts change that were booked before. Zero for what the appeal books for the first time. */
export type AppealChange = {
  /** In the invoice's currency. */
  readonly processed_change_minor: bigint
  readonly fee_change_minor: bigint
  readonly reserved_change_minor: bigint
  /** The reserve was released before: its change moves nothing that is held back. */
  readonly reserve_released: boolean
  /** Unallocated receipts, in the currency the payer pays in. */
  readonly unallocated_change_minor: bigint
}

export type AppealDecision = {
  /** `won`: the payment is settled by this appeal; `corrected`: it was settled before; `unallocated`: the money is nobody's sale. */
  readonly kind: 'won' | 'corrected' | 'unallocated'
  readonly attempt: Partial<Attempt>
  readonly payment: Partial<Payment>
  readonly change: AppealChange
  /** What is unallocated from now on that was not before, in the currency the payer pays in. */
  readonly unallocated_minor: bigint
  readonly case: ProviderCaseKind | null
  /** More was given back than the payer is now known to have sent: the payment stays at what was given back. */
  readonly given_back_exceeds: boolean
}

const noChange: AppealChange = {
  processed_change_minor: 0n,
  fee_change_minor: 0n,
  reserved_change_minor: 0n,
  reserve_released: false,
  unallocated_change_minor: 0n,
}

/** Payers have seen requisites in these, so they may have paid; nobody can in the others. */
const payable: ReadonlySet<Attempt['status']> = new Set<Attempt['status']>([
  'incomplete',
  'approved',
  'declined',
  'expired',
  'cancelled',
])

/** Throws for what no appeal can be about: that is a mistake of ours. */
export function settleByAppeal(news: AppealNews): AppealDecision {
  const { payment, attempts, number } = news
  const attempt = attempts.find((one) => one.number === number)
  if (!attempt) throw new Error(`payment ${payment.id} has no attempt ${number}`)
  if (payment.payment_flow !== 'charge') throw new Error(`payment ${payment.id} is no charge: ${payment.payment_flow}`)
  // An order that a person has booked counts as paid, whatever its attempt had come to.
  if (!payable.has(attempt.status) && !attempt.late_approval)
    throw new Error(`attempt ${attempt.id} cannot have been paid: ${attempt.status}`)
  if (attempt.reversal_status !== null) throw new Error(`the money of attempt ${attempt.id} is given back`)
  if (attempt.winner) return correct(news)
  if (attempts.some(({ winner }) => winner)) return leaveUnallocated(news, attempt, 'double_success')
  if (payment.status !== 'process_failed' && isClosed(payment))
    return leaveUnallocated(news, attempt, 'appeal_on_terminated')
  // Its money has gone to the merchant or back to the payer already: what the appeal adds is for a person again.
  if ((news.decided_minor ?? 0n) > 0n) return leaveUnallocated(news, attempt, 'late_success')
  return win(news, attempt)
}

function win(news: AppealNews, attempt: Attempt): AppealDecision {
  const { amount_minor, now } = news
  const waiting = attempt.status === 'incomplete'
  return {
    kind: 'won',
    attempt: {
      ...(waiting ? { status: 'approved', decision: 'win', decided_at: now } : { late_approval: true }),
      winner: true,
      approved_amount_minor: amount_minor,
    },
    payment: paidLate(news, attempt),
    // A late success that the merchant did not want was booked as nobody's sale before.
    change: { ...noChange, unallocated_change_minor: -unallocatedBefore(attempt) },
    unallocated_minor: 0n,
    case: null,
    given_back_exceeds: false,
  }
}

/** The status stays, whatever the amount; that of a refund says whether anything is left. */
function correct(news: AppealNews): AppealDecision {
  const { payment, amount_minor, given_back_minor, exponents, now } = news
  const paid = paidOf(payment, amount_minor, exponents)
  const given_back_exceeds = paid < given_back_minor
  const processed = given_back_exceeds ? given_back_minor : paid
  const { partial: _, ...settled } = settleProcessed(
    payment,
    processed,
    exponents.currency,
    payment.processed_at ?? now,
  )
  const reserve_released = payment.unreserved === true
  const reserve = reserve_released ? releasedReserve(payment, settled.reserved_amount_minor) : {}
  const amounts = { ...settled, ...reserve }
  return {
    kind: 'corrected',
    attempt: { approved_amount_minor: amount_minor },
    payment: {
      ...amounts,
      ...refundStatus(payment, processed),
      due_at: dueAfter(news, restUntil({ ...payment, ...amounts }, now)),
    },
    change: {
      processed_change_minor: processed - (payment.processed_amount_minor ?? 0n),
      fee_change_minor: settled.processed_fee_minor - (payment.processed_fee_minor ?? 0n),
      reserved_change_minor: (settled.reserved_amount_minor ?? 0n) - (payment.reserved_amount_minor ?? 0n),
      reserve_released,
      unallocated_change_minor: 0n,
    },
    unallocated_minor: 0n,
    case: null,
    given_back_exceeds,
  }
}

function refundStatus({ status, refunded_amount_minor }: Payment, processed: bigint): Partial<Payment> {
  if (status !== 'refunded' && status !== 'partially_refunded') return {}
  return { status: refunded_amount_minor === processed ? 'refunded' : 'partially_refunded' }
}

/** What was released stays released, also a reserve that has come to nothing. */
function releasedReserve({ reserve_expires_at }: Payment, reserved_minor: bigint | null): Partial<Payment> {
  return { reserved_amount_minor: reserved_minor ?? 0n, reserve_expires_at, unreserved: true }
}

function leaveUnallocated(news: AppealNews, attempt: Attempt, kind: ProviderCaseKind): AppealDecision {
  const { amount_minor, now } = news
  const before = unallocatedBefore(attempt)
  const waiting = attempt.status === 'incomplete'
  return {
    kind: 'unallocated',
    attempt: {
      // Nobody is to transfer there any more.
      ...(waiting
        ? { status: 'cancelled', class: 'payer_action', decision: 'stop_payment_closed', decided_at: now }
        : {}),
      late_approval: true,
      approved_amount_minor: amount_minor,
    },
    payment: {},
    change: { ...noChange, unallocated_change_minor: attempt.late_approval ? amount_minor - before : 0n },
    unallocated_minor: attempt.late_approval ? 0n : amount_minor,
    case: kind,
    given_back_exceeds: false,
  }
}

function unallocatedBefore({ late_approval, approved_amount_minor, amount_minor }: Attempt): bigint {
  return late_approval ? (approved_amount_minor ?? amount_minor) : 0n
}
