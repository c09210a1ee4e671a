/** One sending of an event: sign, send, say how it ended. Contract: merchant API, 16.2 to 16.4 and 16.6. */
import { createHash } from 'node:crypto'
import { privateKey } from '../accounts/private-key.ts'
import { signForShop } from '../accounts/sign-for-shop.ts'
import type { Context } from '../context.ts'
import { checkTargetUrl } from '../http/target-guard.ts'
import type { ClaimedCallback, TriedCallback } from './callback-event.ts'
import { standardSignature, xSignature } from './sign-callback.ts'

const timeouts = {
  test: { connect_timeout_ms: 10_000, read_timeout_ms: 10_000, total_timeout_ms: 20_000 },
  live: { connect_timeout_ms: 20_000, read_timeout_ms: 20_000, total_timeout_ms: 60_000 },
  shop: { connect_timeout_ms: 10_000, read_timeout_ms: 10_000, total_timeout_ms: 10_000 },
} as const

const response_bytes_max = 64 * 1024
const error_length_max = 500
/** As much of an answer is kept for whoever looks for the mistake. */
const answer_bytes_max = 1024

/** The longest a sending takes. */
export function sendingTime_ms(test_mode: boolean): number {
  return timeouts[test_mode ? 'test' : 'live'].total_timeout_ms
}

export type SendableEvent = Pick<ClaimedCallback, 'account_id' | 'id' | 'test_mode' | 'body' | 'shop_id'>

/** What the receiver is told of the series. */
export type AttemptCount = {
  /** Number of this attempt, 1 for the first. */
  readonly number: number
  /** When the next attempt starts if this one fails, in milliseconds since 1970; `null` = there is none. */
  readonly next_ms: number | null
}

/**
 * Any 2xx delivers, for a shop of the Card API only 200; everything else, and a target that is refused, is a failed attempt.
 * Signs with the key as it is now.
 */
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
    delivered:
      event.shop_id === null
        ? response_code !== null && response_code >= 200 && response_code < 300
        : response_code === 200,
    response_text: result.type === 'response' ? storable(result.body) : null,
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
  if (event.shop_id !== null)
    return sendNotification(ctx, { ...event, body: event.body, shop_id: event.shop_id }, url, count)
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

type Notification = {
  readonly account_id: string
  readonly id: string
  readonly body: string
  readonly shop_id: number
}

/** A notification of the Card API. Card API contract, 16. */
async function sendNotification(ctx: Context, event: Notification, url: string, count: AttemptCount) {
  const { id, body } = event
  const { authorization, content_signature } = await signForShop(ctx, event, body)
  return ctx.sender.send({
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Cascad-Callback/1',
      authorization,
      'content-signature': content_signature,
      'x-notification-id': notificationId(id),
      'x-notification-attempt': String(count.number),
    },
    body,
    ...timeouts.shop,
    response_bytes_max: answer_bytes_max,
    guard: 'public',
    head_of_body: true,
  })
}

/** The id of the event as a UUID: the same in every attempt, also after a restart. Name-based with SHA-256, so version 8. */
export function notificationId(event_id: string): string {
  const hex = createHash('sha256').update(`notification:${event_id}`).digest('hex')
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20, 32)}`
}

function storable(text: string): string | null {
  const kept = text.slice(0, answer_bytes_max).replaceAll('\0', '').toWellFormed()
  return kept === '' ? null : kept
}
