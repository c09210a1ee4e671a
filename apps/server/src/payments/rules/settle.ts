/** What a payment amounts to once somebody has paid: processed amount, fee, deposit, reserve. Contract 18.2, 18.5. */
import { feeOfPaid, paidInInvoiceCurrency, reserveOf } from '@cascad/money'
import type { Payment } from '../payment.ts'

export type Exponents = { readonly currency: number; readonly service_currency: number }

export type Settlement = {
  readonly processed_amount_minor: bigint
  readonly processed_fee_minor: bigint
  /** After the reserve. */
  readonly processed_deposit_minor: bigint
  readonly reserved_amount_minor: bigint | null
  readonly reserve_expires_at: Date | null
  readonly unreserved: boolean | null
  /** Less was paid than asked for. */
  readonly partial: boolean
}

const nothing: Settlement = {
  processed_amount_minor: 0n,
  processed_fee_minor: 0n,
  processed_deposit_minor: 0n,
  reserved_amount_minor: null,
  reserve_expires_at: null,
  unreserved: null,
  partial: false,
}

/** `paid_minor` is in the currency the payer pays in; `null` = exactly what was asked. A verification settles nothing. */
export function settle(payment: Payment, paid_minor: bigint | null, exponents: Exponents, now: Date): Settlement {
  if (payment.payment_flow === 'verify') return nothing
  return settleProcessed(payment, paidOf(payment, paid_minor, exponents), exponents.currency, now)
}

/** What a processed amount in the invoice's currency comes to, of a payment settled at that time. */
export function settleProcessed(payment: Payment, processed: bigint, exponent: number, now: Date): Settlement {
  const asked = processed === payment.payment_amount_minor
  const fee = asked ? payment.fee_minor : feeOfPaid(processed, exponent, payment.terms.fee)
  const deposit = processed - fee
  const { reserve_rate, reserve_lifetime_minutes } = payment.terms
  const reserves = reserve_rate !== null && reserve_lifetime_minutes !== null && reserve_lifetime_minutes > 0
  const reserve = reserves ? reserveOf(processed, deposit, reserve_rate, exponent) : 0n
  const held = reserve > 0n
  return {
    processed_amount_minor: processed,
    processed_fee_minor: fee,
    processed_deposit_minor: deposit - reserve,
    reserved_amount_minor: held ? reserve : null,
    reserve_expires_at: held ? new Date(now.getTime() + (reserve_lifetime_minutes ?? 0) * 60_000) : null,
    unreserved: held ? false : null,
    partial: processed < payment.payment_amount_minor,
  }
}

export type CaptureShare = {
  readonly payment: {
    readonly processed_amount_minor: bigint
    readonly processed_fee_minor: bigint
    readonly processed_deposit_minor: bigint
    readonly reserved_amount_minor: bigint | null
    readonly reserve_expires_at: Date | null
    readonly unreserved: boolean | null
  }
  readonly fee_minor: bigint
  readonly reserved_minor: bigint
}

/**
 * What one more capture adds to an authorized payment. Fee and reserve are reckoned over all that is captured so far, less what
 * earlier captures bore, so that parts cost together what the whole would. The reserve ends with that of the last capture; once
 * it was released nothing more is held back.
 */
export function settleCapture(payment: Payment, amount_minor: bigint, exponent: number, now: Date): CaptureShare {
  const processed = (payment.processed_amount_minor ?? 0n) + amount_minor
  const fee = largest(payment.processed_fee_minor ?? 0n, feeUpTo(payment, processed, exponent))
  const reserved_before = payment.reserved_amount_minor ?? 0n
  const { reserve_rate, reserve_lifetime_minutes: lifetime } = payment.terms
  const reserves = reserve_rate !== null && lifetime !== null && lifetime > 0 && payment.unreserved !== true
  const reserve = reserves ? reserveOf(processed, processed - fee, reserve_rate, exponent) : reserved_before
  const reserved = largest(reserved_before, reserve)
  const adds = reserved > reserved_before
  return {
    payment: {
      processed_amount_minor: processed,
      processed_fee_minor: fee,
      processed_deposit_minor: processed - fee - reserved,
      reserved_amount_minor: reserved > 0n ? reserved : null,
      reserve_expires_at: adds ? new Date(now.getTime() + (lifetime ?? 0) * 60_000) : payment.reserve_expires_at,
      unreserved: adds ? false : payment.unreserved,
    },
    fee_minor: fee - (payment.processed_fee_minor ?? 0n),
    reserved_minor: reserved - reserved_before,
  }
}

/** The fee of captures up to this sum: never more than that of the whole. */
function feeUpTo(payment: Payment, captured_minor: bigint, exponent: number): bigint {
  if (captured_minor >= payment.payment_amount_minor) return payment.fee_minor
  const fee = feeOfPaid(captured_minor, exponent, payment.terms.fee)
  return fee < payment.fee_minor ? fee : payment.fee_minor
}

function largest(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

/** What an approved authorization holds, in the invoice's currency. `held_minor` is in the payer's; `null` = what was asked. */
export function authorizedMinor(payment: Payment, held_minor: bigint | null, exponents: Exponents): bigint {
  return paidOf(payment, held_minor, exponents)
}

/** What was paid, in the invoice's currency. `paid_minor` is in the payer's; `null` = what was asked. */
export function paidOf(payment: Payment, paid_minor: bigint | null, exponents: Exponents): bigint {
  if (paid_minor === null) return payment.payment_amount_minor
  if (payment.exchange_rate === null || payment.payment_service_amount_minor === null) return paid_minor
  return paidInInvoiceCurrency({
    paid_minor,
    payment_service_amount_minor: payment.payment_service_amount_minor,
    service_exponent: exponents.service_currency,
    payment_amount_minor: payment.payment_amount_minor,
    exponent: exponents.currency,
    rate: payment.exchange_rate,
  })
}
