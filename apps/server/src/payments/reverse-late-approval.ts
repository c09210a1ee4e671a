/** Takes an attempt back that was given up: the money of a late approval, or an order that somebody may still pay. Rules 12. */
import type { Outcome } from '@cascad/connector'
import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { findHolds } from '../ledger/find-holds.ts'
import { transfersOfLateHoldReleased } from '../ledger/rules/authorization-transfers.ts'
import { transfersOfReversal } from '../ledger/rules/payment-transfers.ts'
import type { Transfer } from '../ledger/transfer.ts'
import { getGateway } from '../routing/load-routing.ts'
import { occasionOf, stampOf } from './book.ts'
import { sendVoid } from './call-gateway.ts'
import { changePayment } from './change-payment.ts'
import { checkAttempt, openAttempt } from './check-attempt.ts'
import type { State } from './find-payment.ts'
import { type Attempt, isClosed, type Payment } from './payment.ts'
import { restUntil } from './rules/rest-until.ts'

/** How often an order is taken back that no money is known of: some six hours. */
const takeBacks_max = 12

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
    // Due again when this step is not confirmed: changePayment sees to that.
    payment: { due_at: null },
    attempt: { ...attempt, reversal_status: 'sent', lookups: attempt.lookups + 1 },
  })
  if (!asked) return
  const outcome: Outcome = gateway
    ? await sendVoid(ctx, gateway, attempt, `${attempt.id}-void`)
    : { type: 'unknown', detail: `gateway ${attempt.gateway_id} is gone` }
  const sent = asked.attempts.find(({ number }) => number === attempt.number) as Attempt
  if (outcome.type !== 'approved') {
    ctx.events.alarm(attempt.late_approval ? 'double_charge' : 'an expired order could not be taken back', {
      payment_id: attempt.payment_id,
      attempt_number: attempt.number,
      gateway_id: attempt.gateway_id,
      outcome: outcome.type,
    })
    if (!attempt.late_approval) await lookAgain(ctx, account, asked, sent, outcome)
    return
  }
  await changePayment(ctx, account, asked, {
    payment: { due_at: dueAfter(asked, ctx.now()) },
    attempt: { ...sent, reversal_status: 'done' },
    transfers: attempt.late_approval ? await reversalTransfers(ctx, account, asked.payment, attempt) : [],
  })
}

async function reversalTransfers(
  ctx: Context,
  account: Account,
  payment: Payment,
  attempt: Attempt,
): Promise<Transfer[]> {
  if (payment.payment_flow === 'verify') return []
  if (payment.payment_flow === 'authorize')
    return transfersOfLateHoldReleased(await findHolds(ctx.sql, account.id, attempt.id), stampOf(ctx))
  const { currency, gateway_id, id: attempt_id } = attempt
  const amount_minor = attempt.approved_amount_minor ?? attempt.amount_minor
  return transfersOfReversal(
    { ...occasionOf(account, payment), currency, attempt_id, gateway_id, amount_minor },
    stampOf(ctx),
  )
}

/**
 * An expired order that cannot be taken back: perhaps somebody has paid it. After a while of refusals nobody will; a gateway
 * that does not answer has refused nothing.
 */
async function lookAgain(
  ctx: Context,
  account: Account,
  state: State,
  attempt: Attempt,
  outcome: Outcome,
): Promise<void> {
  const known = await checkAttempt(ctx, account, state, attempt)
  const paid = known.attempts.some(({ number, late_approval }) => number === attempt.number && late_approval)
  if (paid || attempt.lookups < takeBacks_max || outcome.type !== 'declined') return
  await changePayment(ctx, account, known, {
    payment: { due_at: dueAfter(known, ctx.now()) },
    attempt: { ...attempt, reversal_status: 'failed' },
  })
}

/** What the payment waits for once the reversal is through. */
function dueAfter(state: State, now: Date): Payment['due_at'] {
  const { payment } = state
  if (openAttempt(state)) return payment.due_at
  return isClosed(payment) ? restUntil(payment, now) : payment.expires_at
}
