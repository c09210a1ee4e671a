import type { ChargeRequest, Outcome, Send } from '@cascad/connector'
import { ask, type Credentials } from './provider.ts'

/** The word in `service_fields.status`, in any case, chooses the result; without a word the payment waits for the payer. */
export async function charge(request: ChargeRequest<Credentials>, send: Send): Promise<Outcome> {
  return await ask(send, {
    credentials: request.credentials,
    method: 'POST',
    path: '/payments',
    idempotency_key: request.attempt_id,
    reference: request.reference,
    body: {
      reference: request.reference,
      operation: request.operation,
      test: request.test_mode,
      amount: request.amount_minor.toString(),
      currency: request.currency,
      result: request.service_fields.status?.toLowerCase() ?? 'wait_for_payer',
    },
  })
}
