import assert from 'node:assert/strict'
import { test } from 'node:test'
import { avsResult, cardFactsOf, cvcResult } from './card-facts.ts'
import { challengedIntent, declinedIntent, facts, intentSample, redirectAction } from './sample-answers.ts'

const paidWith = (card: object, charge: object = {}) =>
  intentSample({ latest_charge: { object: 'charge', payment_method_details: { type: 'card', card }, ...charge } })

const addresses: readonly (readonly [line1: string | null, postal_code: string | null, letter: string | null])[] = [
  ['pass', 'pass', 'M'],
  ['pass', 'fail', 'B'],
  ['pass', 'unavailable', 'B'],
  ['pass', null, 'B'],
  ['fail', 'pass', 'P'],
  ['unchecked', 'pass', 'P'],
  [null, 'pass', 'P'],
  ['fail', 'fail', 'N'],
  ['fail', 'unavailable', 'N'],
  ['unavailable', 'fail', 'N'],
  [null, 'fail', 'N'],
  ['unavailable', 'unavailable', 'U'],
  ['unchecked', null, 'U'],
  [null, null, null],
]

for (const [line1, postal_code, letter] of addresses) {
  test(`street ${line1}, postal code ${postal_code} is ${letter}`, () => {
    assert.equal(avsResult(line1, postal_code), letter)
  })
}

test('the check of the security code is one letter, an unknown word none', () => {
  const checks = ['pass', 'fail', 'unavailable', 'unchecked', null, 'brand_new', 'toString']
  assert.deepEqual(checks.map(cvcResult), ['M', 'N', 'U', 'P', null, null, null])
})

test('an approval tells checks and statement text', () => {
  const checks = { address_line1_check: 'pass', address_postal_code_check: 'pass', cvc_check: 'pass' }
  assert.deepEqual(
    cardFactsOf(paidWith({ checks }, { calculated_statement_descriptor: 'SHOP* ORDER 17' })),
    facts({ descriptor: 'SHOP* ORDER 17', avs_result: 'M', cvc_result: 'M' }),
  )
  assert.equal(cardFactsOf(intentSample()), null)
})

test('a decline tells the code of the network, and the checks of the payment method where the charge is not told', () => {
  const error = {
    type: 'card_error',
    code: 'incorrect_cvc',
    network_decline_code: 'N7',
    payment_method: { card: { checks: { cvc_check: 'fail' } } },
  }
  assert.deepEqual(cardFactsOf(declinedIntent(error)), facts({ bank_code: 'N7', cvc_result: 'N' }))
  assert.equal(cardFactsOf(declinedIntent({ ...error, network_decline_code: 'private', payment_method: null })), null)
})

const authentications: readonly (readonly [told: object, ve_status: string | null, pa_status: string | null])[] = [
  [{ result: 'authenticated' }, 'Y', 'Y'],
  [{ result: 'attempt_acknowledged' }, 'Y', 'A'],
  [{ result: 'failed', result_reason: 'canceled' }, 'Y', 'N'],
  [{ result: 'failed', result_reason: 'rejected' }, 'Y', 'R'],
  [{ result: 'not_supported', result_reason: 'card_not_enrolled' }, 'N', null],
  [{ result: 'processing_error' }, 'U', 'U'],
  [{ result: 'exempted' }, 'Y', null],
  [{ result: 'brand_new' }, null, null],
]

for (const [told, ve_status, pa_status] of authentications) {
  test(`an authentication told as ${JSON.stringify(told)} is enrolment ${ve_status}, result ${pa_status}`, () => {
    const three_d_secure = { ...told, electronic_commerce_indicator: '05', transaction_id: 'a1b2', version: '2.2.0' }
    const expected = facts({ three_ds: { ve_status, pa_status, eci: '05', xid: 'a1b2' } })
    assert.deepEqual(cardFactsOf(paidWith({ three_d_secure })), expected)
  })
}

test('a challenge that is open and one that failed are told without a charge', () => {
  const open = cardFactsOf(challengedIntent(redirectAction))
  assert.deepEqual(open?.three_ds && [open.three_ds.ve_status, open.three_ds.pa_status], ['Y', 'C'])
  const failed = cardFactsOf(declinedIntent({ code: 'payment_intent_authentication_failure' }))
  assert.deepEqual(failed?.three_ds && [failed.three_ds.ve_status, failed.three_ds.pa_status], ['Y', 'N'])
})
