/** One sending of an event: sign, send, say how it ended. Contract: merchant API, 16.2 to 16.4 and 16.6. */
import { privateKey } from '../accounts/private-key.ts'
import type { Context } from '../context.ts'
import { checkTargetUrl } from '../http/target-guard.ts'
import type { ClaimedCallback, TriedCallback } from './callback-event.ts'
import { standardSignature, xSignature } from './sign-callback.ts'

const timeouts = {
  test: { connect_timeout_ms: 10_000, read_timeout_ms: 10_000, total_timeout_ms: 20_000 },
  live: { connect_timeout_ms: 20_000, read_timeout_ms: 20_000, total_timeout_ms: 60_000 },
} as const

const response_bytes_max = 64 * 1024
const error_length_max = 500

/** The longest a sending takes. */
export function sendingTime_ms(test_mode: boolean): number {
  return timeouts[test_mode ? 'test' : 'live'].total_timeout_ms
}

export type SendableEvent = Pick<ClaimedCallback, 'account_id' | 'id' | 'test_mode' | 'body'>

/** What the receiver is told of the series. */
export type AttemptCount = {
  /** Number of this attempt, 1 for the first. */
  readonly number: number
  /** When the next attempt starts if this one fails, in milliseconds since 1970; `null` = there is none. */
  readonly next_ms: number | null
}

/** Any 2xx delivers; everything else, and a target that is refused, is a failed attempt. Signs with the key as it is now. */
export async function sendEvent(
  ctx: Context,
  event: SendableEvent,
  url: string,
  count: AttemptCount,
): Promise<TriedCallback> {
  const started_at = ctx.now()
  const begin = performance.now()
  const result = await send(ctx, event, url, count, started_at)
  const response_code = result.type === 'response' ? result.status : null
  return {
    url,
    response_code,
    error: result.type === 'response' ? null : result.detail.slice(0, error_length_max),
    delivered: response_code !== null && response_code >= 200 && response_code < 300,
    started_at,
    ended_at: ctx.now(),
    duration_ms: Math.round(performance.now() - begin),
  }
}

async function send(ctx: Context, event: SendableEvent, url: string, count: AttemptCount, now: Date) {
  const { allow_private_targets: allow_private } = ctx.config
  if (event.body === null) return { type: 'not_sent', detail: 'the body is past its retention time' } as const
  if (checkTargetUrl(url, { test_mode: event.test_mode, allow_private }) !== 'ok') {
    return { type: 'not_sent', detail: 'target_refused: this URL is not allowed' } as const
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
      'retry-count': String(count.number),
      'next-retry': count.next_ms === null ? '0' : String(Math.floor(count.next_ms / 1000)),
    },
    body: event.body,
    ...timeouts[event.test_mode ? 'test' : 'live'],
    response_bytes_max,
    guard: 'public',
    ignore_body: true,
  })
}
