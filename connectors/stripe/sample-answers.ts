/**
 * Answers of Stripe for tests, written after its public documentation (API version 2026-10-28.endive): the objects
 * PaymentIntent, Refund and Event, and the error object. `{reference}` stands for our reference.
 */
import type { CardFacts, Send, SendRequest, ThreeDsFacts } from '@cascad/connector'

type Json = Record<string, unknown>

export type Answers = readonly (readonly [status: number, document: object, headers?: Record<string, string>])[]

/** Answers one request after the other; the requests are kept. */
export function answering(
  reference: string,
  ...answers: Answers
): { readonly send: Send; readonly sent: SendRequest[] } {
  const sent: SendRequest[] = []
  const send: Send = async (given) => {
    const [status, document, headers] = answers[sent.length] ?? [500, {}]
    sent.push(given)
    const body = JSON.stringify(document).replaceAll('{reference}', reference)
    return { type: 'response', status, headers: headers ?? {}, body }
  }
  return { send, sent }
}

/** Facts of a card of which all but the given ones are unknown. */
export function facts(
  known: Partial<Omit<CardFacts, 'three_ds'>> & { readonly three_ds?: Partial<ThreeDsFacts> },
): CardFacts {
  const three_ds = { ve_status: null, pa_status: null, eci: null, xid: null, cavv: null, cavv_algorithm: null }
  return {
    bank_code: null,
    rrn: null,
    descriptor: null,
    avs_result: null,
    cvc_result: null,
    ...known,
    three_ds: known.three_ds ? { ...three_ds, ...known.three_ds } : null,
  }
}

export function intentSample(more: Json = {}): Json {
  return {
    id: 'pi_3MtwBwLkdIwHu7ix28a3tqPa',
    object: 'payment_intent',
    amount: 12300,
    amount_capturable: 0,
    amount_received: 12300,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic',
    client_secret: 'pi_3MtwBwLkdIwHu7ix28a3tqPa_secret_YrKJUKribcBjcG8HVhfZluoGH',
    confirmation_method: 'automatic',
    created: 1790000000,
    currency: 'usd',
    customer: null,
    description: 'Order 17',
    last_payment_error: null,
    latest_charge: {
      id: 'ch_3MtwBwLkdIwHu7ix28a3tqPa',
      object: 'charge',
      amount: 12300,
      amount_captured: 12300,
      amount_refunded: 0,
      authorization_code: '123456',
      captured: true,
      paid: true,
      refunded: false,
      status: 'succeeded',
    },
    livemode: false,
    metadata: { cascad_reference: '{reference}', cascad_exponent: '2' },
    next_action: null,
    payment_method: 'pm_1MtwBwLkdIwHu7ix28a3tqPa',
    payment_method_types: ['card'],
    setup_future_usage: null,
    status: 'succeeded',
    ...more,
  }
}

/** Money held and not taken yet. */
export function heldIntent(more: Json = {}): Json {
  const charge = { ...(intentSample().latest_charge as Json), amount_captured: 0, captured: false }
  return intentSample({
    status: 'requires_capture',
    capture_method: 'manual',
    amount_capturable: 12300,
    amount_received: 0,
    latest_charge: charge,
    ...more,
  })
}

/** A hold of which `amount` was taken by the capture of our reference; the rest is released. */
export function capturedIntent(amount: number, more: Json = {}): Json {
  return heldIntent({
    status: 'succeeded',
    amount_capturable: 0,
    amount_received: amount,
    metadata: { cascad_reference: 'hold-1', cascad_exponent: '2', cascad_capture: '{reference}' },
    ...more,
  })
}

const insufficient = {
  type: 'card_error',
  code: 'card_declined',
  decline_code: 'insufficient_funds',
  advice_code: 'try_again_later',
  network_decline_code: '51',
  network_advice_code: '02',
  doc_url: 'https://stripe.com/docs/error-codes/card-declined',
  message: 'Your card has insufficient funds.',
  charge: 'ch_3MtwBwLkdIwHu7ix28a3tqPa',
}

export function declinedIntent(error: Json = insufficient): Json {
  return intentSample({
    status: 'requires_payment_method',
    amount_received: 0,
    latest_charge: 'ch_3MtwBwLkdIwHu7ix28a3tqPa',
    last_payment_error: error,
  })
}

export function cardError(error: Json = insufficient): Json {
  return { error: { ...error, payment_intent: declinedIntent(error) } }
}

export function errorSample(type: string, code: string | null, more: Json = {}): Json {
  return { error: { type, ...(code !== null && { code }), message: 'Something is wrong.', ...more } }
}

export function challengedIntent(next_action: Json): Json {
  return intentSample({ status: 'requires_action', amount_received: 0, latest_charge: null, next_action })
}

export const redirectAction: Json = {
  type: 'redirect_to_url',
  redirect_to_url: {
    url: 'https://hooks.stripe.com/redirect/authenticate/src_1?client_secret=x',
    return_url: 'http://127.0.0.1:1/return',
  },
}

export function refundSample(more: Json = {}): Json {
  return {
    id: 're_1Nispe2eZvKYlo2Cd31jOCgZ',
    object: 'refund',
    amount: 100,
    charge: 'ch_3MtwBwLkdIwHu7ix28a3tqPa',
    created: 1790000100,
    currency: 'usd',
    metadata: { cascad_reference: '{reference}', cascad_exponent: '2' },
    payment_intent: 'pi_3MtwBwLkdIwHu7ix28a3tqPa',
    reason: null,
    status: 'succeeded',
    ...more,
  }
}

export function eventSample(type: string, object: Json, more: Json = {}): Json {
  return {
    id: 'evt_1MqqbKLt4dXK03v5qaIbiNCC',
    object: 'event',
    api_version: '2026-10-28.endive',
    created: 1790000200,
    data: { object },
    livemode: false,
    pending_webhooks: 1,
    type,
    ...more,
  }
}

export const samples = {
  succeeded: intentSample(),
  processing: intentSample({ status: 'processing', amount_received: 0 }),
  canceled: intentSample({ status: 'canceled', amount_received: 0 }),
  challenged: challengedIntent(redirectAction),
  declined: declinedIntent(),
  card_error: cardError(),
  invalid_request: errorSample('invalid_request_error', 'parameter_missing', { param: 'currency' }),
  idempotency: errorSample('idempotency_error', null),
  refund: refundSample(),
  held: heldIntent(),
  captured: capturedIntent(12300),
} as const
