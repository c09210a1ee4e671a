import type { OperationRequest, Outcome, Send } from '@cascad/connector'
import { asObject, idOf, type JsonObject } from '@cascad/connector/answer'
import { fromStripe, toStripe } from './amount.ts'
import { call } from './call.ts'
import type { Credentials } from './credentials.ts'
import { findPayment, findPaymentId } from './find-intent.ts'
import { declinedAs, outcomeOfError } from './read-error.ts'

type Request = OperationRequest<Credentials>

/**
 * Takes the held money or a part of it; Stripe releases the rest. It keeps no record of a capture, so our reference goes into
 * the intent's metadata. The capture's id is the idempotency key; a second capture is refused by the intent's state.
 */
export async function capture(request: Request, send: Send): Promise<Outcome> {
  const { credentials, reference, operation_id } = request
  const amount = toStripe(request.amount_minor, request.currency, request.exponent)
  if (amount === null) {
    return declinedAs('amount_not_payable', { resolution: 'invalid_amount', unified_code: 'F.0128' }, null)
  }
  const payment = await findPaymentId(send, request)
  if (payment.type === 'not_found') return unknown('the hold to capture was not found')
  if (payment.type !== 'id') return payment
  const params = {
    amount_to_capture: amount as unknown as number,
    metadata: { cascad_capture: reference },
    expand: ['latest_charge'],
  }
  const answer = await call(send, credentials, (stripe) =>
    stripe.paymentIntents.capture(payment.id, params, { idempotencyKey: operation_id }),
  )
  if (answer.type === 'error') {
    // Stripe forgets keys after a day; a repeat then meets the intent that this capture has closed.
    const intent = asObject(answer.error.payment_intent)
    const told = intent?.id === payment.id ? outcomeOfCapture(intent, request) : null
    return told?.type === 'approved' ? told : outcomeOfError(answer)
  }
  if (answer.type !== 'document') return answer
  if (answer.document.id !== payment.id) return unknown('answer about another payment')
  const outcome = outcomeOfCapture(answer.document, request)
  return outcome.type === 'not_found' ? unknown('answer without the capture') : outcome
}

/** Asks the intent whether this capture has taken place. `not_found` = it has not, and may be ordered again under its key. */
export async function captureStatus(request: Request, send: Send): Promise<Outcome> {
  const found = await findPayment(send, request)
  if (found.type === 'not_found') return unknown('the hold to capture was not found')
  return found.type === 'document' ? outcomeOfCapture(found.document, request) : unknown(found.detail)
}

const uncaptured = new Set(['requires_capture', 'canceled'])

function outcomeOfCapture(intent: JsonObject, { reference, currency, exponent }: Request): Outcome {
  const id = idOf(intent.id)
  if (intent.object !== 'payment_intent' || id === null) return unknown('answer without an id')
  if (intent.currency !== currency.toLowerCase()) return unknown('answer in another currency')
  const ours = asObject(intent.metadata)?.cascad_capture === reference
  if (typeof intent.status === 'string' && uncaptured.has(intent.status)) return { type: 'not_found' }
  if (intent.status === 'processing' && ours) return { type: 'pending', provider_reference: id }
  if (intent.status !== 'succeeded') return unknown('answer with an unknown status')
  if (!ours) return { type: 'not_found' }
  const amount_minor = fromStripe(intent.amount_received, currency, exponent)
  if (amount_minor === null) return unknown('capture without a readable amount')
  const charge = asObject(intent.latest_charge)
  return {
    type: 'approved',
    provider_reference: idOf(charge?.id) ?? id,
    amount_minor,
    rrn: null,
    approval_code: idOf(charge?.authorization_code),
    card_token: null,
  }
}

function unknown(detail: string): Outcome {
  return { type: 'unknown', detail }
}
