import type { OperationRequest, Outcome, Send } from '@cascad/connector'
import { asObject, idOf, type JsonObject } from '@cascad/connector/answer'
import { fromStripe, toStripe } from './amount.ts'
import { call } from './call.ts'
import type { Credentials } from './credentials.ts'
import { findPaymentId } from './find-intent.ts'
import { declinedAs, outcomeOfError } from './read-error.ts'
import { metadataOf, referenceOf } from './read-intent.ts'

/** Gives back a part or all of what was taken, at once or by the one capture of a hold. The refund's id is the idempotency key. */
export async function refund(request: OperationRequest<Credentials>, send: Send): Promise<Outcome> {
  const { credentials, reference, currency, exponent } = request
  const amount = toStripe(request.amount_minor, currency, exponent)
  if (amount === null) {
    return declinedAs('amount_not_payable', { resolution: 'invalid_amount', unified_code: 'F.0128' }, null)
  }
  const payment = await findPaymentId(send, request)
  if (payment.type === 'not_found') return { type: 'unknown', detail: 'the payment to refund was not found' }
  if (payment.type !== 'id') return payment
  const metadata = metadataOf(reference, exponent)
  const params = { payment_intent: payment.id, amount: amount as unknown as number, metadata }
  const answer = await call(send, credentials, (stripe) =>
    stripe.refunds.create(params, { idempotencyKey: request.operation_id }),
  )
  if (answer.type === 'error') return outcomeOfError(answer)
  return answer.type === 'document' ? outcomeOfRefund(answer.document, request) : answer
}

/** Asks about a refund by its id, else among the refunds of the payment by our reference: that list is complete at once. */
export async function refundStatus(request: OperationRequest<Credentials>, send: Send): Promise<Outcome> {
  const { credentials, provider_reference } = request
  if (provider_reference?.startsWith('re_')) {
    const answer = await call(send, credentials, (stripe) => stripe.refunds.retrieve(provider_reference))
    return answer.type === 'document' ? outcomeOfRefund(answer.document, request) : unanswered(answer)
  }
  const payment = await findPaymentId(send, request)
  if (payment.type === 'not_found') return { type: 'unknown', detail: 'the payment of the refund was not found' }
  if (payment.type !== 'id') return { type: 'unknown', detail: payment.detail }
  const answer = await call(send, credentials, (stripe) =>
    stripe.refunds.list({ payment_intent: payment.id, limit: 100 }),
  )
  if (answer.type !== 'document') return unanswered(answer)
  const { data, has_more } = answer.document
  if (!Array.isArray(data)) return { type: 'unknown', detail: 'answer without a list' }
  const ours = data.map(asObject).find((one) => referenceOf(one) === request.reference)
  if (ours) return outcomeOfRefund(ours, request)
  return has_more === false ? { type: 'not_found' } : { type: 'unknown', detail: 'not among the newest refunds' }
}

function outcomeOfRefund(document: JsonObject, request: OperationRequest<Credentials>): Outcome {
  const provider_reference = idOf(document.id)
  if (document.object !== 'refund' || provider_reference === null) return unknown('answer without an id')
  if (referenceOf(document) !== request.reference) return unknown('answer about another reference')
  if (document.currency !== request.currency.toLowerCase()) return unknown('answer in another currency')
  switch (document.status) {
    case 'succeeded': {
      const amount_minor = fromStripe(document.amount, request.currency, request.exponent)
      if (amount_minor === null) return unknown('refund without a readable amount')
      return { type: 'approved', provider_reference, amount_minor, rrn: null, approval_code: null, card_token: null }
    }
    case 'pending':
    case 'requires_action':
      return { type: 'pending', provider_reference }
    case 'failed':
    case 'canceled': {
      const reason = idOf(document.failure_reason) ?? document.status
      return declinedAs(reason, { resolution: 'provider_error', unified_code: null }, provider_reference)
    }
    default:
      return unknown('answer with an unknown status')
  }
}

function unanswered(answer: { readonly type: string; readonly detail?: string; readonly status?: number }): Outcome {
  return unknown(answer.detail ?? `look-up refused: status ${answer.status}`)
}

function unknown(detail: string): Outcome {
  return { type: 'unknown', detail }
}
