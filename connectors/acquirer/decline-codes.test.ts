import assert from 'node:assert/strict'
import { test } from 'node:test'
import { declineReasons, readingOf, refusalOf, refusals } from './decline-codes.ts'

/** Failing resolutions that merchants are told of payments, and that an acquirer can cause. */
const resolutions = new Set(
  `access_denied antifraud_error auth_3ds_required auth_fatal_error card_blocked_by_invalid_pin card_expired card_is_3ds_enrolled
   card_is_lost card_is_not_3ds_enrolled card_is_stolen card_restricted card_restricted_by_acquirer card_type_not_supported
   card_usage_issuer_limit_violation card_usage_limit_violation card_verification_failed client_auth_failed customer_blocked declined
   duplicated_transaction error fatal_decline fatal_error fatal_issuer_unavailable fatal_timeout functionality_is_not_permitted
   general_decline general_fatal_error insufficient_funds invalid_3ds_code invalid_amount invalid_card invalid_card_status
   invalid_cardholder invalid_credentials invalid_cvv invalid_details invalid_expire_date invalid_otp invalid_otp_code invalid_pan
   invalid_pin invalid_request issuer_decline limit_violation lost_or_stolen_card provider_error provider_fatal_error
   transaction_expired unable_to_determine_3ds_enrolment unable_to_reconcile unknown`.split(/\s+/),
)

test('every resolution that an acquirer can cause has a reason, and every reason is listed once', () => {
  const reasons = declineReasons.map(([reason]) => reason)
  assert.equal(new Set(reasons).size, reasons.length)
  assert.deepEqual(new Set(declineReasons.map(([, resolution]) => resolution)), resolutions)
})

for (const [reason, resolution, unified_code] of declineReasons) {
  test(`reason ${reason} is ${resolution}`, () => {
    assert.deepEqual(readingOf(reason), { resolution, unified_code })
    assert.match(reason, /^[1-6]\d{3}$/)
    assert.match(unified_code ?? 'F.0000', /^F\.\d{4}$/)
  })
}

test('a decline of a card never pauses the route: only refusals carry set-up codes', () => {
  const set_up = new Set(['F.0102', 'F.0103', 'F.0106', 'F.0107'])
  assert.deepEqual(
    declineReasons.filter(([, , code]) => code !== null && set_up.has(code)),
    [],
  )
  assert.deepEqual(
    refusals.filter(([, , code]) => code !== null && set_up.has(code)).map(([code]) => code),
    ['unauthorized', 'forbidden', 'unknown_terminal'],
  )
})

test('a reason without a row has no reading', () => {
  for (const reason of [null, '', '9999', 'toString', '__proto__']) {
    assert.deepEqual(readingOf(reason), { resolution: null, unified_code: null })
    assert.deepEqual(refusalOf(reason ?? ''), { resolution: null, unified_code: null })
  }
})
