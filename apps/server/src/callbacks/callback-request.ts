import { privateKey } from '../accounts/private-key.ts'
import type { Context } from '../context.ts'
import type { AttemptCount, ReadyEvent, SigningRequest } from './send-event.ts'
import { standardSignature, xSignature } from './sign-callback.ts'

const timeouts = {
  test: { connect_timeout_ms: 10_000, read_timeout_ms: 10_000, total_timeout_ms: 20_000 },
  live: { connect_timeout_ms: 20_000, read_timeout_ms: 20_000, total_timeout_ms: 60_000 },
} as const

const response_bytes_max = 64 * 1024

/** The longest a callback of the mode is under way. */
export function callbackTime_ms(test_mode: boolean): number {
  return timeouts[test_mode ? 'test' : 'live'].total_timeout_ms
}

/** What a callback of the merchant API carries, signed with the key of its mode as it is now. Contract: merchant API, 16.2 to 16.4. */
export async function callbackRequest(ctx: Context, event: ReadyEvent, count: AttemptCount): Promise<SigningRequest> {
  const secret = await privateKey(ctx, event.account_id, event.test_mode)
  const timestamp = String(Math.floor(ctx.now().getTime() / 1000))
  return {
    headers: {
      'x-signature': xSignature(secret, event.body),
      'webhook-id': event.id,
      'webhook-timestamp': timestamp,
      'webhook-signature': standardSignature(secret, event.id, timestamp, event.body),
      'retry-count': String(count.number),
      'next-retry': count.next_ms === null ? '0' : String(Math.floor(count.next_ms / 1000)),
    },
    ...timeouts[event.test_mode ? 'test' : 'live'],
    response_bytes_max,
    ignore_body: true,
  }
}
