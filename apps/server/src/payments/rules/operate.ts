/**
 * What may be done with a payment at the gateway that approved it, and how much of it. Pure. Card API contract 5, merchant API
 * contract 12. An operation whose end is not known counts as used: its amount is nobody else's until it has failed.
 */
import type { Capabilities } from '@cascad/connector'
import type { Operation, Payment, PaymentStatus } from '../payment.ts'

/** What the gateway's connector can; left out = it cannot. */
export type Ability = Pick<
  Capabilities,
  'refund' | 'partial_refund' | 'multi_capture' | 'partial_cancel' | 'cancel_charge'
>

const refundable: ReadonlySet<PaymentStatus> = new Set<PaymentStatus>([
  'processed',
  'partially_processed',
  'partially_refunded',
  'refunded',
  'refund_failed',
])

export function isUndecided({ status }: Pick<Operation, 'status'>): boolean {
  return status === 'sent' || status === 'unknown'
}

/** What the gateway still holds for us by our books, in the invoice's currency; operations under way have taken nothing yet. */
export function heldMinor(payment: Payment): bigint {
  return (
    (payment.authorized_amount_minor ?? 0n) -
    (payment.processed_amount_minor ?? 0n) -
    (payment.voided_amount_minor ?? 0n)
  )
}

/** A hold that nobody used in time: it cannot be captured or given up any more. */
export function isHoldExpired(payment: Payment): boolean {
  return payment.payment_flow === 'authorize' && payment.status === 'terminated' && payment.resolution === 'expired'
}

/** Does kind and state of the payment allow the operation? Whether anything is left for it says `leftFor`. */
export function canOperate(payment: Payment, kind: Operation['kind'], can: Ability): boolean {
  const holds = payment.payment_flow === 'authorize'
  switch (kind) {
    case 'capture':
      return holds && payment.authorized_amount_minor !== null && !isHoldExpired(payment)
    case 'void':
      if (holds) return payment.authorized_amount_minor !== null && !isHoldExpired(payment)
      return can.cancel_charge === true && payment.payment_flow === 'charge' && isUntouched(payment)
    case 'refund':
      return can.refund === true && payment.payment_flow !== 'verify' && refundable.has(payment.status)
  }
}

function isUntouched({ status, refunded_amount_minor }: Payment): boolean {
  return (status === 'processed' || status === 'partially_processed') && (refunded_amount_minor ?? 0n) === 0n
}

/**
 * How much of the payment an operation of the kind may take, in the invoice's currency; never below 0. `capture_id`: the refund
 * is one of that capture.
 */
export function leftFor(
  payment: Payment,
  operations: readonly Operation[],
  kind: Operation['kind'],
  capture_id: string | null,
): bigint {
  const open = operations.filter(isUndecided)
  if (kind === 'refund') return capture_id === null ? leftOfPaid(payment, open) : leftOfCapture(operations, capture_id)
  if (payment.payment_flow !== 'authorize') return leftOfPaid(payment, open)
  const using = open.filter((one) => one.kind !== 'refund')
  // After a final operation the gateway holds nothing any more, whatever its amount was.
  if (using.some(({ final }) => final)) return 0n
  return notNegative(heldMinor(payment) - sumOf(using))
}

function leftOfPaid(payment: Payment, open: readonly Operation[]): bigint {
  const giving = open.filter(({ kind }) => kind === 'refund' || (kind === 'void' && payment.payment_flow === 'charge'))
  return notNegative((payment.processed_amount_minor ?? 0n) - (payment.refunded_amount_minor ?? 0n) - sumOf(giving))
}

function leftOfCapture(operations: readonly Operation[], capture_id: string): bigint {
  const capture = operations.find(
    ({ id, kind, status }) => id === capture_id && kind === 'capture' && status === 'done',
  )
  if (!capture) return 0n
  const refunds = operations.filter((one) => one.capture_id === capture_id && one.status !== 'failed')
  return notNegative(capture.amount_minor - sumOf(refunds))
}

/** The capture that a refund of the whole payment is taken from: the newest with enough left; `null` = none alone has enough. */
export function captureFor(operations: readonly Operation[], amount_minor: bigint): Operation | null {
  return (
    operations.findLast(
      ({ id, kind, status }) =>
        kind === 'capture' && status === 'done' && leftOfCapture(operations, id) >= amount_minor,
    ) ?? null
  )
}

/**
 * Must the operation take all that is left? Charges are cancelled whole; holds are given up in parts, and refunds made in
 * parts, only where the gateway can.
 */
export function mustBeWhole(payment: Payment, kind: Operation['kind'], can: Ability): boolean {
  if (kind === 'capture') return false
  if (kind === 'refund') return can.partial_refund !== true
  return payment.payment_flow === 'charge' || can.partial_cancel !== true
}

/**
 * Is nothing held any more once this operation is done? A gateway without several captures gives up the rest with the one. What
 * is final needs the hold for itself: `null` = something else is under way, so not now.
 */
export function finality(
  payment: Payment,
  operations: readonly Operation[],
  wish: { readonly kind: Operation['kind']; readonly amount_minor: bigint },
  can: Ability,
): boolean | null {
  if (wish.kind === 'refund') return false
  if (payment.payment_flow === 'charge') return true
  const alone = !operations.some((one) => isUndecided(one) && one.kind !== 'refund')
  const needed = wish.kind === 'capture' ? can.multi_capture !== true : can.partial_cancel !== true
  if (needed) return alone ? true : null
  return alone && wish.amount_minor === heldMinor(payment)
}

function sumOf(operations: readonly Operation[]): bigint {
  return operations.reduce((sum, { amount_minor }) => sum + amount_minor, 0n)
}

function notNegative(minor: bigint): bigint {
  return minor > 0n ? minor : 0n
}
