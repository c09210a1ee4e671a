type Reading = { readonly resolution: string | null; readonly unified_code: string | null }

/** The provider's reasons: resolution of the merchant API, unified code of the Card API. Every row is tested. */
const readings: ReadonlyMap<string, Reading> = new Map([
  ['insufficient_funds', { resolution: 'insufficient_funds', unified_code: 'F.0114' }],
  ['expired_card', { resolution: 'card_expired', unified_code: 'F.0111' }],
  ['do_not_honor', { resolution: 'issuer_decline', unified_code: 'F.0105' }],
  ['unauthorized', { resolution: 'provider_fatal_error', unified_code: 'F.0102' }],
  ['invalid_request', { resolution: 'invalid_request', unified_code: 'F.0128' }],
])

/** Both parts are `null` for a reason without a row: such a decline is not tried elsewhere and is listed for the operator. */
export function readingOf(reason: string | null): Reading {
  return (reason !== null && readings.get(reason)) || { resolution: null, unified_code: null }
}
