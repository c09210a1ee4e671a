import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../http/json.ts'
import { hppUrl } from './hpp-url.ts'
import type { Attempt, Payment } from './payment.ts'
import { saleOperationDocument } from './sale-operation.ts'
import { paidPayment, pendingPayment, sampleExponents } from './sample-payments.ts'

const challenge = { kind: 'three_ds', url: 'https://pay.example/acs', method: 'POST', params: { creq: 'abc' } } as const
const incomplete = { status: 'incomplete', action: challenge } as unknown as Attempt

function view(
  payment: Payment,
  attempts: readonly Attempt[] = [],
): { type: string; id: string; attributes: JsonObject } {
  return JSON.parse(JSON.stringify(saleOperationDocument({ payment, attempts, exponents: sampleExponents }))).data
}

test('a paid session shows what it paid, member by member', () => {
  const fee = { ...paidPayment, fee_minor: 305n, options: { bypass_hpp: true } }
  assert.deepEqual(Object.entries(view(fee).attributes), [
    ['amount', 100],
    ['currency', 'USD'],
    ['service', 'payment_card_usd_hpp'],
    ['options', { bypass_hpp: true }],
    ['customer', { reference_id: '1203515' }],
    ['repeatable', false],
    ['flow', 'charge'],
    ['status', 'processed'],
    ['resolution', 'ok'],
    ['active_request', { status: 'processed', resolution: 'ok' }],
    ['active_payment', { status: 'processed', resolution: 'OK' }],
    ['auto_repay', false],
    ['metadata', { fee: 3.05, fee_strategy: 'internal' }],
    ['form_data', null],
  ])
  assert.deepEqual([view(fee).type, view(fee).id], ['sale-operation', 'cgi_0Aq3kZ7Bd9Xw2Lm4'])
  assert.deepEqual(
    [view({ ...paidPayment, customer: null }).attributes.customer, view(paidPayment).attributes.options],
    [null, []],
  )
})

test('a challenge is shown while it is open, and not after', () => {
  const open = { ...pendingPayment, resolution: 'auth_3ds_required', payment_status: 'authorize_required' as const }
  const { attributes } = view(open, [incomplete])
  assert.deepEqual(attributes.auth_payload, {
    action: 'https://pay.example/acs',
    method: 'POST',
    params: { creq: 'abc' },
  })
  assert.deepEqual(attributes.active_payment, { status: 'authorize_required', resolution: 'AUTH_3DS_REQUIRED' })
  assert.equal(Object.hasOwn(view(paidPayment, [incomplete]).attributes, 'auth_payload'), false)
  assert.equal(Object.hasOwn(view(open, []).attributes, 'auth_payload'), false)
})

test('another try is announced only when the payment waits for one', () => {
  const submitted = { ...pendingPayment, submitted_at: new Date() }
  const failedTry = { ...submitted, payment_status: 'process_failed' as const }
  const failed = { ...failedTry, status: 'process_failed' as const }
  assert.deepEqual(
    [submitted, failedTry, failed].map((payment) => view(payment).attributes.repeatable),
    [false, true, false],
  )
})

test('the creation link leads to the checkout, or straight to the page when the merchant asked for it', () => {
  const config = { public_url: 'https://pay.example' }
  const checkout = 'https://pay.example/redirect/hpp/?cpi=cpi_0Aq3kZ7Bd9Xw2Lm4'
  const direct = { ...pendingPayment, options: { bypass_hpp: true } }
  assert.equal(hppUrl(config, pendingPayment), checkout)
  assert.equal(hppUrl(config, direct), 'https://pay.example/hpp/cgi_0Aq3kZ7Bd9Xw2Lm4')
  assert.equal(hppUrl(config, { ...direct, flow_data: null }), checkout)
  const form = { action: 'https://psp.example', method: 'POST' as const, params: {}, metadata: {} }
  assert.equal(hppUrl(config, { ...direct, flow_data: form }), checkout)
  assert.equal(hppUrl(config, { ...direct, flow_data: { ...form, method: 'GET', params: { a: '1' } } }), checkout)
})
