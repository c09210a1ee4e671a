/**
 * Resolution codes of the merchant API, said by a provider → class. The codes are those of merchant API 7.3; the ones that
 * forbid a failover (8.2) must stand for classes that forbid a hop, also where a switch of the account would allow it.
 */

import type { DeclineClass } from './decline-class.ts'
import type { CodeReading } from './unified-codes.ts'

const rows: readonly (readonly [reading: DeclineClass, codes: readonly string[], alarm?: 'alarm'])[] = [
  ['gateway_rejected', ['access_denied', 'invalid_credentials'], 'alarm'],
  ['gateway_rejected', ['amount_conversion_error', 'card_type_not_supported', 'invalid_card_type']],
  // An upstream orchestrator found no route: nothing went to the network.
  ['gateway_rejected', ['strategy_received_no_routes', 'strategy_configured_routes_were_filtered']],
  ['acquirer_technical', ['error', 'fatal_error', 'general_fatal_error', 'provider_error', 'provider_fatal_error']],
  // The provider states that nothing was charged.
  ['acquirer_technical', ['fatal_timeout']],
  ['issuer_technical', ['fatal_issuer_unavailable']],
  ['soft_generic', ['declined', 'issuer_decline', 'functionality_is_not_permitted']],
  ['unmapped', ['general_decline', 'unknown', 'unable_to_reconcile', 'forced_captured']],
  ['acquirer_risk', ['card_restricted_by_acquirer']],
  ['authentication_required', ['auth_3ds_required', 'card_3ds_enrolled', 'card_is_3ds_enrolled']],
  ['request_invalid', ['invalid_amount', 'invalid_request']],
  ['limit', ['card_usage_issuer_limit_violation', 'card_usage_limit_violation', 'limit_violation']],
  ['insufficient_funds', ['insufficient_funds']],
  ['card_data', ['card_expired', 'fatal_card_expired', 'card_blocked_by_invalid_pin', 'card_verification_failed']],
  ['card_data', ['invalid_card', 'invalid_card_status', 'invalid_cardholder', 'invalid_cvv', 'invalid_details']],
  ['card_data', ['invalid_expire_date', 'invalid_pan', 'invalid_pin']],
  ['three_ds_failed', ['auth_fatal_error', 'invalid_3ds_code', 'unable_to_determine_3ds_enrolment']],
  ['three_ds_failed', ['card_not_3ds_enrolled', 'card_is_not_3ds_enrolled']],
  ['payer_action', ['auth_otp_required', 'client_auth_failed', 'invalid_otp', 'invalid_otp_code']],
  ['payer_action', ['expired', 'transaction_expired']],
  ['issuer_risk', ['antifraud_error', 'card_restricted', 'fatal_decline']],
  ['duplicate', ['duplicated_transaction']],
  ['platform_risk', ['customer_blocked']],
  [
    'never',
    ['card_lost', 'card_stolen', 'card_is_lost', 'card_is_stolen', 'lost_or_stolen_card', 'fatal_invalid_card'],
  ],
]

export const resolutionCodes: ReadonlyMap<string, CodeReading> = new Map(
  rows.flatMap(([reading, codes, alarm]) =>
    codes.map((code) => [code, { class: reading, alarm: alarm === 'alarm' }] as const),
  ),
)

/** Resolutions after which no other route is tried (merchant API 8.2). */
export const resolutionsWithoutFailover: readonly string[] = [
  'antifraud_error',
  'auth_fatal_error',
  'card_blocked_by_invalid_pin',
  'card_expired',
  'card_is_lost',
  'card_is_stolen',
  'card_lost',
  'card_stolen',
  'client_auth_failed',
  'customer_blocked',
  'duplicated_transaction',
  'fatal_card_expired',
  'fatal_decline',
  'fatal_invalid_card',
  'invalid_3ds_code',
  'invalid_card',
  'invalid_cvv',
  'insufficient_funds',
  'invalid_expire_date',
  'invalid_otp',
  'invalid_otp_code',
  'invalid_pan',
  'invalid_pin',
  'lost_or_stolen_card',
  'transaction_expired',
]
