import type { Outcome, RedirectAction } from '@cascad/connector'
import { asObject, httpUrlOf, idOf, type JsonObject } from '@cascad/connector/answer'
import { fromStripe } from './amount.ts'
import { cardFactsOf } from './card-facts.ts'
import { declinedAs, declinedByCardError } from './read-error.ts'

/** What every payment intent and refund of ours carries. The exponent is ours: later answers are read without the request. */
export function metadataOf(reference: string, exponent: number): Record<string, string> {
  return { cascad_reference: reference, cascad_exponent: String(exponent) }
}

/** Our reference of a payment intent or refund; `null` when it is not one of ours. */
export function referenceOf(document: JsonObject | null): string | null {
  return idOf(asObject(document?.metadata)?.cascad_reference)
}

const unread = { resolution: null, unified_code: null }
const expired = { resolution: 'transaction_expired', unified_code: 'F.0109' }

type Expected = { readonly reference: string; readonly currency?: string }

/**
 * The outcome that a payment intent tells, with what it tells about the card. One about another reference or currency, and
 * every status that a charge of ours cannot have, is `unknown`. One that was cancelled or given back in full is `declined`: no
 * money is held or taken.
 */
export function outcomeOfIntent(intent: JsonObject, expected: Expected): Outcome {
  const provider_reference = idOf(intent.id)
  if (intent.object !== 'payment_intent' || provider_reference === null) return unknown('answer without an id')
  if (referenceOf(intent) !== expected.reference) return unknown('answer about another reference')
  const outcome = readIntent(intent, expected, provider_reference)
  if (outcome.type === 'unknown') return { ...outcome, provider_reference }
  if (!('provider_reference' in outcome)) return outcome
  const card_facts = cardFactsOf(intent)
  return card_facts ? { ...outcome, card_facts } : outcome
}

function readIntent(intent: JsonObject, expected: Expected, provider_reference: string): Outcome {
  const currency = typeof intent.currency === 'string' ? intent.currency.toUpperCase() : ''
  if (expected.currency !== undefined && currency !== expected.currency) return unknown('answer in another currency')
  switch (intent.status) {
    case 'succeeded':
      return succeeded(intent, currency, provider_reference)
    case 'requires_capture':
      // Only where a hold was asked for; a charge is captured by Stripe itself.
      return intent.capture_method === 'manual'
        ? approved(intent, intent.amount_capturable, currency, provider_reference)
        : unknown('a charge that waits for its capture')
    case 'processing':
      return { type: 'pending', provider_reference }
    case 'requires_action': {
      const action = actionOf(asObject(intent.next_action))
      return action
        ? { type: 'action_required', provider_reference, action }
        : unknown('answer without a usable action')
    }
    case 'requires_payment_method': {
      const error = asObject(intent.last_payment_error)
      return error ? declinedByCardError(error, provider_reference) : unknown('answer without a payment method')
    }
    case 'canceled':
      return declinedAs('canceled', isExpired(intent) ? expired : unread, provider_reference)
    default:
      return unknown('answer with an unknown status')
  }
}

/** A hold that was captured since stays an approval of all that was held: what became of it is told by its captures. */
function succeeded(intent: JsonObject, currency: string, provider_reference: string): Outcome {
  const charge = asObject(intent.latest_charge)
  if (charge?.refunded === true) return declinedAs('refunded', unread, provider_reference)
  const held = charge?.amount ?? intent.amount
  const amount = intent.capture_method === 'manual' ? held : intent.amount_received
  return approved(intent, amount, currency, provider_reference)
}

function approved(intent: JsonObject, amount: unknown, currency: string, provider_reference: string): Outcome {
  const exponent = exponentOf(intent)
  const amount_minor = exponent === null ? null : fromStripe(amount, currency, exponent)
  if (amount_minor === null) return unknown('approval without a readable amount')
  return {
    type: 'approved',
    provider_reference,
    amount_minor,
    rrn: null,
    approval_code: idOf(asObject(intent.latest_charge)?.authorization_code),
    card_token: null,
  }
}

/** Stripe gives up a hold by itself after some days: https://docs.stripe.com/payments/place-a-hold-on-a-payment-method */
function isExpired({ cancellation_reason: reason }: JsonObject): boolean {
  return reason === 'automatic' || reason === 'expired'
}

function exponentOf(intent: JsonObject): number | null {
  const text = asObject(intent.metadata)?.cascad_exponent
  return typeof text === 'string' && /^\d{1,2}$/.test(text) ? Number(text) : null
}

/**
 * Where the bank asks the payer. `use_stripe_sdk` has an address of its own only in the kind `three_d_secure_redirect`; the
 * others need Stripe's script in the page, for which this connector never asks.
 */
function actionOf(next: JsonObject | null): RedirectAction | null {
  const sdk = next?.type === 'use_stripe_sdk' ? asObject(next.use_stripe_sdk) : null
  const url =
    next?.type === 'redirect_to_url'
      ? httpUrlOf(asObject(next.redirect_to_url)?.url)
      : sdk?.type === 'three_d_secure_redirect'
        ? httpUrlOf(sdk.stripe_js)
        : null
  return url === null ? null : { kind: 'three_ds', url, method: 'GET', params: {} }
}

function unknown(detail: string): Outcome {
  return { type: 'unknown', detail }
}
