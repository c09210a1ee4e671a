import type { Outcome, Send, StatusRequest } from '@cascad/connector'
import { call } from './call.ts'
import type { Credentials } from './credentials.ts'
import { outcomeOf } from './read-payment.ts'

/** Asks about a payment by our reference. A refused or undelivered question says nothing about the payment: `unknown`. */
export async function status(request: StatusRequest<Credentials>, send: Send): Promise<Outcome> {
  const { credentials, reference } = request
  const query = new URLSearchParams({ terminal: credentials.terminal, reference })
  const answer = await call(send, { credentials, method: 'GET', path: `/payments?${query}` })
  switch (answer.type) {
    case 'document':
      return outcomeOf(answer.document, { reference })
    case 'not_found':
      return answer
    case 'refused':
      return { type: 'unknown', detail: `look-up refused: ${answer.outcome.signals.provider_code}` }
    default:
      return { type: 'unknown', detail: answer.detail }
  }
}
