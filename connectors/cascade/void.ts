import type { Outcome, Send, SendResult, VoidRequest } from '@cascad/connector'
import { call, isDone, isRefused } from './call.ts'
import type { Credentials } from './credentials.ts'
import { readJson } from './read-json.ts'
import { textOf } from './read-refusal.ts'

const answer_timeout_ms = 10_000

/** CANCEL_PAYMENT: tells the provider that nobody is to pay any more. */
export async function voidPayment(request: VoidRequest<Credentials>, send: Send): Promise<Outcome> {
  const { credentials, provider_reference: id, attempt_id } = request
  if (id === null) return { type: 'not_sent', detail: 'the provider has told no id to cancel by' }
  const idempotency_key = `cancel:${attempt_id}`
  const data = { id }
  return readCancel(
    await call(send, { credentials, event: 'CANCEL_PAYMENT', data, idempotency_key, answer_timeout_ms }),
    id,
  )
}

/**
 * What every answer to CANCEL_PAYMENT means: `pending` = delivered, `declined` = delivered, and the provider does not cancel;
 * all others are to be repeated. None is `approved`: a payer may have paid before, and only GET_PAYMENT tells.
 * Source: Cascade API contract, sections 3.3 and 4.3.
 */
export function readCancel(result: SendResult, id: string): Outcome {
  if (result.type === 'not_sent') return result
  if (result.type === 'unknown') return { type: 'unknown', detail: result.detail }
  const { status, body } = result
  if (isDone(status)) return { type: 'pending', provider_reference: id }
  if (!isRefused(status)) return { type: 'unknown', detail: `answered status ${status}` }
  const signals = {
    resolution: null,
    unified_code: null,
    network_code: null,
    advice_code: null,
    provider_code: String(status),
    provider_text: textOf(readJson(body), body),
  }
  return { type: 'declined', provider_reference: id, signals, class: 'refusal' }
}
