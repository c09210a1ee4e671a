/** One delivery of one event: sign, send, write down how it ended. Contract: merchant API, 16.2 to 16.4. */
import { findAccount } from '../accounts/find-account.ts'
import { privateKey } from '../accounts/private-key.ts'
import type { Context } from '../context.ts'
import { checkTargetUrl } from '../http/target-guard.ts'
import type { CallbackStatus, ClaimedCallback, TriedCallback } from './callback-event.ts'
import { nextAttemptAt, type RetryPolicy } from './rules/retry-delay.ts'
import { standardSignature, xSignature } from './sign-callback.ts'
import { finishAttempt } from './table.ts'

const timeouts = {
  test: { connect_timeout_ms: 10_000, read_timeout_ms: 10_000, total_timeout_ms: 20_000 },
  live: { connect_timeout_ms: 20_000, read_timeout_ms: 20_000, total_timeout_ms: 60_000 },
} as const

const response_bytes_max = 64 * 1024

/** What of an event is needed to send it. */
export type SendableEvent = Pick<ClaimedCallback, 'account_id' | 'id' | 'test_mode' | 'body'>

/** Sends the event and writes the result down. The answer says whether the merchant has it now. */
export async function deliverCallback(ctx: Context, event: ClaimedCallback): Promise<void> {
  const policy = await retryPolicy(ctx, event)
  const attempt = event.attempts + (event.resend ? 0 : 1)
  const started_at = ctx.now()
  // A lower bound: the pause counts from the end of this attempt.
  const next_ms = event.resend ? null : nextAttemptAt(attempt, started_at.getTime(), policy)
  const tried = await sendEvent(ctx, event, event.url, { attempt, next_ms })
  const next = nextOf(event, attempt, tried, policy)
  const number = await finishAttempt(ctx.sql, event, tried, next)
  if (number === null) return
  const result = next.status === 'done' ? 'done' : next.status === 'failed' ? 'failed' : 'retry'
  ctx.events.callbackTried({ event_id: event.id, result, response_code: tried.response_code, attempt })
}

async function retryPolicy(ctx: Context, event: SendableEvent): Promise<RetryPolicy> {
  const account = await findAccount(ctx, event.account_id)
  return { attempts_max: account?.options.callback_attempts_max ?? 100, interval_ms: ctx.config.callback_interval_ms }
}

function nextOf(
  event: ClaimedCallback,
  attempt: number,
  tried: TriedCallback,
  policy: RetryPolicy,
): { status: CallbackStatus; due_at: Date | null } {
  if (tried.delivered) return { status: 'done', due_at: null }
  if (event.resend) return { status: event.status, due_at: null }
  const at = nextAttemptAt(attempt, tried.ended_at.getTime(), policy)
  return at === null ? { status: 'failed', due_at: null } : { status: 'queued', due_at: new Date(at) }
}

/** Signs and sends to `url`. Any 2xx delivers; everything else, and a target that is refused, is a failed attempt. */
export async function sendEvent(
  ctx: Context,
  event: SendableEvent,
  url: string,
  count: { readonly attempt: number; readonly next_ms: number | null },
): Promise<TriedCallback> {
  const started_at = ctx.now()
  const begin = performance.now()
  const result = await send(ctx, event, url, count, started_at)
  const ended_at = ctx.now()
  const response_code = result.type === 'response' ? result.status : null
  return {
    url,
    response_code,
    error: result.type === 'response' ? null : result.detail.slice(0, 500),
    delivered: response_code !== null && response_code >= 200 && response_code < 300,
    started_at,
    ended_at,
    duration_ms: Math.round(performance.now() - begin),
  }
}

async function send(
  ctx: Context,
  event: SendableEvent,
  url: string,
  count: { readonly attempt: number; readonly next_ms: number | null },
  now: Date,
) {
  const { allow_private_targets: allow_private } = ctx.config
  if (event.body === null) return { type: 'not_sent', detail: 'the body is past its retention time' } as const
  if (checkTargetUrl(url, { test_mode: event.test_mode, allow_private }) !== 'ok') {
    return { type: 'not_sent', detail: 'this target is not allowed' } as const
  }
  const secret = await privateKey(ctx, event.account_id, event.test_mode)
  const timestamp = String(Math.floor(now.getTime() / 1000))
  return ctx.sender.send({
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Cascad-Callback/1',
      'x-signature': xSignature(secret, event.body),
      'webhook-id': event.id,
      'webhook-timestamp': timestamp,
      'webhook-signature': standardSignature(secret, event.id, timestamp, event.body),
      'retry-count': String(count.attempt),
      'next-retry': count.next_ms === null ? '0' : String(Math.floor(count.next_ms / 1000)),
    },
    body: event.body,
    ...timeouts[event.test_mode ? 'test' : 'live'],
    response_bytes_max,
    guard: 'public',
    ignore_body: true,
  })
}
