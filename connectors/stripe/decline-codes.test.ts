import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Outcome, Send } from '@cascad/connector'
import { sampleCard, sampleCharge } from '@cascad/connector/contract-suite'
import { classifyDecline } from '../../apps/server/src/routing/rules/classify-decline.ts'
import type { Credentials } from './credentials.ts'
import { declineCodes, errorCodes, readingOf } from './decline-codes.ts'
import connector from './index.ts'
import { cardError, errorSample } from './sample-answers.ts'

const credentials: Credentials = { secret_key: 'sim_key_stripe', webhook_secret: 'sim_webhook_stripe' }

/** Card decline codes that Stripe documents. */
const documented = `
approve_with_id authentication_not_handled authentication_required call_issuer card_not_supported card_velocity_exceeded
currency_not_supported do_not_honor do_not_try_again duplicate_transaction expired_card fraudulent generic_decline incorrect_address
incorrect_cvc incorrect_number incorrect_pin incorrect_zip insufficient_funds invalid_account invalid_amount invalid_cvc
invalid_expiry_month invalid_expiry_year invalid_number invalid_pin issuer_not_available lost_card merchant_blacklist
mobile_device_authentication_required new_account_information_available no_action_taken not_permitted offline_pin_required
online_or_offline_pin_required pickup_card pin_try_exceeded processing_error reenter_transaction restricted_card
revocation_of_all_authorizations revocation_of_authorization security_violation service_not_allowed stolen_card stop_payment_order
testmode_decline transaction_not_allowed try_again_later withdrawal_count_limit_exceeded`
  .trim()
  .split(/\s+/)

/** Failing resolutions that merchants are told of payments, as far as Stripe can cause them. */
const resolutions = new Set(
  `antifraud_error auth_3ds_required auth_fatal_error card_blocked_by_invalid_pin card_expired card_is_lost card_is_not_3ds_enrolled
   card_is_stolen card_restricted card_type_not_supported card_usage_issuer_limit_violation card_usage_limit_violation
   client_auth_failed duplicated_transaction fatal_decline fatal_issuer_unavailable functionality_is_not_permitted
   insufficient_funds invalid_amount invalid_card invalid_cvv invalid_details invalid_expire_date invalid_pan invalid_pin
   invalid_request issuer_decline lost_or_stolen_card provider_error provider_fatal_error transaction_expired
   unable_to_determine_3ds_enrolment`.split(/\s+/),
)

async function charged(status: number, document: object): Promise<Outcome> {
  const request = sampleCharge(credentials, { card: sampleCard })
  const body = JSON.stringify(document).replaceAll('{reference}', request.reference)
  const send: Send = async () => ({ type: 'response', status, headers: {}, body })
  return await connector.charge(request, send)
}

test('every documented decline code has a row, and no code has two', () => {
  assert.deepEqual(declineCodes.map(([code]) => code).sort(), [...documented].sort())
  const all = [...declineCodes, ...errorCodes].map(([code]) => code)
  assert.equal(new Set(all).size, all.length)
})

for (const [code, resolution, unified_code] of declineCodes) {
  test(`decline code ${code} is ${resolution ?? 'left to its other signals'}`, async () => {
    assert.ok(resolution === null || resolutions.has(resolution), `${resolution}`)
    const error = { type: 'card_error', code: 'card_declined', decline_code: code, message: 'Declined.' }
    const outcome = await charged(402, cardError(error))
    assert.equal(outcome.type, 'declined')
    assert.ok(outcome.type === 'declined')
    assert.equal(outcome.provider_reference, 'pi_3MtwBwLkdIwHu7ix28a3tqPa')
    assert.deepEqual(outcome.signals, {
      resolution,
      unified_code,
      network_code: null,
      advice_code: null,
      provider_code: code,
      provider_text: 'Declined.',
    })
  })
}

for (const [code, resolution, unified_code] of errorCodes) {
  test(`error code ${code} is ${resolution ?? unified_code ?? 'left to its other signals'}`, async () => {
    assert.ok(resolution === null || resolutions.has(resolution), `${resolution}`)
    const outcome = await charged(400, errorSample('invalid_request_error', code))
    assert.ok(outcome.type === 'declined')
    assert.deepEqual(
      [outcome.signals.resolution, outcome.signals.unified_code, outcome.signals.provider_code],
      [resolution, unified_code, code],
    )
  })
}

