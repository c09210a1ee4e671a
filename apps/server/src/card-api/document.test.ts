import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type TransactionView, transactionBody, transactionElement } from './document.ts'
import { childView, inEveryStatus, parentUid, parentView, sampleUid } from './sample-views.ts'
import type { TransactionType } from './transaction.ts'

type Body = Readonly<Record<string, unknown>>
const envelope = (view: TransactionView) => (transactionBody(view, 2) as { transaction: Body }).transaction
const flat = (view: TransactionView) => transactionBody(view, 3) as Body

const top = (type: TransactionType): string[] => {
  const parent = type === 'payment' || type === 'authorization'
  return [
    ...['uid', 'id', 'status', 'code', 'type', 'amount', 'currency', ...(parent ? ['description'] : []), 'tracking_id'],
    ...['message', 'friendly_message', 'test', 'created_at', 'updated_at', 'paid_at', 'expired_at', 'closed_at'],
    ...['settled_at', 'psp_settled_at', 'manually_corrected_at', 'payment_method_type', 'language', 'recurring_type'],
    ...['status_code', 'redirect_url', 'receipt_url', ...(parent ? [] : ['parent_uid'])],
    ...[...(type === 'refund' ? ['reason'] : []), 'binding_id', ...(parent ? ['credit_card'] : []), type],
  ]
}
const afterType = [
  'smart_routing_verification',
  'avs_cvc_verification',
  'cascade',
  'customer',
  'billing_address',
  'additional_data',
]

const cardKeys =
  'holder stamp brand first_1 last_4 bin bin_8 issuer_country issuer_name product exp_month exp_year token token_provider'.split(
    ' ',
  )
const sectionKeys =
  'status message gateway_id bank_code advice_code auth_code rrn ref_id billing_descriptor amount currency'.split(' ')
const flatKeys = (
  'uid status code friendly_message message amount currency description type tracking_id test created_at updated_at paid_at expired_at ' +
  'closed_at settled_at manually_corrected_at psp_settled_at redirect_url parent_uid reason recurring_type language status_code ' +
  'binding_id errors customer payment_method recipient smart_routing_verification three_d_secure_verification risk_verification ' +
  'avs_cvc_verification additional_data cascade transaction links bank_info'
).split(' ')
const threeDsKeys =
  'status message fail_reason ve_status pa_status eci xid cavv cavv_algorithm acs_url pa_req md pa_res_url method_process_url creq'.split(
    ' ',
  )

for (const type of ['payment', 'authorization'] as const) {
  for (const [status, view] of Object.entries(inEveryStatus(type))) {
    test(`${status} ${type}: fields, sections and their order`, () => {
      const body = envelope(view)
      const three_ds = status === 'incomplete' ? ['three_d_secure_verification'] : []
      assert.deepEqual(Object.keys(body), [...top(type), ...three_ds, ...afterType])
      assert.deepEqual(Object.keys(body.credit_card as object), cardKeys)
      assert.deepEqual(Object.keys(body[type] as object), sectionKeys)
      assert.equal(body.status, status)
      assert.equal(body.redirect_url, `https://card.example/process/${sampleUid}`)

      const other = flat(view)
      assert.deepEqual(Object.keys(other), flatKeys)
      assert.deepEqual(Object.keys(other.payment_method as object), ['payment_method_type', ...cardKeys])
      assert.deepEqual(Object.keys(other.transaction as object), sectionKeys)
      assert.deepEqual(other.transaction, body[type])
      if (status === 'incomplete')
        assert.deepEqual(Object.keys(other.three_d_secure_verification as object), threeDsKeys)
      for (const [name, value] of Object.entries(body)) {
        if (name in other && name !== 'message' && name !== 'customer') assert.deepEqual(other[name], value, name)
      }
    })
  }
}

for (const type of ['capture', 'void', 'refund'] as const) {
  for (const [status, of] of [
    ['successful', 'done'],
    ['failed', 'failed'],
    ['pending', 'sent'],
    ['pending', 'unknown'],
  ] as const) {
    test(`${type} that is ${of}: fields and their order`, () => {
      const view = childView(type, { status: of, ...(status === 'pending' ? { decided_at: null } : {}) })
      const body = envelope(view)
      assert.deepEqual(Object.keys(body), [...top(type), 'additional_data'])
      assert.deepEqual([body.status, body.parent_uid, body.redirect_url], [status, parentUid, null])
      assert.equal(body.reason, type === 'refund' ? 'Returned goods' : undefined)
      assert.equal(body.paid_at === null, status !== 'successful')
      const other = flat(view)
      assert.deepEqual(Object.keys(other), flatKeys)
      assert.deepEqual(
        [other.parent_uid, other.payment_method, other.customer, other.cascade],
        [parentUid, null, null, null],
      )
      assert.deepEqual(other.transaction, body[type])
      assert.equal((other.transaction as Body).gateway_id, 408)
    })
  }
}

