/** What a payer is told of a failure: a reason in plain words instead of the provider's. Merchant API contract 7.3, 14.3. */

export type FailureReason =
  | 'declined'
  | 'funds'
  | 'number'
  | 'cvv'
  | 'expiry'
  | 'details'
  | 'card_expired'
  | 'blocked'
  | 'type'
  | 'limit'
  | 'confirmation'
  | 'refused'
  | 'duplicate'
  | 'technical'
  | 'unavailable'

const resolutions: Readonly<Record<FailureReason, string>> = {
  declined: 'declined general_decline issuer_decline fatal_decline general_fatal_error',
  funds: 'insufficient_funds',
  number: 'invalid_card invalid_pan fatal_invalid_card',
  cvv: 'invalid_cvv',
  expiry: 'invalid_expire_date',
  details: 'invalid_details invalid_cardholder card_verification_failed',
  card_expired: 'card_expired fatal_card_expired',
  blocked:
    'card_blocked_by_invalid_pin card_lost card_stolen card_is_lost card_is_stolen lost_or_stolen_card card_restricted card_restricted_by_acquirer invalid_card_status',
  type: 'card_type_not_supported invalid_card_type functionality_is_not_permitted',
  limit: 'card_usage_limit_violation card_usage_issuer_limit_violation limit_violation',
  confirmation:
    'auth_3ds_required auth_otp_required auth_fatal_error card_3ds_enrolled card_not_3ds_enrolled card_is_3ds_enrolled card_is_not_3ds_enrolled client_auth_failed invalid_3ds_code invalid_otp invalid_otp_code invalid_pin transaction_expired unable_to_determine_3ds_enrolment',
  refused: 'access_denied antifraud_error customer_blocked',
  duplicate: 'duplicated_transaction',
  technical:
    'amount_conversion_error error unknown fatal_error fatal_issuer_unavailable fatal_timeout forced_captured invalid_amount invalid_credentials invalid_request provider_error provider_fatal_error unable_to_reconcile',
  unavailable: 'strategy_received_no_routes strategy_configured_routes_were_filtered',
}

const reasonOf: ReadonlyMap<string, FailureReason> = new Map(
  Object.entries(resolutions).flatMap(([reason, codes]) =>
    codes.split(' ').map((code): [string, FailureReason] => [code, reason as FailureReason]),
  ),
)

/** The reason for a resolution; a code that nobody here knows is a plain decline. */
export function failureReason(resolution: string): FailureReason {
  return reasonOf.get(resolution.toLowerCase()) ?? 'declined'
}
