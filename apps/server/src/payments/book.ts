import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { newId } from '../ids.ts'
import { transfersOfAuthorization, transfersOfLateHold } from '../ledger/rules/authorization-transfers.ts'
import { transfersOfLateApproval, transfersOfPayment } from '../ledger/rules/payment-transfers.ts'
import type { Occasion, Stamp, Transfer } from '../ledger/transfer.ts'
import type { Attempt, Payment } from './payment.ts'
import type { Booking } from './rules/news.ts'

/** Time and ids for transfers made now. */
export function stampOf(ctx: Context): Stamp {
  const created_at = ctx.now()
  return { created_at, nextId: () => newId('transfer', created_at) }
}

/** What all transfers of a payment share, in the invoice's currency. */
export function occasionOf(account: Account, payment: Payment): Occasion {
  return {
    ledger_scheme: account.ledger_scheme,
    test_mode: payment.test_mode,
    currency: payment.currency,
    payment_id: payment.id,
  }
}

/** The transfers of a decision. `payment` carries the settled amounts; a late approval is in the currency the gateway charged. */
export function bookingTransfers(
  ctx: Context,
  account: Account,
  payment: Payment,
  attempt: Attempt,
  booking: Booking,
): Transfer[] {
  const occasion = occasionOf(account, payment)
  const { gateway_id } = attempt
  if (booking.kind === 'late_approval') {
    const late = {
      ...occasion,
      currency: attempt.currency,
      attempt_id: attempt.id,
      gateway_id,
      amount_minor: booking.amount_minor,
    }
    return payment.payment_flow === 'authorize'
      ? transfersOfLateHold(late, stampOf(ctx))
      : transfersOfLateApproval(late, stampOf(ctx))
  }
  if (booking.kind === 'authorization') {
    const { authorized_amount_minor } = payment
    const held = { ...occasion, gateway_id, authorized_amount_minor: authorized_amount_minor ?? 0n }
    return transfersOfAuthorization(held, stampOf(ctx))
  }
  const { processed_amount_minor, processed_fee_minor, reserved_amount_minor } = payment
  return transfersOfPayment(
    {
      ...occasion,
      gateway_id,
      processed_amount_minor: processed_amount_minor ?? 0n,
      processed_fee_minor: processed_fee_minor ?? 0n,
      reserved_amount_minor,
    },
    stampOf(ctx),
  )
}
