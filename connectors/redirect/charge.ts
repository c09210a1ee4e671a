import type { ChargeRequest, Outcome, Send } from '@cascad/connector'
import { ask, type Credentials } from './provider.ts'

/** Opens an order; the payer then confirms it on the provider's page and comes back to `return_url`. */
export async function charge(request: ChargeRequest<Credentials>, send: Send): Promise<Outcome> {
  const { credentials, attempt_id, reference, currency } = request
  return await ask(send, {
    credentials,
    method: 'POST',
    path: '/orders',
    idempotency_key: attempt_id,
    reference,
    currency,
    body: {
      order: reference,
      method: request.method,
      test: request.test_mode,
      amount: request.amount_minor.toString(),
      currency,
      exponent: request.exponent,
      description: request.description,
      fields: request.service_fields,
      customer: request.customer,
      client_ip: request.client_ip,
      return_url: request.return_url,
      notification_url: request.notification_url,
    },
  })
}
