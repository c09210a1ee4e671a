import type { Send, SendRequest, SendResult } from '@cascad/connector'
import type { EventData, EventName } from '@cascad/provider-kit/events'
import { writeEvent } from '@cascad/provider-kit/write-event'
import type { Credentials } from './credentials.ts'
import { withoutKey } from './hide-key.ts'

/** An answer may have so many bytes; a longer one is not read. */
const answer_bytes_max = 64 * 1024

type Call<E extends EventName> = Pick<SendRequest, 'answer_timeout_ms' | 'listen_ms'> & {
  readonly credentials: Credentials
  readonly event: E
  readonly data: EventData[E]
  /** The same for every repeat of this request, never used for another. Left out = a question. */
  readonly idempotency_key?: string
}

/** One event at the provider's endpoint. Never throws but for data that is no decimal where one must be (RangeError). */
export async function call<E extends EventName>(send: Send, request: Call<E>): Promise<SendResult> {
  const { credentials, event, data, idempotency_key, answer_timeout_ms, listen_ms } = request
  const body = writeEvent(event, data, credentials.event_form ?? 'prefixed')
  const result = await send({
    method: 'POST',
    url: credentials.endpoint_url,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      'user-agent': 'Cascad-Cascade/1',
      'x-api-key': credentials.api_key,
      'x-request-id': crypto.randomUUID(),
      ...(idempotency_key !== undefined && { 'idempotency-key': idempotency_key }),
    },
    body,
    ...(answer_timeout_ms !== undefined && { answer_timeout_ms }),
    ...(listen_ms !== undefined && { listen_ms }),
  })
  return withoutKey(readable(result), credentials.api_key)
}

function readable(result: SendResult): SendResult {
  if (result.type === 'unknown' && result.late) return { ...result, late: result.late.then(readable) }
  if (result.type !== 'response' || Buffer.byteLength(result.body) <= answer_bytes_max) return result
  return { ...result, body: '' }
}

export function isDone(status: number): boolean {
  return status >= 200 && status < 300
}

export function isRefused(status: number): boolean {
  return status >= 400 && status < 500
}
