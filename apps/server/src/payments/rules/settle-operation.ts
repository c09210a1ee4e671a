/** What an operation that has ended makes of its payment. Pure. Sums count what is done only. Card API contract 1, 5; merchant API 12.1. */
import type { Operation, Payment, PaymentStatus } from '../payment.ts'
import type { Patch } from './news.ts'
import { heldMinor } from './operate.ts'
import { restUntil } from './rest-until.ts'
import { settleCapture } from './settle.ts'

export type SettledOperation = { readonly payment: Patch<Payment>; readonly operation: Patch<Operation> }

/** The operation is done. `exponent`: decimals of the payment's currency. */
export function settleOperation(payment: Payment, operation: Operation, exponent: number, now: Date): SettledOperation {
  if (operation.kind === 'capture') return captured(payment, operation, exponent, now)
  if (operation.kind === 'void' && payment.payment_flow === 'authorize') return released(payment, operation, now)
  return { payment: givenBack(payment, operation, now), operation: {} }
}

/** What a refund that failed is told as; captures and voids that failed leave the payment as it was. */
export function failOperation(payment: Payment, { kind, resolution }: Operation): Patch<Payment> {
  const gaveBack = kind === 'refund' || (kind === 'void' && payment.payment_flow === 'charge')
  return gaveBack ? { status: 'refund_failed', resolution } : {}
}

function captured(payment: Payment, operation: Operation, exponent: number, now: Date): SettledOperation {
  const held_minor = heldMinor(payment)
  const { amount_minor, final } = operation
  const share = settleCapture(payment, amount_minor, exponent, now)
  const given_up = final ? held_minor - amount_minor : 0n
  const sums = {
    ...share.payment,
    processed_at: payment.processed_at ?? now,
    ...(given_up > 0n ? { voided_amount_minor: (payment.voided_amount_minor ?? 0n) + given_up } : {}),
  }
  return {
    payment: { ...sums, ...endOf({ ...payment, ...sums }, now), payment_status: 'processed' },
    operation: { held_minor, fee_minor: share.fee_minor, reserved_minor: share.reserved_minor },
  }
}

function released(payment: Payment, operation: Operation, now: Date): SettledOperation {
  const held_minor = heldMinor(payment)
  const sums = { voided_amount_minor: (payment.voided_amount_minor ?? 0n) + operation.amount_minor }
  const end = endOf({ ...payment, ...sums }, now)
  const gone = end.status === 'terminated'
  return {
    payment: { ...sums, ...end, ...(gone ? { payment_status: 'revoked', resolution: operation.resolution } : {}) },
    operation: { held_minor },
  }
}

/** Whole when nothing is left. */
function givenBack(payment: Payment, operation: Operation, now: Date): Patch<Payment> {
  const sums = {
    refunded_amount_minor: (payment.refunded_amount_minor ?? 0n) + operation.amount_minor,
    refunded_fee_minor: (payment.refunded_fee_minor ?? 0n) + operation.returned_fee_minor,
    refunded_at: now,
  }
  return {
    ...sums,
    status: statusOfPaid({ ...payment, ...sums }),
    resolution: 'ok',
    payment_status: 'refunded',
  }
}

/** Where an authorization stands by its amounts. */
function endOf(payment: Payment, now: Date): { status: PaymentStatus; resolution: string; due_at: Date | null } {
  const due_at = restUntil(payment, now)
  if ((payment.processed_amount_minor ?? 0n) > 0n) return { status: statusOfPaid(payment), resolution: 'ok', due_at }
  return { status: heldMinor(payment) > 0n ? 'authorized' : 'terminated', resolution: 'ok', due_at }
}

function statusOfPaid({ refunded_amount_minor, processed_amount_minor }: Payment): PaymentStatus {
  if ((refunded_amount_minor ?? 0n) === 0n) return 'processed'
  return refunded_amount_minor === processed_amount_minor ? 'refunded' : 'partially_refunded'
}
