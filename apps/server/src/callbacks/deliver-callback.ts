import { findAccount } from '../accounts/find-account.ts'
import type { Context } from '../context.ts'
import type { ClaimedCallback, TriedCallback } from './callback-event.ts'
import { nextAttemptAt, nextNotificationAt, type RetryPolicy } from './rules/retry-delay.ts'
import { sendEvent, sendingTime_ms } from './send-event.ts'
import { finishAttempt } from './table.ts'

const attempts_max = 100
const margin_ms = 5000

/**
 * One attempt of a leased event: send it, write down how it ended and when to try again. Returns whether it was delivered,
 * `null` when it came to nothing: the lease would end while it is sent, or `signal` says that nobody waits for it any more.
 * Then the event is sent again when its lease has run out. Retries: merchant API contract, 16.4; Card API contract, 16.
 */
export async function deliverCallback(
  ctx: Context,
  event: ClaimedCallback,
  signal: AbortSignal,
): Promise<boolean | null> {
  const policy = await retryPolicy(ctx, event)
  const attempt = event.attempts + 1
  const now_ms = ctx.now().getTime()
  // Whoever leases it after us must not find us still sending.
  if (event.leased_until.getTime() - now_ms < sendingTime_ms(event) + margin_ms) return null
  const tried = await sendEvent(ctx, event, event.url, {
    number: event.attempts + event.manual_attempts + 1,
    // The pause counts from the end of this attempt, so this is the earliest time.
    next_ms: event.resend || event.shop_id !== null ? null : nextAttemptAt(attempt, now_ms, policy),
  })
  if (signal.aborted && tried.response_code === null) return null
  const next = nextOf(event, attempt, tried, policy)
  const written = await finishAttempt(ctx.sql, event, tried, next)
  if (written) {
    const result = next.status === 'queued' ? 'retry' : tried.delivered ? 'done' : 'failed'
    ctx.events.callbackTried({ event_id: event.id, result, response_code: tried.response_code, attempt })
    if (result === 'failed' && event.shop_id !== null && !event.resend) giveUp(ctx, event, event.shop_id, tried)
  }
  return tried.delivered
}

/** A shop that does not know the end of its transaction, and will not be told again. */
function giveUp(ctx: Context, event: ClaimedCallback, shop_id: number, { response_code, error }: TriedCallback): void {
  const { account_id, id: event_id } = event
  ctx.events.alarm('notification given up', { account_id, shop_id, event_id, response_code, error })
}

async function retryPolicy(ctx: Context, event: ClaimedCallback): Promise<RetryPolicy> {
  const account = await findAccount(ctx, event.account_id)
  return {
    attempts_max: account?.options.callback_attempts_max ?? attempts_max,
    interval_ms: ctx.config.callback_interval_ms,
  }
}

function retryAt(event: ClaimedCallback, attempt: number, ended_ms: number, policy: RetryPolicy): number | null {
  return event.shop_id === null
    ? nextAttemptAt(attempt, ended_ms, policy)
    : nextNotificationAt(attempt, ended_ms, Math.random())
}

function nextOf(event: ClaimedCallback, attempt: number, tried: TriedCallback, policy: RetryPolicy) {
  if (tried.delivered) return { status: 'done', due_at: null } as const
  const at = event.resend ? null : retryAt(event, attempt, tried.ended_at.getTime(), policy)
  return at === null
    ? ({ status: 'failed', due_at: null } as const)
    : ({ status: 'queued', due_at: new Date(at) } as const)
}
