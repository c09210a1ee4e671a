import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Outcome } from '@cascad/connector'
import { createPlainSend, sampleCharge } from '@cascad/connector/contract-suite'
import { createSimulators, type Simulators } from '../../apps/simulators/src/simulators.ts'
import type { Credentials } from './credentials.ts'
import connector from './index.ts'

let simulators: Simulators
before(async () => {
  simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1' })
})
after(() => simulators.close())

const send = createPlainSend({ read_timeout_ms: 5000 })
const failing = { free: '4302912837020000', three_ds: '4412397212080000' }
const succeeding = { free: '5519283812030000', three_ds: '5123817234060000' }

function request(number: string, mmyy: string, more: object = {}) {
  const card = { number, exp_month: mmyy.slice(0, 2), exp_year: `20${mmyy.slice(2)}`, cvv: '123', holder: null }
  return sampleCharge(simulators.control.credentials('third') as Credentials, { card, ...more })
}

/** Sends the charge and answers the issuer's page when it asks; then the provider's last word. */
async function pay(number: string, mmyy: string, choice: 'confirm' | 'decline' = 'confirm'): Promise<Outcome> {
  const charge = request(number, mmyy)
  const outcome = await connector.charge(charge, send)
  if (outcome.type !== 'action_required') return outcome
  const body = new URLSearchParams({ ...outcome.action.params, choice })
  const answered = await fetch(`${outcome.action.url}/answer`, { method: 'POST', body, redirect: 'manual' })
  assert.equal(answered.headers.get('location'), charge.return_url)
  const { credentials, reference } = charge
  return (await connector.status?.(
    { credentials, reference, provider_reference: null, test_mode: true },
    send,
  )) as Outcome
}

const resolutions: Readonly<Record<string, string>> = {
  '0856': 'access_denied',
  '1248': 'card_is_not_3ds_enrolled',
  '0440': 'fatal_error',
  '0832': 'invalid_otp',
  '0755': 'error',
  '1147': 'issuer_decline',
  '0339': 'unable_to_reconcile',
  '0731': 'invalid_3ds_code',
  '0654': 'provider_error',
  '1046': 'client_auth_failed',
  '0238': 'invalid_amount',
  '0630': 'invalid_card_status',
  '0553': 'unknown',
  '0945': 'provider_fatal_error',
  '0137': 'limit_violation',
  '0529': 'insufficient_funds',
  '0452': 'duplicated_transaction',
  '0844': 'invalid_details',
  '1236': 'functionality_is_not_permitted',
  '0428': 'card_expired',
  '0351': 'auth_fatal_error',
  '0743': 'invalid_pin',
  '1135': 'invalid_request',
  '0327': 'invalid_cvv',
  '0250': 'unable_to_determine_3ds_enrolment',
  '0642': 'antifraud_error',
  '1034': 'lost_or_stolen_card',
  '0226': 'invalid_pan',
  '0149': 'card_is_3ds_enrolled',
  '0541': 'invalid_card',
  '0933': 'declined',
  '0125': 'invalid_credentials',
  '1230': 'general_fatal_error',
  '0777': 'general_fatal_error',
  '0119': 'general_fatal_error',
}

for (const [mmyy, resolution] of Object.entries(resolutions)) {
  test(`failing test cards with expiry ${mmyy}: ${resolution}`, async () => {
    for (const number of [failing.free, failing.three_ds]) {
      const outcome = await pay(number, mmyy)
      assert.equal(outcome.type === 'declined' && outcome.signals.resolution, resolution)
    }
  })
}

test('successful test cards succeed with any expiry, also past ones, 3-D Secure as the card says', async () => {
  for (const mmyy of ['1249', '0119', '0856']) {
    assert.equal((await connector.charge(request(succeeding.free, mmyy), send)).type, 'approved')
    assert.equal((await connector.charge(request(succeeding.three_ds, mmyy), send)).type, 'action_required')
    assert.equal((await pay(succeeding.three_ds, mmyy)).type, 'approved')
  }
})

test('expiry 0777 stays pending, with 3-D Secure after the payer confirmed', async () => {
  assert.equal((await pay(succeeding.free, '0777')).type, 'pending')
  assert.equal((await connector.charge(request(succeeding.three_ds, '0777'), send)).type, 'action_required')
  assert.equal((await pay(succeeding.three_ds, '0777')).type, 'pending')
})

test('a payer who declines on the issuer page ends it with invalid_3ds_code', async () => {
  for (const number of [succeeding.three_ds, failing.three_ds]) {
    const outcome = await pay(number, '1249', 'decline')
    assert.equal(outcome.type === 'declined' && outcome.signals.resolution, 'invalid_3ds_code')
  }
})

test('another card is unknown in test mode and ordinary in live mode', async () => {
  const test_mode = await pay('4111111111111111', '1249')
  assert.equal(test_mode.type === 'declined' && test_mode.signals.resolution, 'invalid_card')
  assert.equal(
    (await connector.charge(request('4111111111111111', '1249', { test_mode: false }), send)).type,
    'approved',
  )
  assert.equal((await connector.charge(request(failing.free, '1249', { test_mode: false }), send)).type, 'approved')
  const expired = await connector.charge(request(failing.free, '0119', { test_mode: false }), send)
  assert.equal(expired.type === 'declined' && expired.signals.network_code, '54')
})

test('the first terminal declines listed amounts with their network code, the second approves them', async () => {
  const { control } = simulators
  for (const code of ['05', '14', '41', '43', '51', '54', '57', '59', '61', '91', '92', '96']) {
    const charge = request(succeeding.free, '1249', { amount_minor: 1000n + BigInt(code) })
    const first = await connector.charge({ ...charge, credentials: control.credentials('first') as Credentials }, send)
    assert.equal(first.type === 'declined' && first.signals.network_code, code)
    assert.equal(
      (await connector.charge({ ...charge, credentials: control.credentials('second') as Credentials }, send)).type,
      'approved',
    )
  }
})
