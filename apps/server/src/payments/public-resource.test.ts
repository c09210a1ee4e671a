import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Payment } from './payment.ts'
import { publicPaymentDocument } from './public-resource.ts'
import { paidPayment, pendingPayment, sampleAccount, sampleExponents } from './sample-payments.ts'

// Names in the order of the published sample.
const publicNames = [
  'id',
  'serial_number',
  'created',
  'test_mode',
  'reference_id',
  'currency',
  'amount',
  'payment_amount',
  'processed_amount',
  'refunded_amount',
  'description',
  'has_return_url',
  'status',
  'resolution',
  'service',
  'service_method',
  'service_flow',
  'service_currency',
  'metadata',
  'active_payment',
]
const hpp_url = 'https://pay.example/redirect/hpp/?cpi=cpi_0Aq3kZ7Bd9Xw2Lm4'

test('the public view is flat, in the order of its sample, with upper case resolutions', () => {
  const parts = { account: sampleAccount, exponents: sampleExponents }
  const open = JSON.parse(JSON.stringify(publicPaymentDocument({ ...parts, payment: pendingPayment, hpp_url }))).data
  assert.deepEqual(Object.keys(open), [...publicNames.slice(0, -1), 'hpp_url', 'active_payment'])
  const paid = JSON.parse(JSON.stringify(publicPaymentDocument({ ...parts, payment: paidPayment }))).data
  assert.deepEqual(Object.keys(paid), publicNames)
  assert.deepEqual([paid.resolution, paid.has_return_url, paid.amount, paid.processed_amount], ['OK', true, 100, 100])
  assert.deepEqual(Object.keys(paid.active_payment), ['payload', 'status', 'resolution'])
  assert.deepEqual([paid.active_payment.status, paid.active_payment.resolution], ['processed', 'OK'])
  assert.deepEqual(paid.active_payment.payload, {
    action: 'https://pay.example/hpp/cgi_0Aq3kZ7Bd9Xw2Lm4',
    method: 'GET',
    params: [],
    metadata: { sid: 'cgi_0Aq3kZ7Bd9Xw2Lm4', token: 'a.b.c' },
  })
})

test('the public view tells of return URLs the payment has, and of no active payment before a service', () => {
  const view = (payment: Payment) =>
    publicPaymentDocument({ payment, account: sampleAccount, exponents: sampleExponents }).data
  assert.equal(view({ ...pendingPayment, return_url: null, return_urls: null }).has_return_url, false)
  assert.equal(
    view({ ...pendingPayment, return_url: null, return_urls: { pending: 'https://x.example' } }).has_return_url,
    true,
  )
  assert.equal(view({ ...pendingPayment, service: null }).active_payment, null)
  const failed = view({
    ...pendingPayment,
    status: 'process_failed',
    resolution: 'insufficient_funds',
    payment_status: 'process_failed',
  })
  assert.equal(failed.resolution, 'INSUFFICIENT_FUNDS')
})
