import type { ChargeRequest, Outcome, Send } from '@cascad/connector'
import { withoutCardNumber } from '@cascad/connector/answer'
import { type Credentials, call } from './provider.ts'

/** Charges a card. The attempt's id is the idempotency key, our reference is what look-ups ask by. */
export async function charge(request: ChargeRequest<Credentials>, send: Send): Promise<Outcome> {
  const { credentials, attempt_id, reference, amount_minor, currency, description, card } = request
  const outcome = await call(send, {
    credentials,
    method: 'POST',
    path: '/payments',
    idempotency_key: attempt_id,
    reference,
    body: { reference, amount: amount_minor.toString(), currency, description, card },
  })
  return withoutCardNumber(outcome, card)
}
