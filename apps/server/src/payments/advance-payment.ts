/** What a worker does with a payment whose time has come. The rows alone say what is next, so a restart needs nothing else. */
import { getAccount } from '../accounts/find-account.ts'
import type { Context } from '../context.ts'
import { applyOutcome } from './apply-outcome.ts'
import { callTimeout_ms } from './call-gateway.ts'
import { changePayment } from './change-payment.ts'
import { checkAttempt, openAttempt } from './check-attempt.ts'
import { loadState, type State } from './find-payment.ts'
import { isClosed } from './payment.ts'
import { releaseReserve } from './release-reserve.ts'
import { reverseLateApproval } from './reverse-late-approval.ts'
import { failureOf } from './rules/decide.ts'
import { runningOf, startRun } from './running.ts'
import { startCascade, startsByItself } from './start-payment.ts'
import { postpone } from './table.ts'

/** Slack after the longest possible call before a sent attempt counts as orphaned. */
const orphanSlack_ms = 5_000

/** Takes the next step of the payment, if it is due. Safe to repeat, and beside any other writer. */
export async function advancePayment(
  ctx: Context,
  account_id: string,
  id: string,
  stopping: AbortSignal,
): Promise<void> {
  const state = await loadState(ctx, account_id, id)
  const { payment } = state
  const now = ctx.now()
  if (payment.due_at === null || payment.due_at > now) return
  if (runningOf(ctx, id)) return postpone(ctx.sql, payment, new Date(now.getTime() + orphanSlack_ms))
  const account = await getAccount(ctx, account_id)

  const reversal = state.attempts.find(
    ({ reversal_status }) => reversal_status !== null && reversal_status !== 'done' && reversal_status !== 'failed',
  )
  if (reversal) return reverseLateApproval(ctx, account, state, reversal)
  const attempt = openAttempt(state)
  if (attempt?.status === 'sent') {
    const orphaned_at = new Date(attempt.sent_at.getTime() + callTimeout_ms(attempt.test_mode) + orphanSlack_ms)
    if (orphaned_at > now) return postpone(ctx.sql, payment, orphaned_at)
    const lost = { type: 'unknown', detail: 'the process that sent it ended before the answer' } as const
    const { state: known } = await applyOutcome(ctx, account, state, attempt.number, lost, null)
    const unknown = openAttempt(known)
    if (unknown) await checkAttempt(ctx, account, known, unknown)
    return
  }
  if (attempt) {
    const checked = await checkAttempt(ctx, account, state, attempt)
    const still = openAttempt(checked)
    // A card that waits for its payer ends with the lifetime; what is unknown does not.
    if (still?.status === 'incomplete' && payment.expires_at <= ctx.now()) {
      await applyOutcome(ctx, account, checked, still.number, { type: 'time_over' }, null)
    }
    return
  }
  if (payment.reserve_expires_at !== null && payment.unreserved === false) return releaseReserve(ctx, account, state)
  if (isClosed(payment)) return void (await changePayment(ctx, account, state, { payment: { due_at: null } }))
  if (payment.expires_at <= now) return expire(ctx, state)
  if (startsByItself(payment)) return void (await startRun(ctx, id, () => startCascade(ctx, account, state, stopping)))
  // The payer may try again until the end of the lifetime.
  return postpone(ctx.sql, payment, payment.expires_at)
}

/** The lifetime is over and no attempt is open. Contract 8.1. */
async function expire(ctx: Context, state: State): Promise<void> {
  const { payment } = state
  const account = await getAccount(ctx, payment.account_id)
  const patch =
    payment.status === 'created'
      ? ({ status: 'expired', resolution: 'expired', payment_status: 'revoked', due_at: null } as const)
      : failureOf({ payment, payerMayRetry: false }, 'expired')
  await changePayment(ctx, account, state, { payment: patch })
}
