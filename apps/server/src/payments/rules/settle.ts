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
  const processed = paidOf(payment, paid_minor, exponents)
  const asked = processed === payment.payment_amount_minor
  const fee = asked ? payment.fee_minor : feeOfPaid(processed, exponents.currency, payment.terms.fee)
  const deposit = processed - fee
  const { reserve_rate, reserve_lifetime_minutes } = payment.terms
  const reserves = reserve_rate !== null && reserve_lifetime_minutes !== null && reserve_lifetime_minutes > 0
  const reserve = reserves ? reserveOf(processed, deposit, reserve_rate, exponents.currency) : 0n
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

function paidOf(payment: Payment, paid_minor: bigint | null, exponents: Exponents): bigint {
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
