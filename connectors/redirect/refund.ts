import type { OperationRequest, Outcome, Send } from '@cascad/connector'
import { ask, type Credentials } from './provider.ts'

/** Gives back a part or all of a paid order. */
export async function refund(request: OperationRequest<Credentials>, send: Send): Promise<Outcome> {
  const { credentials, operation_id, reference, payment_reference, amount_minor, currency } = request
  return await ask(send, {
    credentials,
    method: 'POST',
    path: '/refunds',
    idempotency_key: operation_id,
    reference,
    currency,
    body: { order: reference, payment: payment_reference, amount: amount_minor.toString(), currency },
  })
}

/** Asks about a refund by our reference of it. */
export async function refundStatus(request: OperationRequest<Credentials>, send: Send): Promise<Outcome> {
  const { credentials, reference, currency } = request
  return await ask(send, {
    credentials,
    method: 'GET',
    path: `/refunds/${encodeURIComponent(reference)}`,
    reference,
    currency,
  })
}
