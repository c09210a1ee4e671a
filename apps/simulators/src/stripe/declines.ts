/** What the simulated Stripe says of a decline: the simulators' shared reasons in the words of Stripe. */
import type { Operation } from '../operations/operation.ts'
import { checksDocument } from './checks.ts'

/** Reason of the acquirer's simulator → decline code. A terminal's script may also name a decline code itself. */
const declineCodes: Readonly<Record<string, string>> = {
  1001: 'do_not_honor',
  1002: 'insufficient_funds',
  1003: 'transaction_not_allowed',
  1004: 'issuer_not_available',
  1005: 'pickup_card',
  1006: 'lost_card',
  1007: 'stolen_card',
  1008: 'restricted_card',
  1009: 'pin_try_exceeded',
  1010: 'invalid_account',
  1013: 'service_not_allowed',
  1014: 'pickup_card',
  2001: 'invalid_account',
  2002: 'incorrect_number',
  2003: 'expired_card',
  2004: 'invalid_expiry_year',
  2005: 'incorrect_cvc',
  2006: 'incorrect_pin',
  2007: 'incorrect_address',
  2008: 'incorrect_address',
  2009: 'incorrect_cvc',
  2010: 'card_not_supported',
  3001: 'payment_intent_authentication_failure',
  3002: 'payment_intent_authentication_failure',
  3003: 'payment_intent_authentication_failure',
  3004: 'payment_intent_authentication_failure',
  3005: 'payment_intent_authentication_failure',
  3009: 'authentication_required',
  4001: 'processing_error',
  4003: 'processing_error',
  4008: 'processing_error',
  4009: 'card_not_supported',
  5001: 'not_permitted',
  5002: 'invalid_amount',
  5003: 'duplicate_transaction',
  6001: 'card_velocity_exceeded',
  6002: 'card_velocity_exceeded',
  6003: 'withdrawal_count_limit_exceeded',
  6004: 'fraudulent',
  6005: 'merchant_blacklist',
}

/** Decline codes that are error codes as well; the others come under `card_declined`. */
const ownCodes = new Set(
  'authentication_required expired_card incorrect_address incorrect_cvc incorrect_number incorrect_zip invalid_cvc invalid_expiry_month invalid_expiry_year invalid_number processing_error'.split(
    ' ',
  ),
)

const advice: Readonly<Record<string, string>> = {
  lost_card: 'do_not_try_again',
  stolen_card: 'do_not_try_again',
  pickup_card: 'do_not_try_again',
  incorrect_cvc: 'confirm_card_data',
  expired_card: 'confirm_card_data',
  insufficient_funds: 'try_again_later',
  issuer_not_available: 'try_again_later',
}

export const authentication_failure = 'payment_intent_authentication_failure'

/** An intent that was made without a card and never confirmed. */
export const unconfirmed = 'unconfirmed'

/** `error` of a refused charge and `last_payment_error` of its intent; `null` when there was no try. */
export function paymentError(operation: Operation): Readonly<Record<string, unknown>> | null {
  const { reason, status } = operation
  if (status !== 'declined' || reason === unconfirmed) return null
  const word = /^\d+$/.test(reason ?? '') ? declineCodes[reason as string] : reason
  const decline_code = word ?? 'generic_decline'
  const payment_method = operation.card && {
    id: paymentMethodId(operation),
    object: 'payment_method',
    type: 'card',
    card: { last4: operation.card.last4, checks: checksDocument(operation.avs_result, operation.cvc_result) },
  }
  if (decline_code === authentication_failure) {
    const message = 'The provided PaymentMethod has failed authentication.'
    return { type: 'invalid_request_error', code: authentication_failure, message, payment_method }
  }
  return {
    type: 'card_error',
    code: ownCodes.has(decline_code) ? decline_code : 'card_declined',
    decline_code,
    message: 'Your card was declined.',
    charge: `ch_${operation.id.slice(3)}`,
    payment_method,
    ...(advice[decline_code] && { advice_code: advice[decline_code] }),
    ...(operation.code && { network_decline_code: operation.code }),
    ...(operation.advice_code && { network_advice_code: operation.advice_code }),
  }
}

export function paymentMethodId(operation: Operation): string {
  return `pm_${operation.id.slice(3)}`
}
