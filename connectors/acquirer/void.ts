import type { Outcome, Send, VoidRequest } from '@cascad/connector'
import { idOf, textOf } from '@cascad/connector/answer'
import { call } from './call.ts'
import type { Credentials } from './credentials.ts'
import { readingOf } from './decline-codes.ts'

/**
 * Undoes a payment, by the acquirer's id or by our reference. A reference that is not known there yet is closed: a
 * charge that arrives later under it is refused, so `approved` is final in every case.
 */
export async function voidPayment(request: VoidRequest<Credentials>, send: Send): Promise<Outcome> {
  const { credentials, reference, provider_reference } = request
  const answer = await call(send, {
    credentials,
    method: 'POST',
    path: provider_reference === null ? '/voids' : `/payments/${encodeURIComponent(provider_reference)}/void`,
    idempotency_key: request.void_id,
    body: { terminal: credentials.terminal, reference },
  })
  if (answer.type === 'refused') return answer.outcome
  if (answer.type === 'not_found') return { type: 'unknown', detail: 'the payment to void was not found' }
  if (answer.type !== 'document') return answer
  const { document } = answer
  const id = idOf(document.id)
  if (document.reference !== reference) return { type: 'unknown', detail: 'answer about another reference' }
  if (document.status === 'voided') {
    return {
      type: 'approved',
      provider_reference: id,
      amount_minor: null,
      rrn: null,
      approval_code: null,
      card_token: null,
    }
  }
  if (document.status !== 'declined') return { type: 'unknown', detail: 'answer with an unknown status' }
  const reason = textOf(document.reason)
  return {
    type: 'declined',
    provider_reference: id,
    signals: {
      ...readingOf(reason),
      network_code: null,
      advice_code: null,
      provider_code: reason,
      provider_text: textOf(document.text),
    },
  }
}
