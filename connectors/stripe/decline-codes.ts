/**
 * Stripe's codes in the words of the platform: resolution of the merchant API, unified code of the Card API. The
 * strictest of all signals decides, so a part that would be stricter than what is meant is `null`: the platform then derives
 * it from the class. Private codes never become network codes.
 */

export type Reading = { readonly resolution: string | null; readonly unified_code: string | null }
type Row = readonly [code: string, resolution: string | null, unified_code: string | null]

/** `decline_code` of card errors. Source: https://docs.stripe.com/declines/codes, "Card decline codes". */
export const declineCodes: readonly Row[] = [
  ['approve_with_id', 'issuer_decline', 'F.0105'],
  // The network's own code for these is 1A; a unified code would be stricter than the step-up it asks for.
  ['authentication_not_handled', 'auth_3ds_required', null],
  ['authentication_required', 'auth_3ds_required', null],
  ['call_issuer', 'issuer_decline', 'F.0105'],
  ['card_not_supported', 'card_type_not_supported', 'F.0123'],
  ['card_velocity_exceeded', 'card_usage_issuer_limit_violation', 'F.0124'],
  ['currency_not_supported', 'functionality_is_not_permitted', 'F.0104'],
  ['do_not_honor', 'issuer_decline', 'F.0105'],
  ['do_not_try_again', 'fatal_decline', 'F.0116'],
  ['duplicate_transaction', 'duplicated_transaction', 'F.0108'],
  ['expired_card', 'card_expired', 'F.0111'],
  ['fraudulent', 'antifraud_error', 'F.0120'],
  // Said by the issuer, then with a network code, or by Stripe's own risk rules, then without one.
  ['generic_decline', null, null],
  ['incorrect_address', 'invalid_details', 'F.0127'],
  ['incorrect_cvc', 'invalid_cvv', 'F.0112'],
  ['incorrect_number', 'invalid_pan', 'F.0127'],
  ['incorrect_pin', 'invalid_pin', 'F.0127'],
  ['incorrect_zip', 'invalid_details', 'F.0127'],
  ['insufficient_funds', 'insufficient_funds', 'F.0114'],
  ['invalid_account', 'invalid_card', 'F.0127'],
  ['invalid_amount', 'invalid_amount', 'F.0128'],
  ['invalid_cvc', 'invalid_cvv', 'F.0112'],
  ['invalid_expiry_month', 'invalid_expire_date', 'F.0111'],
  ['invalid_expiry_year', 'invalid_expire_date', 'F.0111'],
  ['invalid_number', 'invalid_pan', 'F.0127'],
  ['invalid_pin', 'invalid_pin', 'F.0127'],
  ['issuer_not_available', 'fatal_issuer_unavailable', 'F.0119'],
  ['lost_card', 'card_is_lost', 'F.0116'],
  ['merchant_blacklist', 'antifraud_error', 'F.0120'],
  ['mobile_device_authentication_required', 'auth_3ds_required', null],
  ['new_account_information_available', 'invalid_card', 'F.0127'],
  ['no_action_taken', 'issuer_decline', 'F.0105'],
  ['not_permitted', 'functionality_is_not_permitted', 'F.0104'],
  ['offline_pin_required', 'invalid_pin', 'F.0127'],
  ['online_or_offline_pin_required', 'invalid_pin', 'F.0127'],
  ['pickup_card', 'lost_or_stolen_card', 'F.0116'],
  ['pin_try_exceeded', 'card_blocked_by_invalid_pin', 'F.0100'],
  ['processing_error', 'provider_error', 'F.0117'],
  ['reenter_transaction', 'provider_error', 'F.0117'],
  ['restricted_card', 'card_restricted', 'F.0120'],
  ['revocation_of_all_authorizations', 'issuer_decline', 'F.0120'],
  ['revocation_of_authorization', 'issuer_decline', 'F.0120'],
  ['security_violation', 'antifraud_error', 'F.0120'],
  ['service_not_allowed', 'functionality_is_not_permitted', 'F.0104'],
  ['stolen_card', 'card_is_stolen', 'F.0116'],
  ['stop_payment_order', 'issuer_decline', 'F.0120'],
  ['testmode_decline', 'invalid_card', 'F.0127'],
  ['transaction_not_allowed', 'functionality_is_not_permitted', 'F.0104'],
  ['try_again_later', 'issuer_decline', 'F.0105'],
  ['withdrawal_count_limit_exceeded', 'card_usage_issuer_limit_violation', 'F.0124'],
]

/**
 * `code` of errors, where no `decline_code` says more. `F.0102` and `F.0107` are faults of our set-up. Source:
 * https://docs.stripe.com/error-codes; those that no call of this connector can meet are left out.
 */
