/** The acquirer's private reason codes in the words of the platform. Private codes never become network codes. */

type Reading = { readonly resolution: string | null; readonly unified_code: string | null }
type Row = readonly [reason: string, resolution: string, unified_code: string | null]

/**
 * Reasons of declined payments: resolution of the merchant API, unified code of the Card API. 1xxx said by the issuer,
 * 2xxx about the card's data, 3xxx authentication, 4xxx the acquirer itself, 5xxx the request, 6xxx limits and risk.
 */
export const declineReasons: readonly Row[] = [
  ['1001', 'issuer_decline', 'F.0105'],
  ['1002', 'insufficient_funds', 'F.0114'],
  ['1003', 'functionality_is_not_permitted', 'F.0104'],
  ['1004', 'fatal_issuer_unavailable', 'F.0119'],
  ['1005', 'lost_or_stolen_card', 'F.0116'],
  ['1006', 'card_is_lost', 'F.0116'],
  ['1007', 'card_is_stolen', 'F.0116'],
  ['1008', 'card_restricted', 'F.0120'],
  ['1009', 'card_blocked_by_invalid_pin', 'F.0100'],
  ['1010', 'invalid_card_status', 'F.0100'],
  ['1011', 'declined', 'F.0999'],
  ['1012', 'general_decline', 'F.0999'],
  ['1013', 'access_denied', 'F.0104'],
  ['1014', 'fatal_decline', 'F.0116'],
  ['2001', 'invalid_card', 'F.0127'],
  ['2002', 'invalid_pan', 'F.0127'],
  ['2003', 'card_expired', 'F.0111'],
  ['2004', 'invalid_expire_date', 'F.0111'],
  ['2005', 'invalid_cvv', 'F.0112'],
  ['2006', 'invalid_pin', 'F.0127'],
  ['2007', 'invalid_details', 'F.0127'],
  ['2008', 'invalid_cardholder', 'F.0127'],
  ['2009', 'card_verification_failed', 'F.0112'],
  ['2010', 'card_type_not_supported', 'F.0123'],
  // The payer's own credentials: the route is not to be paused for them.
  ['2011', 'invalid_credentials', 'F.0131'],
  ['3001', 'auth_fatal_error', 'F.0130'],
  ['3002', 'invalid_3ds_code', 'F.0130'],
  ['3003', 'invalid_otp', 'F.0134'],
  ['3004', 'invalid_otp_code', 'F.0134'],
  ['3005', 'client_auth_failed', 'F.0131'],
  ['3006', 'unable_to_determine_3ds_enrolment', 'F.4003'],
  ['3007', 'card_is_3ds_enrolled', 'F.0130'],
  ['3008', 'card_is_not_3ds_enrolled', 'F.0129'],
  // The network's own code for this is 1A; a unified code would be stricter than the step-up it asks for.
  ['3009', 'auth_3ds_required', null],
  ['3010', 'transaction_expired', 'F.0109'],
  ['3011', 'auth_fatal_error', 'F.4001'],
  ['3012', 'auth_fatal_error', 'F.4002'],
  ['4001', 'provider_error', 'F.0117'],
  ['4002', 'provider_fatal_error', 'F.0118'],
  ['4003', 'error', 'F.0117'],
  ['4004', 'fatal_error', 'F.0118'],
  ['4005', 'general_fatal_error', 'F.0999'],
  ['4006', 'unknown', 'F.0997'],
  ['4007', 'unable_to_reconcile', 'F.0997'],
  ['4008', 'fatal_timeout', 'F.0117'],
  ['4009', 'card_restricted_by_acquirer', 'F.0123'],
  ['5001', 'invalid_request', 'F.0128'],
  ['5002', 'invalid_amount', 'F.0128'],
  ['5003', 'duplicated_transaction', 'F.0108'],
  // Captures and cancels: nothing held, released already, used up, settled.
  ['5004', 'invalid_request', 'F.0104'],
  ['5005', 'invalid_request', 'F.0104'],
  ['5006', 'invalid_amount', 'F.0104'],
  ['5007', 'functionality_is_not_permitted', 'F.0104'],
  ['6001', 'limit_violation', 'F.0123'],
  ['6002', 'card_usage_limit_violation', 'F.0124'],
  ['6003', 'card_usage_issuer_limit_violation', 'F.0124'],
  ['6004', 'antifraud_error', 'F.0120'],
  ['6005', 'customer_blocked', 'F.0120'],
]

/** Error documents: the acquirer did not take the request. `F.0102` and `F.0107` are faults of our set-up. */
export const refusals: readonly Row[] = [
  ['unauthorized', 'provider_fatal_error', 'F.0102'],
  ['forbidden', 'provider_fatal_error', 'F.0102'],
  ['unknown_terminal', 'provider_fatal_error', 'F.0107'],
  ['too_many_requests', 'provider_error', 'F.0123'],
  ['currency_not_supported', 'provider_fatal_error', 'F.0113'],
  ['invalid_request', 'invalid_request', 'F.0128'],
  ['invalid_amount', 'invalid_amount', 'F.0128'],
  // Voided by us before it arrived.
  ['reference_closed', 'general_decline', 'F.0109'],
  ['duplicate_reference', 'duplicated_transaction', 'F.0108'],
]

const readings = byReason(declineReasons)
const refusalReadings = byReason(refusals)
const unread: Reading = { resolution: null, unified_code: null }

/** The reading of a reason of a declined payment; both parts `null` when the table has no row for it. */
export function readingOf(reason: string | null): Reading {
  return (reason !== null && readings.get(reason)) || unread
}

/** The reading of the code of an error document. */
export function refusalOf(code: string): Reading {
  return refusalReadings.get(code) ?? unread
}

function byReason(rows: readonly Row[]): ReadonlyMap<string, Reading> {
  return new Map(rows.map(([reason, resolution, unified_code]) => [reason, { resolution, unified_code }]))
}
