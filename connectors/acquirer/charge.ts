import type { ChargeRequest, Outcome, Send } from '@cascad/connector'
import { withoutCardNumber } from '@cascad/connector/answer'
import { call } from './call.ts'
import type { Credentials } from './credentials.ts'
import { outcomeOf } from './read-payment.ts'

/** Charges or checks a card. The attempt's id is the idempotency key: a repeat is the same payment there. */
export async function charge(request: ChargeRequest<Credentials>, send: Send): Promise<Outcome> {
  const answer = await call(send, {
    credentials: request.credentials,
    method: 'POST',
    path: '/payments',
    idempotency_key: request.attempt_id,
    body: {
      terminal: request.credentials.terminal,
      reference: request.reference,
      operation: request.operation,
      test: request.test_mode,
      amount: request.amount_minor.toString(),
      currency: request.currency,
      description: request.description,
      ...(request.card_token === null
        ? { card: request.card }
        : { card_token: request.card_token, cvv: request.cvv ?? null }),
      tokenize: request.want_card_token,
      customer: request.customer,
      client_ip: request.client_ip,
      browser: request.browser,
      return_url: request.return_url,
      notification_url: request.notification_url,
    },
  })
  switch (answer.type) {
    case 'document':
      return withoutCardNumber(outcomeOf(answer.document, request), request.card)
    case 'refused':
      return withoutCardNumber(answer.outcome, request.card)
    case 'not_found':
      return { type: 'unknown', detail: 'answered status 404 to a charge' }
    default:
      return answer
  }
}
