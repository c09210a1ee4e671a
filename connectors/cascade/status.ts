import type { Outcome, Send, SendResult, StatusRequest } from '@cascad/connector'
import { call, isDone } from './call.ts'
import type { Credentials } from './credentials.ts'
import { readJson } from './read-json.ts'

const answer_timeout_ms = 10_000

/**
 * GET_PAYMENT. Asks by the provider's id: without one there is nothing to ask by. A question that fails changes nothing, and
 * `not_found` proves nothing: the payer may have transferred all the same.
 */
export async function status(request: StatusRequest<Credentials>, send: Send): Promise<Outcome> {
  const { credentials, provider_reference: id } = request
  if (id === null) return { type: 'unknown', detail: 'the provider has told no id to ask by' }
  return readStatus(await call(send, { credentials, event: 'GET_PAYMENT', data: { id }, answer_timeout_ms }), id)
}

/** What every answer to GET_PAYMENT means. Source: Cascade API contract, section 4.2. */
export function readStatus(result: SendResult, id: string): Outcome {
  if (result.type !== 'response') return { type: 'unknown', detail: result.detail }
  if (result.status === 404) return { type: 'not_found' }
  if (!isDone(result.status)) return { type: 'unknown', detail: `answered status ${result.status}` }
  switch (readJson(result.body)?.status) {
    case 'pending':
      return { type: 'pending', provider_reference: id }
    case 'appeal':
      return { type: 'pending', provider_reference: id, appeal: true }
    case 'success':
      return {
        type: 'approved',
        provider_reference: id,
        amount_minor: null,
        rrn: null,
        approval_code: null,
        card_token: null,
      }
    case 'failed':
      return { type: 'declined', provider_reference: id, signals: failed, class: 'payer_window' }
    default:
      return { type: 'unknown', detail: 'answer without a known status' }
  }
}

const failed = {
  resolution: null,
  unified_code: null,
  network_code: null,
  advice_code: null,
  provider_code: 'failed',
  provider_text: null,
} as const
