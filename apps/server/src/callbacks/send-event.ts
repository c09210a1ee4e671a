/** One sending of an event: sign, send, say how it ended. Contracts: merchant API, 16.2 to 16.4 and 16.6; Card API, 16. */
import type { Context } from '../context.ts'
import type { SendOptions } from '../http/send.ts'
import { checkTargetUrl } from '../http/target-guard.ts'
import type { ClaimedCallback, TriedCallback } from './callback-event.ts'
import { callbackRequest, callbackTime_ms } from './callback-request.ts'
import { notificationRequest, notificationTime_ms } from './notification-request.ts'
import { answerText } from './rules/answer-text.ts'

const error_length_max = 500

export type SendableEvent = Pick<ClaimedCallback, 'account_id' | 'id' | 'test_mode' | 'body' | 'shop_id'>

/** An event whose body is still there. */
export type ReadyEvent = SendableEvent & { readonly body: string }

/** What the receiver is told of the series. */
export type AttemptCount = {
  /** Number of this attempt, 1 for the first. */
  readonly number: number
  /** When the next attempt starts if this one fails, in milliseconds since 1970; `null` = there is none, or nobody knows yet. */
  readonly next_ms: number | null
}

/** The part of a request that differs between the ways of telling a merchant. */
export type SigningRequest = Omit<SendOptions, 'method' | 'url' | 'body' | 'guard'>

/** The longest a sending takes. */
export function sendingTime_ms(event: Pick<SendableEvent, 'test_mode' | 'shop_id'>): number {
  return event.shop_id === null ? callbackTime_ms(event.test_mode) : notificationTime_ms
}

/**
 * Any 2xx delivers a callback, only 200 a notification of a shop; everything else, and a target that is refused, is a failed
 * attempt. Signs with the key as it is now.
 */
export async function sendEvent(
  ctx: Context,
  event: SendableEvent,
  url: string,
  count: AttemptCount,
): Promise<TriedCallback> {
  const started_at = ctx.now()
  const begin = performance.now()
  const result = await send(ctx, event, url, count)
  const response_code = result.type === 'response' ? result.status : null
  return {
    url,
    response_code,
    error: result.type === 'response' ? null : result.detail.slice(0, error_length_max),
    delivered: response_code !== null && isDelivered(event, response_code),
    response_text: result.type === 'response' ? answerText(result.body) : null,
    started_at,
    ended_at: ctx.now(),
    duration_ms: Math.round(performance.now() - begin),
  }
}

function isDelivered({ shop_id }: SendableEvent, status: number): boolean {
  return shop_id === null ? status >= 200 && status < 300 : status === 200
}

async function send(ctx: Context, event: SendableEvent, url: string, count: AttemptCount) {
  const { body, shop_id, test_mode } = event
  const { allow_private_targets: allow_private } = ctx.config
  if (body === null) return { type: 'not_sent', detail: 'the body is past its retention time' } as const
  if (checkTargetUrl(url, { test_mode, allow_private }) !== 'ok') {
    return { type: 'not_sent', detail: 'target_refused: this URL is not allowed' } as const
  }
  const ready = { ...event, body }
  const { headers, ...limits } =
    shop_id === null ? await callbackRequest(ctx, ready, count) : await notificationRequest(ctx, ready, shop_id, count)
  return ctx.sender.send({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', 'user-agent': 'Cascad-Callback/1', ...headers },
    body,
    guard: 'public',
    ...limits,
  })
}
