import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultOptions } from '../accounts/account.ts'
import { numberText, parseJson } from '../http/json.ts'
import type { Payment } from './payment.ts'
import { type PaymentDocumentParts, paymentDocument } from './resource.ts'
import { cardPayload, paidPayment, pendingPayment, sampleAccount, sampleExponents } from './sample-payments.ts'

// Names in the order of the published samples.
const before = [
  'serial_number',
  'status',
  'resolution',
  'moderation_required',
  'amount',
  'payment_amount',
  'currency',
  'service_currency',
]
const middle = [
  'reference_id',
  'test_mode',
  'fee',
  'deposit',
  'processed',
  'processed_amount',
  'refunded_amount',
  'processed_fee',
]
const flow = ['processed_deposit', 'metadata', 'flow_data', 'flow']
const tail = [
  'payment_flow',
  'created',
  'updated',
  'payload',
  'description',
  'descriptor',
  'callback_url',
  'return_url',
  'original_data',
]
const end = ['rrn', 'approval_code', 'reserved_amount', 'reserve_expires', 'unreserved', 'source', 'callback_logs']
const createdNames = [...before, ...middle, ...flow, 'hpp_url', ...tail, ...end]
const readNames = createdNames.filter((name) => name !== 'hpp_url')
const hpp_url = 'https://pay.example/redirect/hpp/?cpi=cpi_0Aq3kZ7Bd9Xw2Lm4'

type Attributes = { [name: string]: unknown }
type Wire = {
  data: { type: string; id: string; attributes: Attributes; relationships: Attributes; links: Attributes }
}

const wire = (parts: Partial<PaymentDocumentParts> = {}): Wire =>
  JSON.parse(
    JSON.stringify(
      paymentDocument({
        payment: paidPayment,
        account: sampleAccount,
        logs: null,
        exponents: sampleExponents,
        ...parts,
      }),
    ),
  )
const attributes = (payment: Payment, parts: Partial<PaymentDocumentParts> = {}): Attributes =>
  wire({ payment, ...parts }).data.attributes

test('a fresh payment has the members of the creation sample, in its order and with its values', () => {
  const { data } = wire({ payment: pendingPayment, hpp_url })
  assert.deepEqual(Object.keys(data), ['type', 'id', 'attributes', 'relationships', 'links'])
  assert.deepEqual(Object.keys(data.attributes), createdNames)
  assert.deepEqual(data.attributes, {
    serial_number: '0Aq3kZ7Bd9Xw2Lm4',
    status: 'process_pending',
    resolution: 'ok',
    moderation_required: false,
    amount: 100,
    payment_amount: 100,
    currency: 'USD',
    service_currency: 'USD',
    reference_id: '70d42236-2cc4-4e26-8f2f-987fd8fbc276',
    test_mode: true,
    fee: 0,
    deposit: 100,
    processed: null,
    processed_amount: null,
    refunded_amount: null,
    processed_fee: null,
    processed_deposit: null,
    metadata: { key: 'value', merchant_url: 'https://shop.example' },
    flow_data: {
      action: 'https://pay.example/hpp/cgi_0Aq3kZ7Bd9Xw2Lm4',
      method: 'GET',
      params: [],
      metadata: { sid: 'cgi_0Aq3kZ7Bd9Xw2Lm4', token: 'a.b.c' },
    },
    flow: 'hpp',
    hpp_url,
    payment_flow: 'charge',
    created: 1597833098,
    updated: 1597833098,
    payload: null,
    description: 'Invoice Example',
    descriptor: null,
    callback_url: 'https://example.com',
    return_url: 'https://example.com',
    original_data: {
      external_id: null,
      merchant_id: null,
      provider_id: null,
      external_mid: 'org_02HJ5jTUtan8ZXaT',
      provider_code: null,
    },
    rrn: null,
    approval_code: null,
    reserved_amount: null,
    reserve_expires: null,
    unreserved: null,
    source: 'merchant_api',
    callback_logs: [],
  })
  assert.deepEqual(data.relationships, {
    'payment-service': { data: { type: 'payment-services', id: 'payment_card_usd_hpp' } },
    'payment-method': { data: { type: 'payment-methods', id: 'payment_card' } },
    customer: { data: { type: 'customers', id: 'cus_Tjhe1ufEB3kRrgWy' } },
  })
  assert.deepEqual(data.links, { self: '/api/payment-invoices/cpi_0Aq3kZ7Bd9Xw2Lm4' })
})

test('a paid payment shows when, how much, and the card as the sample orders it', () => {
  const paid = attributes(paidPayment)
  assert.deepEqual(Object.keys(paid), readNames)
  assert.deepEqual(
    [paid.status, paid.processed, paid.processed_amount, paid.processed_fee, paid.processed_deposit],
    ['processed', 1597833205, 100, 0, 100],
  )
  const payload = paid.payload as { payment_card: object }
  assert.deepEqual(Object.keys(payload), ['token', 'client_ip', 'payment_card'])
  assert.deepEqual(Object.entries(payload.payment_card), [
    ['last', '0000'],
    ['mask', '512381******0000'],
    ['brand', 'mastercard'],
    ['first', '512381'],
    ['holder', null],
    ['network', 'mastercard'],
    ['expiry_year', '24'],
    ['issuer_name', 'FIRST DATA CORPORATION'],
    ['expiry_month', '12'],
    ['issuer_country', 'US'],
  ])
  assert.deepEqual(Object.keys(paid.original_data as object), [
    'external_id',
    'merchant_id',
    'provider_id',
    'external_mid',
    'provider_code',
  ])
})

