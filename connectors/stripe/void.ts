import type { Outcome, Send, VoidRequest } from '@cascad/connector'
import { asObject, idOf, type JsonObject } from '@cascad/connector/answer'
import { call } from './call.ts'
import type { Credentials } from './credentials.ts'
import { findIntent } from './find-intent.ts'
import { isKeyTaken, outcomeOfError } from './read-error.ts'
import { metadataOf, referenceOf } from './read-intent.ts'

/** Undoes a payment: cancels what is open, gives back what is paid, closes what has not arrived. */
export async function voidPayment(request: VoidRequest<Credentials>, send: Send): Promise<Outcome> {
  const found = await findIntent(send, request)
  if (found.type === 'not_found') return await close(request, send)
  if (found.type !== 'document') return found
  const { document: intent } = found
  const id = idOf(intent.id)
  if (id === null || referenceOf(intent) !== request.reference) return unknown('answer about another reference')
  if (intent.status === 'canceled') return done(id)
  if (intent.status !== 'succeeded') return await cancel(request, id, send)
  return asObject(intent.latest_charge)?.refunded === true ? done(id) : await giveBack(request, id, send)
}

/**
 * Takes the charge's idempotency key for another request, an intent without a card, and cancels that. A charge that arrives
 * later under the key is refused as a misuse of it, so no money can be taken under this reference any more. Keys last at
 * least 24 hours. Source: https://docs.stripe.com/api/idempotent_requests
 */
async function close(request: VoidRequest<Credentials>, send: Send): Promise<Outcome> {
  const answer = await call(send, request.credentials, (stripe) =>
    stripe.paymentIntents.create(
      {
        amount: 100,
        currency: 'usd',
        allowed_payment_method_types: ['card'],
        metadata: metadataOf(request.reference, 2),
      },
      { idempotencyKey: request.attempt_id },
    ),
  )
  if (answer.type === 'error') {
    return isKeyTaken(answer) ? unknown('the charge has arrived but is not found yet') : outcomeOfError(answer)
  }
  if (answer.type !== 'document') return answer
  const id = idOf(answer.document.id)
  if (id === null || referenceOf(answer.document) !== request.reference)
    return unknown('answer about another reference')
  return await cancel(request, id, send)
}

async function cancel({ credentials, reference }: VoidRequest<Credentials>, id: string, send: Send): Promise<Outcome> {
  // Cancelling twice is harmless, and a refusal must not be replayed once the intent has moved on: no key of ours.
  const answer = await call(send, credentials, (stripe) => stripe.paymentIntents.cancel(id))
  if (answer.type === 'not_sent' || answer.type === 'unknown') return answer
  const intent: JsonObject | null = answer.type === 'document' ? answer.document : asObject(answer.error.payment_intent)
  if (intent?.status === 'canceled' && intent.id === id && referenceOf(intent) === reference) return done(id)
  return answer.type === 'error' ? outcomeOfError(answer) : unknown('answer with an unknown status')
}

/** All that is left of it. */
async function giveBack({ credentials, void_id }: VoidRequest<Credentials>, id: string, send: Send): Promise<Outcome> {
  const answer = await call(send, credentials, (stripe) =>
    stripe.refunds.create({ payment_intent: id, metadata: { cascad_void: void_id } }, { idempotencyKey: void_id }),
  )
  if (answer.type === 'error') {
    return answer.error.code === 'charge_already_refunded' ? done(id) : outcomeOfError(answer)
  }
  if (answer.type !== 'document') return answer
  if (answer.document.payment_intent !== id) return unknown('answer about another payment')
  if (answer.document.status === 'succeeded') return done(id)
  return answer.document.status === 'pending' ? { type: 'pending', provider_reference: id } : unknown('refund failed')
}

function done(provider_reference: string): Outcome {
  return { type: 'approved', provider_reference, amount_minor: null, rrn: null, approval_code: null, card_token: null }
}

function unknown(detail: string): Outcome {
  return { type: 'unknown', detail }
}
