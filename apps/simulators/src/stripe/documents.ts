/** Stripe's objects, as far as a client of payments reads them. Amounts are numbers in Stripe's smallest unit. */
import type { Operation, Refund } from '../operations/operation.ts'
import { paymentError, unconfirmed } from './declines.ts'

const statuses = {
  approved: 'succeeded',
  declined: 'requires_payment_method',
  pending: 'processing',
  action_required: 'requires_action',
  voided: 'canceled',
} as const

export const api_version = '2026-10-28.endive'

/** `expanded` = with the charge as an object instead of its id. */
export function intentDocument(operation: Operation, public_url: string, expanded: boolean): object {
  const { status, currency, tokenize } = operation
  const charge = operation.reason === unconfirmed || status === 'action_required' ? null : chargeDocument(operation)
  return {
    id: operation.id,
    object: 'payment_intent',
    amount: minor(operation.asked),
    amount_capturable: 0,
    amount_received: minor(operation.taken),
    canceled_at: status === 'voided' ? seconds(operation.created_at) : null,
    cancellation_reason: null,
    capture_method: 'automatic',
    client_secret: `${operation.id}_secret_${operation.challenge}`,
    confirmation_method: 'automatic',
    created: seconds(operation.created_at),
    currency: currency.toLowerCase(),
    customer: null,
    description: operation.description,
    last_payment_error: paymentError(operation),
    latest_charge: expanded ? charge : (charge?.id ?? null),
    livemode: !operation.test,
    metadata: metadataOf(operation.reference, operation.exponent),
    next_action:
      status === 'action_required'
        ? {
            type: 'redirect_to_url',
            redirect_to_url: {
              url: `${public_url}/stripe/3ds/${operation.challenge}`,
              return_url: operation.return_url,
            },
          }
        : null,
    payment_method: operation.card ? paymentMethodId(operation) : null,
    payment_method_types: ['card'],
    setup_future_usage: tokenize ? 'on_session' : null,
    status: statuses[status],
  }
}

function chargeDocument(operation: Operation) {
  const { status, taken, asked, refunds } = operation
  const given_back = refunds
    .filter((refund) => refund.status !== 'declined')
    .reduce((sum, refund) => sum + BigInt(refund.amount), 0n)
  const paid = status === 'approved'
  return {
    id: `ch_${operation.id.slice(3)}`,
    object: 'charge',
    amount: minor(paid ? taken : asked),
    amount_captured: minor(paid ? taken : '0'),
    amount_refunded: minor(given_back.toString()),
    authorization_code: operation.approval_code,
    captured: paid,
    paid,
    refunded: paid && given_back === BigInt(taken),
    status: paid ? 'succeeded' : status === 'pending' ? 'pending' : 'failed',
    payment_intent: operation.id,
    payment_method_details: { type: 'card', card: operation.card && { last4: operation.card.last4 } },
  }
}

export function refundDocument(refund: Refund, operation: Operation): object {
  const failed = refund.status === 'declined'
  return {
    id: refund.id,
    object: 'refund',
    amount: minor(refund.amount),
    charge: `ch_${operation.id.slice(3)}`,
    created: seconds(refund.created_at),
    currency: operation.currency.toLowerCase(),
    ...(failed && { failure_reason: 'declined' }),
    metadata: metadataOf(refund.reference, operation.exponent),
    payment_intent: operation.id,
    reason: null,
    status: failed ? 'failed' : refund.status === 'approved' ? 'succeeded' : 'pending',
  }
}

/** The simulator keeps these of what a client stores in an object, and gives them back. */
function metadataOf(reference: string, exponent: number | null): Record<string, string> {
  return { cascad_reference: reference, ...(exponent !== null && { cascad_exponent: String(exponent) }) }
}

export function paymentMethodId(operation: Operation): string {
  return `pm_${operation.id.slice(3)}`
}

export function errorObject(type: string, code: string | null, message: string, more: object = {}): object {
  return { error: { type, ...(code !== null && { code }), message, ...more } }
}

const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown }

/** Digits as a JSON number. */
function minor(digits: string): unknown {
  return rawJSON(digits)
}

function seconds(time: string): number {
  return Math.floor(Date.parse(time) / 1000)
}