test('updated is the later of the row and the last write of a log', () => {
  const logs = {
    1597833206: { status: 'done' as const, processed: 1597833207, response_code: 200, transaction_status: 'processed' },
  }
  const told = attributes(paidPayment, { logs: { logs, last_write: new Date('2020-08-19T10:33:27Z') } })
  assert.deepEqual(told.callback_logs, logs)
  assert.equal(told.updated, 1597833207)
  const earlier = attributes(paidPayment, { logs: { logs, last_write: new Date(0) } })
  assert.equal(earlier.updated, 1597833205)
})

test('empty maps are lists', () => {
  const bare = { ...pendingPayment, metadata: {}, flow_data: null, options: {} }
  const view = attributes(bare, { account: { ...sampleAccount, website: null }, logs: { logs: {}, last_write: null } })
  assert.deepEqual([view.metadata, view.flow_data, view.callback_logs, view.options], [[], [], [], []])
  const service = { action: 'https://x.example', method: 'POST' as const, params: {}, metadata: {} }
  assert.deepEqual(attributes({ ...pendingPayment, flow_data: service }).flow_data, {
    ...service,
    params: [],
    metadata: [],
  })
})

test('the website of the account joins the metadata, unless the merchant sent one or the account has none', () => {
  const own = { merchant_url: 'https://own.example', n: 1 }
  assert.deepEqual(attributes({ ...paidPayment, metadata: own }).metadata, own)
  assert.deepEqual(attributes({ ...paidPayment, metadata: null }).metadata, { merchant_url: 'https://shop.example' })
  assert.deepEqual(attributes(paidPayment, { account: { ...sampleAccount, website: null } }).metadata, { key: 'value' })
})

test('a payment without a service has no relationships, flow or target', () => {
  const none = {
    service: null,
    service_method: null,
    service_flow: null,
    service_currency: null,
    customer_id: null,
    flow_data: null,
  }
  const { data } = wire({ payment: { ...pendingPayment, ...none, status: 'created' } })
  assert.deepEqual(data.relationships, {})
  assert.deepEqual(
    [data.attributes.service_currency, data.attributes.flow, data.attributes.flow_data],
    [null, null, []],
  )
  assert.deepEqual(Object.keys(data.attributes), readNames)
})

test('conditional members follow the logs, each only with its cause', () => {
  const foreign = {
    service_currency: 'JPY',
    service_amount_minor: 15_100n,
    payment_service_amount_minor: 15_200n,
    exchange_rate: '151.250000000000',
  }
  const refunded = {
    refunded_amount_minor: 1_050n,
    refunded_fee_minor: 5n,
    refunded_at: new Date('2020-08-20T00:00:00Z'),
  }
  const all = attributes({
    ...paidPayment,
    ...foreign,
    ...refunded,
    charged_back_amount_minor: 1n,
    options: { bypass_hpp: true },
  })
  assert.deepEqual(Object.entries(all).slice(readNames.length), [
    ['service_amount', 15100],
    ['payment_service_amount', 15200],
    ['exchange_rate', 151.25],
    ['refunded_fee', 0.05],
    ['refunded', 1597881600],
    ['charged_back_amount', 0.01],
    ['options', { bypass_hpp: true }],
  ])
  assert.equal(all.refunded_amount, 10.5)
})

test('an account that hides card details shows none, and keeps the rest of the payload', () => {
  const hidden = attributes(paidPayment, {
    account: { ...sampleAccount, options: { ...defaultOptions, hide_card_details: true } },
  })
  assert.deepEqual(hidden.payload, { token: null, client_ip: '' })
  assert.deepEqual((attributes(paidPayment).payload as Attributes).payment_card, cardPayload)
})

test('a hold shows as a payment in progress', () => {
  const held = attributes({
    ...pendingPayment,
    status: 'authorized',
    payment_flow: 'authorize',
    authorized_amount_minor: 10_000n,
  })
  const waiting = attributes(pendingPayment)
  assert.deepEqual(held, waiting)
  assert.equal(held.status, 'process_pending')
})

test('an amount that no double holds is written to the last digit', () => {
  const exact: Payment = {
    ...pendingPayment,
    currency: 'BTC',
    amount_minor: 90071992547409931n,
    payment_amount_minor: 1n,
  }
  const text = JSON.stringify(
    paymentDocument({ payment: exact, account: sampleAccount, logs: null, exponents: sampleExponents }),
  )
  const { data } = parseJson(text) as { data: { attributes: Attributes } }
  assert.equal(numberText(data.attributes.amount), '900719925.47409931')
  assert.equal(text.includes('"payment_amount":0.00000001,'), true)
})
