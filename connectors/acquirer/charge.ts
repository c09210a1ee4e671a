import type { ChargeRequest, Outcome, Send } from '@cascad/connector'
import { withoutCardNumber } from '@cascad/connector/answer'
import { call } from './call.ts'
import type { Credentials } from './credentials.ts'
import { outcomeOf } from './read-payment.ts'
import { lineOf, simulationFields } from './simulate.ts'

/** Charges, checks or holds a card. The attempt's id is the idempotency key: a repeat is the same payment there. */
export async function charge(request: ChargeRequest<Credentials>, send: Send): Promise<Outcome> {
  const answer = await call(send, {
    credentials: await lineOf(request, send),
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
      authentication: request.three_ds ?? 'auto',
      initiator: request.initiator ?? 'customer',
      recurring: request.recurring ?? null,
      descriptor: request.descriptor ?? null,
      billing_address: request.billing_address ?? null,
      gateway_id: request.gateway_id ?? null,
      ...simulationFields(request),
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
