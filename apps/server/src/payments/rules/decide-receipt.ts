/**
 * What an operator may decide about money of an attempt that is nobody's sale, and what becomes of its payment. Pure. Cascade API,
 * 7.3 and 11.4; payments that were ended by a person stay ended, merchant API contract 7.1.
 */
import { type Attempt, isClosed, type Payment } from '../payment.ts'
import { paidLate } from './paid-late.ts'
import { type Exponents, paidOf, settleProcessed } from './settle.ts'

export type ReceiptWish =
  /** `beside` = also where the payment itself takes no money any more. */
  { readonly type: 'credit'; readonly beside: boolean } | { readonly type: 'return' }

export type ReceiptFacts = {
  readonly payment: Payment
  readonly attempts: readonly Attempt[]
  /** The attempt whose money it is. */
  readonly number: number
  /** What was decided about before, in the currency the payer paid in. */
  readonly decided_minor: bigint
  readonly exponents: Exponents
  readonly now: Date
}

/** `paid_already`: the merchant has money for this invoice; `payment_over`: a person or its lifetime ended it. */
export type ReceiptRefusal = 'nothing_unallocated' | 'payment_open' | 'paid_already' | 'payment_over'

export type ReceiptDecision =
  | { readonly result: 'refused'; readonly why: ReceiptRefusal }
  | {
      readonly result: 'decided'
      readonly kind: 'won' | 'beside' | 'returned'
      /** What leaves unallocated receipts, in the currency the payer paid in. */
      readonly amount_minor: bigint
      /** Beside a payment, in the invoice's currency: what the merchant is credited, and the fee of it. */
      readonly credit_minor: bigint
      readonly fee_minor: bigint
      readonly attempt: Partial<Attempt>
      readonly payment: Partial<Payment>
    }

/** What of the attempt's money is nobody's, in the currency it came in; below 0 where more was decided about than was paid. */
export function unallocatedMinor(attempt: Attempt, decided_minor: bigint): bigint {
  const { late_approval, winner, reversal_status, approved_amount_minor, amount_minor } = attempt
  if (!late_approval || winner || reversal_status !== null) return 0n
  return (approved_amount_minor ?? amount_minor) - decided_minor
}

/** Always about all that stands there. Throws when the payment has no such attempt: that is a mistake of ours. */
export function decideReceipt(facts: ReceiptFacts, wish: ReceiptWish): ReceiptDecision {
  const { payment, attempts, number, decided_minor } = facts
  const attempt = attempts.find((one) => one.number === number)
  if (!attempt) throw new Error(`payment ${payment.id} has no attempt ${number}`)
  const amount_minor = unallocatedMinor(attempt, decided_minor)
  if (amount_minor <= 0n || payment.payment_flow !== 'charge') return refused('nothing_unallocated')
  const nothing = { credit_minor: 0n, fee_minor: 0n, attempt: {}, payment: {} }
  if (wish.type === 'return') return { result: 'decided', kind: 'returned', amount_minor, ...nothing }
  if (!isClosed(payment)) return refused('payment_open')
  const paid = decided_minor > 0n || attempts.some(({ winner }) => winner)
  if (!paid && payment.status === 'process_failed') {
    const won = { attempt: { winner: true }, payment: paidLate({ ...facts, amount_minor }, attempt) }
    return { result: 'decided', kind: 'won', amount_minor, ...nothing, ...won }
  }
  if (!wish.beside) return refused(paid ? 'paid_already' : 'payment_over')
  const credit_minor = paidOf(payment, amount_minor, facts.exponents)
  const { processed_fee_minor } = settleProcessed(payment, credit_minor, facts.exponents.currency, facts.now)
  return { result: 'decided', kind: 'beside', amount_minor, ...nothing, credit_minor, fee_minor: processed_fee_minor }
}

function refused(why: ReceiptRefusal): ReceiptDecision {
  return { result: 'refused', why }
}
