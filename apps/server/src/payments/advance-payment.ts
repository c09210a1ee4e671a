/** What a worker does with a payment whose time has come. The rows alone say what is next, so a restart needs nothing else. */
import type { Account } from '../accounts/account.ts'
import { getAccount } from '../accounts/find-account.ts'
import type { Context } from '../context.ts'
import { getGateway } from '../routing/load-routing.ts'
import { applyOutcome } from './apply-outcome.ts'
import { callTimeout_ms, longestCall_ms } from './call-gateway.ts'
import { changePayment, openReversal } from './change-payment.ts'
import { checkAttempt, openAttempt } from './check-attempt.ts'
import { loadState, type State } from './find-payment.ts'
import { lookAfterHold } from './look-after-hold.ts'
import { type Attempt, isClosed, type Payment } from './payment.ts'
import { releaseReserve } from './release-reserve.ts'
import { reverseLateApproval } from './reverse-late-approval.ts'
import { failureOf } from './rules/failure-of.ts'
import { unknownDeadline_ms } from './rules/lookup-schedule.ts'
import { isHeld, restUntil } from './rules/rest-until.ts'
import { runningOf, startRun } from './running.ts'
import { startCascade, startsByItself } from './start-payment.ts'
import { postpone } from './table.ts'
import { takeBackUnknown } from './take-back-unknown.ts'

/** How long a payment is left alone that something else looks after. */
const aside_ms = 10 * 60_000
/** Slack after the longest possible call before a sent attempt counts as orphaned. */
const orphanSlack_ms = 5_000

/** Takes the next step of the payment, if it is due. Safe to repeat, and beside any other writer. */
export async function advancePayment(
  ctx: Context,
  account_id: string,
  id: string,
  stopping: AbortSignal,
): Promise<void> {
  let state = await loadState(ctx, account_id, id)
  const now = ctx.now()
  if (state.payment.due_at === null || state.payment.due_at > now) return
  if (runningOf(ctx, id)) return postpone(ctx.sql, state.payment, new Date(now.getTime() + orphanSlack_ms))
  const account = await getAccount(ctx, account_id)

  const reversal = openReversal(state.attempts)
  if (reversal) {
    await reverseLateApproval(ctx, account, state, reversal)
    state = await loadState(ctx, account_id, id)
    // A reversal that is never confirmed must not keep the rest of the payment waiting.
    if (!needsMore(state, now)) return
  }
  const { payment } = state
  const attempt = openAttempt(state)
  if (attempt?.status === 'sent') return resolveOrphan(ctx, account, state, attempt)
  if (attempt?.action?.kind === 'requisites') return lookAfterRequisites(ctx, account, state, attempt)
  if (attempt) return askAgain(ctx, account, state, attempt)
  if (reserveIsDue(payment, now)) return releaseReserve(ctx, account, state)
  if (isHeld(payment)) return void (await lookAfterHold(ctx, account, state))
  if (isClosed(payment))
    return void (await changePayment(ctx, account, state, { payment: { due_at: restUntil(payment, now) } }))
  if (payment.expires_at <= now) return expire(ctx, state)
  if (lostItsCard(state)) return failUnsent(ctx, account, state)
  if (startsByItself(payment)) return void (await startRun(ctx, id, () => startCascade(ctx, account, state, stopping)))
  // The payer may try again until the end of the lifetime.
  return postpone(ctx.sql, payment, payment.expires_at)
}

/** What the payer sees is asked about by a schedule of its own; what he need not pay any more is given up. Cascade API, 7.3. */
async function lookAfterRequisites(ctx: Context, account: Account, state: State, attempt: Attempt): Promise<void> {
  if (!isClosed(state.payment)) return postpone(ctx.sql, state.payment, new Date(ctx.now().getTime() + aside_ms))
  await applyOutcome(ctx, account, state, attempt.number, { type: 'given_up', then: 'end' }, null)
}

function reserveIsDue({ unreserved, reserve_expires_at }: Payment, now: Date): boolean {
  return unreserved === false && reserve_expires_at !== null && reserve_expires_at <= now
}

function needsMore(state: State, now: Date): boolean {
  const { payment } = state
  if (openAttempt(state)) return true
  return isClosed(payment) ? reserveIsDue(payment, now) || isHeld(payment) : payment.expires_at <= now
}

/** A call that nobody waits for any more: the process that made it has died, so its outcome is unknown. Rules 5.5. */
async function resolveOrphan(ctx: Context, account: Account, state: State, attempt: Attempt): Promise<void> {
  const gateway = await getGateway(ctx, attempt.gateway_id)
  const longest_ms = gateway ? longestCall_ms(ctx, gateway) : callTimeout_ms(attempt.test_mode)
  const orphaned_at = new Date(attempt.sent_at.getTime() + longest_ms + orphanSlack_ms)
  if (orphaned_at > ctx.now()) return postpone(ctx.sql, state.payment, orphaned_at)
  const lost = { type: 'unknown', detail: 'the process that sent it ended before the answer' } as const
  const { state: known } = await applyOutcome(ctx, account, state, attempt.number, lost, null)
  const unknown = openAttempt(known)
  if (unknown) await checkAttempt(ctx, account, known, unknown)
}

async function askAgain(ctx: Context, account: Account, state: State, attempt: Attempt): Promise<void> {
  const checked = await checkAttempt(ctx, account, state, attempt)
  const still = openAttempt(checked)
  const now = ctx.now()
  // What waits for its payer ends with the lifetime, or once the payment was paid otherwise; what is unknown does not.
  if (still?.status === 'incomplete' && (state.payment.expires_at <= now || isClosed(state.payment))) {
    await applyOutcome(ctx, account, checked, still.number, { type: 'time_over' }, null)
  }
  if (still?.status === 'unknown' && still.sent_at.getTime() + unknownDeadline_ms <= now.getTime()) {
    await takeBackUnknown(ctx, account, checked, still)
  }
}

/** The card came with the request and is gone with the process that took it; no gateway has been called. */
function lostItsCard({ payment, attempts }: State): boolean {
  return payment.source === 'card_api' && attempts.length === 0
}

async function failUnsent(ctx: Context, account: Account, state: State): Promise<void> {
  const failure = failureOf({ payment: state.payment, payerMayRetry: false }, 'provider_error')
  await changePayment(ctx, account, state, { payment: { ...failure, unified_code: 'F.2006' } })
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
