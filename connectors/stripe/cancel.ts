import type { OperationRequest, Outcome, Send } from '@cascad/connector'
import { asObject, idOf, type JsonObject } from '@cascad/connector/answer'
import { toStripe } from './amount.ts'
import { call } from './call.ts'
import type { Credentials } from './credentials.ts'
import { findPayment, findPaymentId } from './find-intent.ts'
import { declinedAs, outcomeOfError } from './read-error.ts'

type Request = OperationRequest<Credentials>

/** Gives up a whole hold. The cancel's id is the idempotency key. A hold that is gone already is given up. */
export async function cancel(request: Request, send: Send): Promise<Outcome> {
  const { credentials, operation_id } = request
  const payment = request.final ? await findPaymentId(send, request) : await findWhole(request, send)
  if (payment.type === 'not_found') return unknown('the hold to give up was not found')
  if (payment.type === 'part') {
    return declinedAs('partial_cancel', { resolution: 'invalid_amount', unified_code: 'F.0104' }, null)
  }
  if (payment.type !== 'id') return payment
  const { id } = payment
  const answer = await call(send, credentials, (stripe) =>
    stripe.paymentIntents.cancel(id, {}, { idempotencyKey: operation_id }),
  )
  if (answer.type === 'not_sent' || answer.type === 'unknown') return answer
  const intent = answer.type === 'document' ? answer.document : asObject(answer.error.payment_intent)
  const told = intent?.id === id ? outcomeOfCancel(intent, request) : unknown('answer about another payment')
  if (told.type === 'approved') return told
  return answer.type === 'error' ? outcomeOfError(answer) : unknown('answer with an unknown status')
}

/** Stripe gives up holds as a whole only, so an order that does not say so is compared with what is held. */
async function findWhole(request: Request, send: Send) {
  const found = await findPayment(send, request)
  if (found.type !== 'document') return found
  const { id, status, amount, amount_capturable } = found.document
  const whole = status === 'requires_capture' ? amount_capturable : amount
  const wanted = toStripe(request.amount_minor, request.currency, request.exponent)
  if (String(whole) !== String(wanted)) return { type: 'part' } as const
  const known = idOf(id)
  return known === null
    ? ({ type: 'unknown', detail: 'answer without an id' } as const)
    : ({ type: 'id', id: known } as const)
}

/** Asks the intent. `not_found` = it is not cancelled. */
export async function cancelStatus(request: Request, send: Send): Promise<Outcome> {
  const found = await findPayment(send, request)
  if (found.type === 'not_found') return unknown('the hold to give up was not found')
  return found.type === 'document' ? outcomeOfCancel(found.document, request) : unknown(found.detail)
}

const alive = new Set(['requires_capture', 'succeeded'])

function outcomeOfCancel(intent: JsonObject, { currency }: Request): Outcome {
  const provider_reference = idOf(intent.id)
  if (intent.object !== 'payment_intent' || provider_reference === null) return unknown('answer without an id')
  if (intent.currency !== currency.toLowerCase()) return unknown('answer in another currency')
  if (typeof intent.status === 'string' && alive.has(intent.status)) return { type: 'not_found' }
  if (intent.status !== 'canceled') return unknown('answer with an unknown status')
  return { type: 'approved', provider_reference, amount_minor: null, rrn: null, approval_code: null, card_token: null }
}

function unknown(detail: string): Outcome {
  return { type: 'unknown', detail }
}
