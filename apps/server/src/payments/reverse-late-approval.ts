/** Gives back the money of an approval that came after its attempt was given up. Cascading rules 12. */
import type { Outcome } from '@cascad/connector'
import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { transfersOfReversal } from '../ledger/rules/payment-transfers.ts'
import { getGateway } from '../routing/load-routing.ts'
import { occasionOf, stampOf } from './book.ts'
import { sendVoid } from './call-gateway.ts'
import { changePayment } from './change-payment.ts'
import { openAttempt } from './check-attempt.ts'
import type { State } from './find-payment.ts'
import type { Attempt, Payment } from './payment.ts'
import { nextLookup } from './rules/lookup-schedule.ts'

/**
 * One step of the reversal: order it under one key, and order it again under the same key until it is confirmed. A repeat
 * under the key is the same reversal at the gateway, so the money goes back once.
 */
export async function reverseLateApproval(
  ctx: Context,
  account: Account,
  start: State,
  attempt: Attempt,
): Promise<void> {
  const gateway = await getGateway(ctx, attempt.gateway_id)
  const asked = await changePayment(ctx, account, start, {
    payment: { due_at: nextLookup('unknown', attempt.lookups, ctx.now(), start.payment.expires_at) },
    attempt: { ...attempt, reversal_status: 'sent', lookups: attempt.lookups + 1 },
  })
  if (!asked) return
  const outcome: Outcome = gateway
    ? await sendVoid(ctx, gateway, attempt, `${attempt.id}-void`)
    : { type: 'unknown', detail: `gateway ${attempt.gateway_id} is gone` }
  const sent = asked.attempts.find(({ number }) => number === attempt.number) as Attempt
  const done = outcome.type === 'approved'
  if (!done) {
    ctx.events.alarm('double_charge', {
      payment_id: attempt.payment_id,
      number: attempt.number,
      gateway_id: attempt.gateway_id,
      outcome: outcome.type,
    })
    return
  }
  const late = {
    ...occasionOf(account, asked.payment),
    currency: attempt.currency,
    attempt_id: attempt.id,
    gateway_id: attempt.gateway_id,
    amount_minor: attempt.approved_amount_minor ?? attempt.amount_minor,
  }
  await changePayment(ctx, account, asked, {
    payment: { due_at: dueAfter(asked) },
    attempt: { ...sent, reversal_status: 'done' },
    transfers: asked.payment.payment_flow === 'charge' ? transfersOfReversal(late, stampOf(ctx)) : [],
  })
}

/** What the payment waits for once the reversal is through. */
function dueAfter(state: State): Payment['due_at'] {
  const { payment } = state
  if (openAttempt(state)) return payment.due_at
  if (payment.unreserved === false) return payment.reserve_expires_at
  return payment.processed_at !== null || payment.payment_status === 'process_failed' ? null : payment.expires_at
}
