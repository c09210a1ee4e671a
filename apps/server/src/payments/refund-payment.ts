/** Gives a paid amount back, whole or in part, as merchants of the merchant API ask for it. Contract 12.1. */
import { formatMinor } from '@cascad/money'
import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { getExponent } from '../directory/currencies.ts'
import { messages } from '../http/messages.ts'
import { InvalidFields } from '../http/problem.ts'
import { orderOperation } from './order-operation.ts'
import type { Payment } from './payment.ts'
import { canOperate } from './rules/operate.ts'

export type RefundWish = {
  /** In the invoice's currency; `null` = all that is left. */
  readonly amount_minor: bigint | null
  readonly reference_id: string
  readonly description: string | null
}

/** `refused`: the payment's state or a used reference_id forbids it, and nothing changed. */
export type Refunded = { readonly payment: Payment; readonly refused: boolean }

/** May this payment be refunded now? The status keeps it to one refund at a time. */
export function isRefundable(payment: Payment): boolean {
  return canOperate(payment, 'refund', { refund: true }) && leftOf(payment) > 0n
}

function leftOf(payment: Payment): bigint {
  return (payment.processed_amount_minor ?? 0n) - (payment.refunded_amount_minor ?? 0n)
}

/** How long the answer waits for the gateway is the gateway's read limit; a gateway that does not answer leaves it pending. */
export async function refundPayment(
  ctx: Context,
  account: Account,
  payment: Payment,
  wish: RefundWish,
): Promise<Refunded> {
  const ordered = await orderOperation(ctx, account, payment.id, { kind: 'refund', capture_id: null, ...wish })
  const { refused, state } = ordered
  if (refused === null) {
    const winner = state.attempts.find((attempt) => attempt.winner)
    if (winner && ctx.connectors.get(winner.connector)?.requisites)
      ctx.events.alarm('a refund is to be paid out by hand', { payment_id: payment.id, gateway_id: winner.gateway_id })
    return { payment: state.payment, refused: false }
  }
  if (refused === 'funds') throw new InvalidFields({ amount: messages.noFunds })
  const { left_minor } = ordered
  if (refused === 'state' || refused === 'reference' || left_minor === 0n)
    return { payment: state.payment, refused: true }
  const { amount_minor } = wish
  if (amount_minor !== null && amount_minor <= 0n) throw new InvalidFields({ amount: messages.notPositive })
  const left = formatMinor(left_minor, await getExponent(ctx, state.payment.currency))
  throw new InvalidFields({ amount: messages.atMost(left) })
}
