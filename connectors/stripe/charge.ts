import type { ChargeRequest, Outcome, Send } from '@cascad/connector'
import { asObject, idOf, withoutCardNumber } from '@cascad/connector/answer'
import type Stripe from 'stripe'
import { toStripe } from './amount.ts'
import { type Answer, call } from './call.ts'
import { authenticationWish, billingDetails, isMerchantInitiated, termsOf } from './charge-terms.ts'
import type { Credentials } from './credentials.ts'
import { declinedAs, isKeyTaken, outcomeOfError } from './read-error.ts'
import { outcomeOfIntent } from './read-intent.ts'
import { savedCardOf } from './save-card.ts'
import { status, withToken } from './status.ts'

/** Charges a card or holds the amount: one payment intent, made and confirmed at once. The attempt's id is the idempotency key. */
export async function charge(request: ChargeRequest<Credentials>, send: Send): Promise<Outcome> {
  return withoutCardNumber(await chargeOnce(request, send), request.card)
}

async function chargeOnce(request: ChargeRequest<Credentials>, send: Send): Promise<Outcome> {
  const { credentials, attempt_id } = request
  const amount = toStripe(request.amount_minor, request.currency, request.exponent)
  if (amount === null) {
    return declinedAs('amount_not_payable', { resolution: null, unified_code: 'F.0113' }, null)
  }
  const { source, outcome } = await sourceOf(request, send)
  if (!source) return outcome
  const params = { ...termsOf(request, amount), ...source }
  const answer = await call(send, credentials, (stripe) =>
    stripe.paymentIntents.create(params, { idempotencyKey: attempt_id }),
  )
  return await outcomeOfAnswer(request, answer, send)
}

type Source =
  | { readonly source: Partial<Stripe.PaymentIntentCreateParams>; readonly outcome?: never }
  | { readonly source?: never; readonly outcome: Outcome }

/**
 * The card, or the saved one. Its security code can go along only as a token of its own, asked for first; nothing is charged
 * until then, so a fault on the way there is `not_sent`.
 */
async function sourceOf(request: ChargeRequest<Credentials>, send: Send): Promise<Source> {
  const { card, card_token } = request
  const cvv = isMerchantInitiated(request) ? null : (request.cvv ?? card?.cvv ?? null)
  const wish = authenticationWish(request)
  if (card_token === null) {
    if (!card) return notSent('there is no card')
    const { number, exp_month, exp_year } = card
    // Numbers of cards are no part of the library's types; the API takes them where raw card data is enabled.
    const raw = { card: { number, exp_month, exp_year, ...(cvv !== null && { cvc: cvv }) } }
    const payment_method_data = { type: 'card', billing_details: billingDetails(request), ...raw } as const
    return { source: { payment_method_data, ...optionsOf(wish) } }
  }
  const saved = savedCardOf(card_token)
  if (!saved) {
    return { outcome: declinedAs('unknown_token', { resolution: 'invalid_card', unified_code: 'F.0127' }, null) }
  }
  if (!cvv) return { source: { ...saved, ...optionsOf(wish) } }
  const answer = await call(send, request.credentials, (stripe) =>
    stripe.tokens.create({ cvc_update: { cvc: cvv } }, { idempotencyKey: `${request.attempt_id}-cvc` }),
  )
  const refusal = answer.type === 'error' ? outcomeOfError(answer) : null
  if (refusal?.type === 'declined') return { outcome: refusal }
  const cvc_token = answer.type === 'document' ? idOf(answer.document.id) : null
  if (cvc_token === null) return notSent('the security code was not taken')
  return { source: { ...saved, ...optionsOf({ ...wish, cvc_token }) } }
}

type CardOptions = Stripe.PaymentIntentCreateParams.PaymentMethodOptions.Card

function optionsOf(card: CardOptions | null): Pick<Stripe.PaymentIntentCreateParams, 'payment_method_options'> {
  return card ? { payment_method_options: { card } } : {}
}

function notSent(detail: string): Source {
  return { outcome: { type: 'not_sent', detail } }
}

async function outcomeOfAnswer(request: ChargeRequest<Credentials>, answer: Answer, send: Send): Promise<Outcome> {
  const { credentials, reference, currency } = request
  const ask = async (provider_reference: string | null): Promise<Outcome> => {
    const known = await status({ credentials, reference, provider_reference, test_mode: request.test_mode }, send)
    return known.type === 'not_found' ? { type: 'unknown', detail: 'nothing under this reference yet' } : known
  }
  if (answer.type === 'document') {
    const outcome = outcomeOfIntent(answer.document, { reference, currency })
    // The answer of the first time, word for word; the payer may have acted since.
    const open = outcome.type === 'action_required' || outcome.type === 'pending'
    if (answer.replayed && open) return await ask(outcome.provider_reference)
    return await withToken(send, credentials, answer.document, outcome)
  }
  if (answer.type !== 'error') return answer
  // What stands under the key tells: this charge, or the void that closed its key.
  if (isKeyTaken(answer)) return await ask(null)
  const intent = asObject(answer.error.payment_intent)
  const outcome = outcomeOfError(answer)
  if (!intent || outcome.type !== 'declined') return outcome
  const told = outcomeOfIntent(intent, { reference, currency })
  return told.type === 'declined' ? { ...told, signals: outcome.signals } : told
}
