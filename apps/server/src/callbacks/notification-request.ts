import { createHash } from 'node:crypto'
import { signForShop } from '../accounts/sign-for-shop.ts'
import type { Context } from '../context.ts'
import { notificationAttemptsMax } from './rules/retry-delay.ts'
import type { AttemptCount, ReadyEvent, SigningRequest } from './send-event.ts'

const timeouts = { connect_timeout_ms: 10_000, read_timeout_ms: 10_000, total_timeout_ms: 10_000 } as const

/** As much of an answer is kept for whoever looks for the mistake. */
export const answer_bytes_max = 1024

/** The longest a notification is under way. */
export const notificationTime_ms = timeouts.total_timeout_ms

/** What a notification of a shop carries, signed with the key pair as it is now. Contract: Card API, 16. */
export async function notificationRequest(
  ctx: Context,
  event: ReadyEvent,
  shop_id: number,
  count: AttemptCount,
): Promise<SigningRequest> {
  const { account_id, id, body } = event
  const { authorization, content_signature } = await signForShop(ctx, { account_id, shop_id }, body)
  return {
    headers: {
      authorization,
      'content-signature': content_signature,
      'x-notification-id': notificationId(id),
      // Sent by hand it may be one more than the series has.
      'x-notification-attempt': String(Math.min(count.number, notificationAttemptsMax)),
    },
    ...timeouts,
    response_bytes_max: answer_bytes_max,
    head_of_body: true,
  }
}

/** The id of the event as a UUID: the same in every attempt, also after a restart. Name-based with SHA-256, so version 8. */
export function notificationId(event_id: string): string {
  const hex = createHash('sha256').update(`notification:${event_id}`).digest('hex')
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20, 32)}`
}
