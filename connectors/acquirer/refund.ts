import type { OperationRequest, Outcome, Send } from '@cascad/connector'
import { call } from './call.ts'
import type { Credentials } from './credentials.ts'
import { outcomeOf } from './read-payment.ts'

/** Gives back a part or all of an approved payment. The refund's id is the idempotency key. */
export async function refund(request: OperationRequest<Credentials>, send: Send): Promise<Outcome> {
  const { credentials, reference, currency } = request
  const answer = await call(send, {
    credentials,
    method: 'POST',
    path: `/payments/${encodeURIComponent(request.payment_reference)}/refunds`,
    idempotency_key: request.operation_id,
    body: { terminal: credentials.terminal, reference, amount: request.amount_minor.toString(), currency },
  })
  switch (answer.type) {
    case 'document':
      return outcomeOf(answer.document, { reference, currency })
    case 'refused':
      return answer.outcome
    case 'not_found':
      return { type: 'unknown', detail: 'the payment to refund was not found' }
    default:
      return answer
  }
}

/** Asks about a refund by our reference of it. */
export async function refundStatus(request: OperationRequest<Credentials>, send: Send): Promise<Outcome> {
  const { credentials, reference, currency } = request
  const query = new URLSearchParams({ terminal: credentials.terminal, reference })
  const answer = await call(send, { credentials, method: 'GET', path: `/refunds?${query}` })
  switch (answer.type) {
    case 'document':
      return outcomeOf(answer.document, { reference, currency })
    case 'not_found':
      return answer
    case 'refused':
      return { type: 'unknown', detail: `look-up refused: ${answer.outcome.signals.provider_code}` }
    default:
      return { type: 'unknown', detail: answer.detail }
  }
}