export const errorCodes: readonly Row[] = [
  ['card_declined', null, null],
  ['card_decline_rate_limit_exceeded', 'card_usage_limit_violation', 'F.0124'],
  ['payment_intent_authentication_failure', 'auth_fatal_error', 'F.4001'],
  ['three_d_secure_authentication_not_supported', 'card_is_not_3ds_enrolled', 'F.0129'],
  ['three_d_secure_authentication_upstream_error', 'unable_to_determine_3ds_enrolment', 'F.4003'],
  ['payment_intent_payment_attempt_expired', 'transaction_expired', 'F.0109'],
  ['payment_intent_payment_attempt_failed', null, null],
  ['payment_method_customer_decline', 'client_auth_failed', 'F.0121'],
  ['payment_method_provider_decline', 'issuer_decline', 'F.0105'],
  ['payment_method_provider_timeout', 'provider_error', 'F.0117'],
  ['payment_method_not_available', 'provider_error', 'F.0117'],
  ['incorrect_postal_code', 'invalid_details', 'F.0127'],
  ['expired_payment_method', 'card_expired', 'F.0111'],
  ['invalid_card_type', 'card_type_not_supported', 'F.0123'],
  ['payment_method_currency_mismatch', 'card_type_not_supported', 'F.0123'],
  // Limits of Stripe, not of the card: another gateway may have others.
  ['amount_too_large', null, 'F.0123'],
  ['amount_too_small', null, 'F.0123'],
  ['charge_exceeds_source_limit', null, 'F.0123'],
  ['charge_exceeds_transaction_limit', null, 'F.0123'],
  ['country_unsupported', null, 'F.0113'],
  ['invalid_charge_amount', 'invalid_amount', 'F.0128'],
  ['email_invalid', 'invalid_request', 'F.0128'],
  ['invalid_characters', 'invalid_request', 'F.0128'],
  ['parameter_invalid_empty', 'invalid_request', 'F.0128'],
  ['parameter_invalid_integer', 'invalid_request', 'F.0128'],
  ['parameter_invalid_string_blank', 'invalid_request', 'F.0128'],
  ['parameter_invalid_string_empty', 'invalid_request', 'F.0128'],
  ['parameter_missing', 'invalid_request', 'F.0128'],
  ['parameter_unknown', 'invalid_request', 'F.0128'],
  ['parameters_exclusive', 'invalid_request', 'F.0128'],
  ['payment_intent_invalid_parameter', 'invalid_request', 'F.0128'],
  ['payment_method_invalid_parameter', 'invalid_request', 'F.0128'],
  ['url_invalid', 'invalid_request', 'F.0128'],
  // Of what this connector names by an id, only a saved card can be gone.
  ['resource_missing', 'invalid_card', 'F.0127'],
  ['payment_method_unexpected_state', 'invalid_card', 'F.0127'],
  ['payment_intent_rate_limit_exceeded', 'provider_error', 'F.0123'],
  ['rate_limit', 'provider_error', 'F.0123'],
  ['charge_already_captured', 'invalid_request', 'F.0128'],
  ['capture_unauthorized_payment', 'invalid_request', 'F.0128'],
  ['capture_charge_authorization_expired', 'transaction_expired', 'F.0109'],
  ['charge_expired_for_capture', 'transaction_expired', 'F.0109'],
  ['payment_intent_unexpected_state', 'invalid_request', 'F.0128'],
  ['charge_already_refunded', 'invalid_amount', 'F.0128'],
  ['charge_disputed', 'invalid_request', 'F.0128'],
  ['charge_not_refundable', 'invalid_request', 'F.0128'],
  ['refund_disputed_payment', 'invalid_request', 'F.0128'],
  ['balance_insufficient', 'provider_fatal_error', 'F.0118'],
  ['account_closed', 'provider_fatal_error', 'F.0107'],
  ['account_invalid', 'provider_fatal_error', 'F.0107'],
  ['api_key_expired', 'provider_fatal_error', 'F.0102'],
  ['capability_not_active', 'provider_fatal_error', 'F.0107'],
  ['livemode_mismatch', 'provider_fatal_error', 'F.0102'],
  ['payment_method_unactivated', 'provider_fatal_error', 'F.0107'],
  ['platform_account_required', 'provider_fatal_error', 'F.0102'],
  ['platform_api_key_expired', 'provider_fatal_error', 'F.0102'],
  ['secret_key_required', 'provider_fatal_error', 'F.0102'],
  ['testmode_charges_only', 'provider_fatal_error', 'F.0107'],
  ['tls_version_unsupported', 'provider_fatal_error', 'F.0107'],
]

const readings: ReadonlyMap<string, Reading> = new Map(
  [...errorCodes, ...declineCodes].map(([code, resolution, unified_code]) => [code, { resolution, unified_code }]),
)

/** The reading of a decline code or error code; `null` when no table has a row for it. */
export function readingOf(code: string | null): Reading | null {
  return (code !== null && readings.get(code)) || null
}