test('the example of a declined payment, field by field', () => {
  const view = parentView('payment', {
    payment: { status: 'process_failed' },
    attempts: [
      {
        status: 'declined',
        class: 'soft_generic',
        signals: {
          resolution: null,
          unified_code: null,
          network_code: '05',
          advice_code: null,
          provider_code: null,
          provider_text: null,
        },
        card_facts: {
          bank_code: '05',
          rrn: '000000000001',
          descriptor: null,
          avs_result: null,
          cvc_result: 'M',
          three_ds: null,
        },
        provider_reference: 't-1',
        sent_at: new Date('2026-11-21T10:15:30.200Z'),
      },
    ],
    request: {
      customer: {
        ip: '127.0.0.1',
        email: 'john@example.com',
        phone: null,
        device_id: null,
        birth_date: null,
        external_id: null,
      },
      billing_address: {
        first_name: 'John',
        last_name: 'Doe',
        address: 'Baker street 221b',
        country: 'GB',
        city: 'London',
        zip: null,
        state: null,
        phone: null,
      },
    },
  })
  const { friendly_message, ...body } = envelope(view)
  assert.match(String(friendly_message), /^The bank declined the payment\. /)
  assert.deepEqual(body, {
    uid: sampleUid,
    id: sampleUid,
    status: 'failed',
    code: 'F.0105',
    type: 'payment',
    amount: 100,
    currency: 'USD',
    description: 'Test async #1',
    tracking_id: 'async-123',
    message: 'Payment was declined',
    test: true,
    created_at: '2026-11-21T10:15:30.123Z',
    updated_at: '2026-11-21T10:15:31.020Z',
    paid_at: null,
    expired_at: null,
    closed_at: null,
    settled_at: null,
    psp_settled_at: null,
    manually_corrected_at: null,
    payment_method_type: 'credit_card',
    language: 'en',
    recurring_type: null,
    status_code: null,
    redirect_url: `https://card.example/process/${sampleUid}`,
    receipt_url: null,
    binding_id: null,
    credit_card: {
      holder: 'John Doe',
      stamp: '9f'.repeat(32),
      brand: 'visa',
      first_1: '4',
      last_4: '0019',
      bin: '400555',
      bin_8: '40055500',
      ...issuerOf(view),
      product: null,
      exp_month: 8,
      exp_year: 2030,
      token: null,
      token_provider: null,
    },
    payment: {
      status: 'failed',
      message: 'Do not honor.',
      gateway_id: 408,
      bank_code: '05',
      advice_code: null,
      auth_code: null,
      rrn: '000000000001',
      ref_id: 't-1',
      billing_descriptor: null,
      amount: 100,
      currency: 'USD',
    },
    smart_routing_verification: { status: 'successful', object: '408', object_name: 'Test gateway A' },
    avs_cvc_verification: { avs_verification: { result_code: null }, cvc_verification: { result_code: 'M' } },
    cascade: {
      mode: 'merchant',
      attempts: [
        {
          number: 1,
          gateway_id: 408,
          status: 'failed',
          code: 'F.0105',
          bank_code: '05',
          advice_code: null,
          created_at: '2026-11-21T10:15:30.200Z',
        },
      ],
    },
    customer: {
      ip: '127.0.0.1',
      email: 'john@example.com',
      phone: null,
      device_id: null,
      birth_date: null,
      external_id: null,
    },
    billing_address: {
      first_name: 'John',
      last_name: 'Doe',
      address: 'Baker street 221b',
      country: 'GB',
      city: 'London',
      zip: null,
      state: null,
      phone: null,
    },
    additional_data: {},
  })
  assert.deepEqual(flat(view).customer, {
    ip: '127.0.0.1',
    email: 'john@example.com',
    device_id: null,
    birth_date: null,
    first_name: 'John',
    last_name: 'Doe',
    address: 'Baker street 221b',
    country: 'GB',
    city: 'London',
    state: null,
    zip: null,
    phone: null,
    external_id: null,
  })
})

/** What the table of issuers knows of the card is its own affair. */
function issuerOf({ transaction }: TransactionView): object {
  const { issuer_country = null, issuer_name = null } = transaction.request.card ?? {}
  return { issuer_country, issuer_name }
}

test('the flat customer has the phone of the address where he gave none', () => {
  const none = { ip: null, email: null, phone: null, device_id: null, birth_date: null, external_id: null }
  const address = {
    first_name: null,
    last_name: null,
    address: null,
    country: null,
    city: null,
    zip: null,
    state: null,
  }
  const phoneOf = (phone: string | null) => {
    const request = { customer: { ...none, phone }, billing_address: { ...address, phone: '2' } }
    return (flat(parentView('payment', { request })).customer as Body).phone
  }
  assert.deepEqual([phoneOf('1'), phoneOf(null)], ['1', '2'])
})

test('an element of a list is the transaction without its envelope in version 2, the flat body in version 3', () => {
  const { successful } = inEveryStatus('payment')
  assert.deepEqual(transactionElement(successful, 2), envelope(successful))
  assert.deepEqual(transactionElement(successful, 3), flat(successful))
})
