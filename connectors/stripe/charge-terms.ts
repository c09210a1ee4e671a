/** What a charge asks of Stripe, apart from the card: amount, capture, authentication, statement, who starts it. */
import type { BillingAddress, ChargeRequest } from '@cascad/connector'
import type Stripe from 'stripe'
import type { Credentials } from './credentials.ts'
import { metadataOf } from './read-intent.ts'

type Request = ChargeRequest<Credentials>

/** `amount` is in Stripe's units and goes out as digits, so that no number is rounded on the way. */
export function termsOf(request: Request, amount: bigint): Stripe.PaymentIntentCreateParams {
  const descriptor = descriptorSuffix(request.descriptor ?? null)
  return {
    amount: amount as unknown as number,
    currency: request.currency.toLowerCase(),
    confirm: true,
    capture_method: request.operation === 'authorize' ? 'manual' : 'automatic',
    allowed_payment_method_types: ['card'],
    metadata: metadataOf(request.reference, request.exponent),
    expand: ['latest_charge'],
    ...payerTerms(request),
    ...(request.description !== null && { description: request.description.slice(0, 500) }),
    ...(descriptor !== null && { statement_descriptor_suffix: descriptor }),
  }
}

/**
 * Without a payer, and where no authentication is wanted, a bank that insists on one declines: there is nobody to send on.
 * A card cannot be set up for later without its owner. Source: https://docs.stripe.com/api/payment_intents/create
 */
function payerTerms(request: Request): Partial<Stripe.PaymentIntentCreateParams> {
  if (isMerchantInitiated(request)) return { off_session: true }
  const series = request.recurring === 'initial'
  const kept = request.card_token === null && (request.want_card_token || series)
  return {
    ...(request.three_ds === 'off' ? { error_on_requires_action: true } : { return_url: request.return_url }),
    ...(kept && { setup_future_usage: series ? 'off_session' : 'on_session' }),
  }
}

export function isMerchantInitiated(request: Request): boolean {
  return request.initiator === 'merchant'
}

/** `automatic` is the default there; `any` asks for 3-D Secure with every card that takes part. */
export function authenticationWish(request: Request): { readonly request_three_d_secure: 'any' } | null {
  return request.three_ds === 'required' && !isMerchantInitiated(request) ? { request_three_d_secure: 'any' } : null
}

/** Name and address as the bank compares them; what is missing is left out, Stripe refuses empty texts. */
export function billingDetails(request: Request): Stripe.PaymentIntentCreateParams.PaymentMethodData.BillingDetails {
  const { card, customer } = request
  const billing = request.billing_address ?? null
  const address = filled({
    line1: billing?.address,
    city: billing?.city,
    state: billing?.state,
    postal_code: billing?.zip,
    country: billing?.country,
  })
  return {
    ...filled({
      name: card?.holder || nameOf(billing) || customer.name,
      email: customer.email,
      phone: customer.phone || billing?.phone,
    }),
    ...(Object.keys(address).length > 0 && { address }),
  }
}

function nameOf(billing: BillingAddress | null): string {
  return [billing?.first_name, billing?.last_name].filter(Boolean).join(' ')
}

function filled(fields: Readonly<Record<string, string | null | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
    ),
  )
}

/**
 * The part of the statement text behind the account's own prefix: Latin letters, none of `< > \ ' " *`, at least one letter,
 * at most 22 characters. Source: https://docs.stripe.com/get-started/account/statement-descriptors
 */
export function descriptorSuffix(descriptor: string | null): string | null {
  const latin = (descriptor ?? '')
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]|[<>\\'"*]/g, '')
    .replace(/ {2,}/g, ' ')
    .trim()
    .slice(0, 22)
    .trim()
  return /[A-Za-z]/.test(latin) ? latin : null
}
