/** What a payment comes to that had ended, or went on elsewhere, and turns out to be paid by an attempt after all. Pure. */
import type { Attempt, Payment } from '../payment.ts'
import { type Exponents, settle } from './settle.ts'

export type PaidLate = {
  readonly payment: Payment
  readonly attempts: readonly Attempt[]
  /** The attempt that was paid. */
  readonly number: number
  /** What the payer has sent, in the currency he pays in. */
  readonly amount_minor: bigint
  readonly exponents: Exponents
  readonly now: Date
}

const open: ReadonlySet<Attempt['status']> = new Set<Attempt['status']>(['sent', 'incomplete', 'unknown'])

/** Amounts by the payment's own tariff and rate; `attempt` is the one that was paid. */
export function paidLate(paid: PaidLate, attempt: Attempt): Partial<Payment> {
  const { payment, amount_minor, exponents, now } = paid
  const { partial, ...settled } = settle(payment, amount_minor, exponents, now)
  return {
    ...settled,
    status: partial ? 'partially_processed' : 'processed',
    resolution: 'ok',
    payment_status: 'processed',
    processed_at: now,
    original_data: {
      ...payment.original_data,
      provider_id: attempt.provider_reference ?? payment.original_data.provider_id,
    },
    due_at: dueAfter(paid, settled.reserve_expires_at),
  }
}

/** Another attempt that is open is looked at: requisites that nobody need pay any more are given up. */
export function dueAfter(
  { attempts, number, now }: Pick<PaidLate, 'attempts' | 'number' | 'now'>,
  rest: Date | null,
): Date | null {
  return attempts.some((one) => one.number !== number && open.has(one.status)) ? now : rest
}
