/** Stripe's objects, as far as a client of payments reads them. Amounts are numbers in Stripe's smallest unit. */
import { leftOfHold, type Operation, type Refund } from '../operations/operation.ts'
import { checksDocument } from './checks.ts'
import { authentication_failure, paymentError, paymentMethodId, unconfirmed } from './declines.ts'

const statuses = {
  approved: 'succeeded',
  declined: 'requires_payment_method',
  pending: 'processing',
  action_required: 'requires_action',
  voided: 'canceled',
} as const

/** A hold waits for its one capture. */
export function intentStatus(operation: Operation): (typeof statuses)[keyof typeof statuses] | 'requires_capture' {
  const { status, captures } = operation
  if (status !== 'approved' || operation.operation !== 'authorize') return statuses[status]
  if (captures.some((capture) => capture.status === 'pending')) return 'processing'
  return leftOfHold(operation) > 0n ? 'requires_capture' : 'succeeded'
}

export const api_version = '2026-10-28.endive'

/** `expanded` = with the charge as an object instead of its id. */
export function intentDocument(operation: Operation, public_url: string, expanded: boolean): object {
  const { currency, tokenize } = operation
  const status = intentStatus(operation)
  const charge = operation.reason === unconfirmed || status === 'requires_action' ? null : chargeDocument(operation)
  return {
    id: operation.id,
    object: 'payment_intent',
    amount: minor(operation.asked),
    amount_capturable: minor(status === 'requires_capture' ? leftOfHold(operation).toString() : '0'),
    amount_received: minor(operation.taken),
    canceled_at: status === 'canceled' ? seconds(operation.created_at) : null,
    cancellation_reason: null,
    capture_method: operation.operation === 'authorize' ? 'manual' : 'automatic',
    client_secret: `${operation.id}_secret_${operation.challenge}`,
    confirmation_method: 'automatic',
    created: seconds(operation.created_at),
    currency: currency.toLowerCase(),
    customer: null,
    description: operation.description,
    last_payment_error: paymentError(operation),
    latest_charge: expanded ? charge : (charge?.id ?? null),
    livemode: !operation.test,
    metadata: { ...metadataOf(operation.reference, operation.exponent), ...captureMark(operation) },
    next_action:
      status === 'requires_action'
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
    status,
  }
}

function chargeDocument(operation: Operation) {
  const { taken, held, asked, refunds } = operation
  const given_back = refunds
    .filter((refund) => refund.status !== 'declined')
    .reduce((sum, refund) => sum + BigInt(refund.amount), 0n)
  const paid = operation.status === 'approved'
  const captured = paid && taken !== '0'
  const amount = operation.operation === 'authorize' ? held : taken
  // What a capture leaves of a hold counts as given back there.
  const released = captured ? BigInt(amount) - BigInt(taken) : 0n
  return {
    id: `ch_${operation.id.slice(3)}`,
    object: 'charge',
    amount: minor(paid ? amount : asked),
    amount_captured: minor(captured ? taken : '0'),
    amount_refunded: minor((given_back + released).toString()),
    authorization_code: operation.approval_code,
    calculated_statement_descriptor: operation.descriptor,
    captured,
    metadata: metadataOf(operation.reference, operation.exponent),
    paid,
    refunded: captured && given_back === BigInt(taken),
    status: paid ? 'succeeded' : operation.status === 'pending' ? 'pending' : 'failed',
    payment_intent: operation.id,
    payment_method_details: { type: 'card', card: operation.card && cardDocument(operation) },
  }
}

function cardDocument(operation: Operation): object {
  const { card, status, reason, planned, avs_result, cvc_result } = operation
  const failed = status === 'declined' && reason === authentication_failure
  return {
    last4: card?.last4,
    checks: checksDocument(avs_result, cvc_result),
    three_d_secure: planned && {
      authentication_flow: 'challenge',
      electronic_commerce_indicator: failed ? '07' : '05',
      result: failed ? 'failed' : 'authenticated',
      result_reason: failed ? 'canceled' : null,
      transaction_id: operation.challenge,
      version: '2.2.0',
    },
  }
}

/** A capture may store our reference in its intent. */
function captureMark({ captures }: Operation): object {
  const capture = captures.findLast(({ status }) => status !== 'declined')
  return capture ? { cascad_capture: capture.reference } : {}
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