/** What the platform makes of a decline code alone; codes that are left out here are `card_data`. */
const classes: Readonly<Record<string, string>> = {
  soft_generic: `approve_with_id call_issuer currency_not_supported do_not_honor no_action_taken not_permitted service_not_allowed
    transaction_not_allowed try_again_later`,
  authentication_required: 'authentication_not_handled authentication_required mobile_device_authentication_required',
  gateway_rejected: 'card_not_supported',
  limit: 'card_velocity_exceeded withdrawal_count_limit_exceeded',
  never: 'do_not_try_again lost_card pickup_card stolen_card',
  duplicate: 'duplicate_transaction',
  issuer_risk: `fraudulent merchant_blacklist restricted_card revocation_of_all_authorizations revocation_of_authorization
    security_violation stop_payment_order`,
  unmapped: 'generic_decline',
  insufficient_funds: 'insufficient_funds',
  request_invalid: 'invalid_amount',
  issuer_technical: 'issuer_not_available',
  acquirer_technical: 'processing_error reenter_transaction',
}

const bare = { network_code: null, advice_code: null, provider_code: null, provider_text: null }
const classOf = (code: string, more: object = {}): string => {
  const reading = readingOf(code) ?? { resolution: null, unified_code: null }
  return classifyDecline({ ...bare, ...reading, ...more }, { brand: 'visa' }).class
}

test('every decline code has the class it is meant to have, so the cascade goes on only where it may', () => {
  for (const [code] of declineCodes) {
    const meant = Object.entries(classes).find(([, codes]) => codes.split(/\s+/).includes(code))?.[0] ?? 'card_data'
    assert.equal(classOf(code), meant, code)
  }
})

test("a decline without a reason is what the network's code says", () => {
  assert.equal(classOf('generic_decline', { network_code: '05' }), 'soft_generic')
  assert.equal(classOf('generic_decline', { network_code: '91' }), 'issuer_technical')
  assert.equal(classOf('generic_decline', { network_code: '41' }), 'never')
})

test('limits of Stripe leave the way to another gateway open, set-up faults raise the alarm', () => {
  for (const code of ['amount_too_small', 'amount_too_large', 'country_unsupported']) {
    assert.equal(classOf(code), 'gateway_rejected')
  }
  for (const code of ['api_key_expired', 'livemode_mismatch', 'account_closed']) {
    assert.equal(classifyDecline({ ...bare, ...readingOf(code)! }, { brand: null }).alarm, true, code)
  }
})

test('a decline of a card never pauses the route: no decline code carries a set-up code', () => {
  const set_up = new Set(['F.0102', 'F.0103', 'F.0106', 'F.0107'])
  assert.deepEqual(
    declineCodes.filter(([, , code]) => code !== null && set_up.has(code)),
    [],
  )
})

test('codes of the network come along unchanged, private ones never stand in their place', async () => {
  const error = { type: 'card_error', code: 'card_declined', decline_code: 'do_not_honor', message: 'No.' }
  const told = await charged(402, cardError({ ...error, network_decline_code: '05', network_advice_code: '03' }))
  assert.ok(told.type === 'declined')
  assert.deepEqual([told.signals.network_code, told.signals.advice_code], ['05', '03'])
  const odd = await charged(402, cardError({ ...error, network_decline_code: 'do_not_honor', network_advice_code: 3 }))
  assert.ok(odd.type === 'declined')
  assert.deepEqual([odd.signals.network_code, odd.signals.advice_code], [null, null])
})

test('the advice not to try again stands for a card that is never to be tried, unless the network says more itself', async () => {
  const error = {
    type: 'card_error',
    code: 'card_declined',
    decline_code: 'do_not_honor',
    advice_code: 'do_not_try_again',
  }
  const alone = await charged(402, cardError(error))
  assert.equal(alone.type === 'declined' && alone.signals.unified_code, 'F.0116')
  const more = await charged(402, cardError({ ...error, network_decline_code: '57' }))
  assert.equal(more.type === 'declined' && more.signals.unified_code, 'F.0105')
})

test('a code without a row has no reading', () => {
  for (const code of [null, '', 'brand_new_code', 'toString', '__proto__']) assert.equal(readingOf(code), null)
})
