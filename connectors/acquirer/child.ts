import type { OperationRequest, Outcome, Send } from '@cascad/connector'
import { call } from './call.ts'
import type { Credentials } from './credentials.ts'
import { outcomeOf } from './read-payment.ts'

/** What the acquirer does with a payment afterwards, by the names of its paths. */
export type ChildPath = 'refunds' | 'captures' | 'cancels'

/** Orders it; the operation's id is the idempotency key. `more` = members that only this kind has. */
export async function orderChild(
  path: ChildPath,
  request: OperationRequest<Credentials>,
  more: object,
  send: Send,
): Promise<Outcome> {
  const { credentials, reference, currency } = request
  const answer = await call(send, {
    credentials,
    method: 'POST',
    path: `/payments/${encodeURIComponent(request.payment_reference)}/${path}`,
    idempotency_key: request.operation_id,
    body: { terminal: credentials.terminal, reference, amount: request.amount_minor.toString(), currency, ...more },
  })
  switch (answer.type) {
    case 'document':
      return outcomeOf(answer.document, { reference, currency })
    case 'refused':
      return answer.outcome
    case 'not_found':
      return { type: 'unknown', detail: 'the payment was not found' }
    default:
      return answer
  }
}

/** Asks about it by our reference. A refused or undelivered question says nothing: `unknown`. */
export async function askChild(path: ChildPath, request: OperationRequest<Credentials>, send: Send): Promise<Outcome> {
  const { credentials, reference, currency } = request
  const query = new URLSearchParams({ terminal: credentials.terminal, reference })
  const answer = await call(send, { credentials, method: 'GET', path: `/${path}?${query}` })
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
