import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ThreeDsFacts } from '@cascad/connector'
import type { Attempt } from '../payments/payment.ts'
import { type TransactionView, transactionBody } from './document.ts'
import { shopWith } from './sample-requests.ts'
import {
  approved,
  challenge,
  childView,
  declined,
  inEveryStatus,
  noFacts,
  parentView,
  signalsOf,
} from './sample-views.ts'

type Body = Readonly<Record<string, unknown>>
const envelope = (view: TransactionView) => (transactionBody(view, 2) as { transaction: Body }).transaction
const flat = (view: TransactionView) => transactionBody(view, 3) as Body
const field = (value: unknown, name: string) => (value as Body)[name]

test('the message of version 2 is that of status and type, in English', () => {
  const told = Object.values(inEveryStatus('authorization')).map((view) => envelope(view).message)
  assert.deepEqual(told, [
    'Successfully processed',
    'Authorization was declined',
    null,
    'Transaction is being processed',
    'Transaction is expired',
  ])
  const declines = (['capture', 'void', 'refund'] as const).map(
    (type) => envelope(childView(type, { status: 'failed' })).message,
  )
  assert.deepEqual(declines, ['Capture was declined', 'Void was declined', 'Refund was declined'])
})

test('the message of the section is that of the approval, else of the code; the flat one is always that of the code', () => {
  const views = Object.values(inEveryStatus('payment'))
  assert.deepEqual(
    views.map((view) => field(envelope(view).payment, 'message')),
    [
      'Payment was approved',
      'Do not honor.',
      null,
      'Outcome not known yet, wait for the notification.',
      'Order expired.',
    ],
  )
  assert.deepEqual(
    views.map((view) => flat(view).message),
    ['Approved.', 'Do not honor.', null, 'Outcome not known yet, wait for the notification.', 'Order expired.'],
  )
  assert.equal(field(envelope(childView('void')).void, 'message'), 'Void was approved')
})

test('the payer is addressed in his language, the merchant never', () => {
  const view = parentView('payment', {
    payment: { status: 'process_failed' },
    attempts: [declined],
    request: { language: 'uk' },
  })
  assert.equal(
    envelope(view).friendly_message,
    'Банк відхилив платіж. Зверніться до вашого банку або скористайтеся іншою карткою.',
  )
  assert.equal(envelope(view).message, 'Payment was declined')
})

test('the section names the gateway of the attempt that decides, as an integer, and nothing else does', () => {
  const view = parentView('payment', { payment: { status: 'processed' }, attempts: [declined, approved] })
  const body = envelope(view)
  assert.equal(field(body.payment, 'gateway_id'), 409)
  assert.deepEqual(body.smart_routing_verification, {
    status: 'successful',
    object: '409',
    object_name: 'Test gateway B',
  })
  const text = JSON.stringify({ ...body, payment: null, cascade: null })
  assert.ok(!text.includes('gateway_id'))
})

test('no gateway called: no gateway named, and routing has failed', () => {
  const view = parentView('payment', { payment: { status: 'process_failed', unified_code: 'F.2002' } })
  const body = envelope(view)
  assert.deepEqual(
    [body.status, body.code, field(body.payment, 'gateway_id'), field(body.payment, 'message')],
    ['failed', 'F.2002', null, 'All gateways are excluded.'],
  )
  assert.deepEqual(body.smart_routing_verification, { status: 'failed', object: null, object_name: null })
  assert.deepEqual(body.cascade, { mode: 'merchant', attempts: [] })
})

test('what the gateway said comes through unchanged', () => {
  const facts = {
    ...noFacts,
    bank_code: '00',
    rrn: '000000000001',
    descriptor: 'SHOP*1',
    avs_result: 'P',
    cvc_result: 'M',
  }
  const view = parentView('payment', {
    payment: { status: 'processed', approval_code: '654321', rrn: '000000000001' },
    attempts: [{ ...approved, card_facts: facts }],
  })
  const { payment, avs_cvc_verification } = envelope(view)
  assert.deepEqual(payment, {
    status: 'successful',
    message: 'Payment was approved',
    gateway_id: 408,
    bank_code: '00',
    advice_code: null,
    auth_code: '654321',
    rrn: '000000000001',
    ref_id: 't-1',
    billing_descriptor: 'SHOP*1',
    amount: 100,
    currency: 'USD',
  })
  assert.deepEqual(avs_cvc_verification, {
    avs_verification: { result_code: 'P' },
    cvc_verification: { result_code: 'M' },
  })
})

test('an operation is told with its own facts, not those of the payment it belongs to', () => {
  const failed = childView('refund', {
    status: 'failed',
    signals: signalsOf({ network_code: '51', advice_code: 'ZZ' }),
    card_facts: { ...noFacts, rrn: '000000000009' },
  })
  const { refund, code, paid_at } = envelope(failed)
  assert.deepEqual([code, paid_at], ['F.0114', null])
  assert.deepEqual(
    ['gateway_id', 'bank_code', 'advice_code', 'rrn', 'ref_id', 'message'].map((name) => field(refund, name)),
    [408, '51', 'ZZ', '000000000009', 'r-1', 'Insufficient funds.'],
  )
})

test('every attempt stands in the list, oldest first, with what became of it', () => {
  const attempts: Partial<Attempt>[] = [
    { status: 'not_sent', class: 'unreachable' },
    { ...declined, signals: signalsOf({ network_code: '05', advice_code: '03' }) },
    { status: 'incomplete', action: challenge },
    { status: 'incomplete', action: null },
    { status: 'sent' },
    { status: 'unknown' },
    { status: 'reversed' },
    { status: 'approved', late_approval: true },
    approved,
  ]
  const { cascade } = envelope(parentView('payment', { attempts }))
  const listed = (field(cascade, 'attempts') as Body[]).map((one) => [
    one.number,
    one.gateway_id,
    one.status,
    one.code,
    one.advice_code,
  ])
  assert.deepEqual(listed, [
    [1, 408, 'not_sent', 'F.2006', null],
    [2, 409, 'failed', 'F.0105', '03'],
    [3, 410, 'incomplete', 'P.9998', null],
    [4, 411, 'pending', 'P.0001', null],
    [5, 412, 'pending', 'P.0001', null],
    [6, 413, 'pending', 'P.9999', null],
    [7, 414, 'failed', 'F.0999', null],
    [8, 415, 'failed', 'F.0999', null],
    [9, 416, 'successful', 'S.0000', null],
  ])
})

test('a shop may keep its attempts to itself', () => {
  const view = { ...inEveryStatus('payment').failed, shop: shopWith({ expose_attempts: false }) }
  assert.ok(!('cascade' in envelope(view)))
  assert.equal(flat(view).cascade, null)
})

test('authentication is told when it was tried', () => {
  const facts: ThreeDsFacts = { ve_status: 'Y', pa_status: 'Y', eci: '05', xid: 'x', cavv: 'AAAB', cavv_algorithm: '2' }
  const told = (attempt: Partial<Attempt>) =>
    envelope(parentView('payment', { attempts: [attempt] })).three_d_secure_verification
  const withFacts = (pa_status: string | null, attempt: Partial<Attempt>) =>
    told({ ...attempt, card_facts: { ...noFacts, three_ds: { ...facts, pa_status } } })
  assert.equal(told(approved), undefined)
  assert.equal(told({ status: 'incomplete', action: { ...challenge, kind: 'redirect' } }), undefined)
  assert.deepEqual(withFacts('Y', approved), {
    status: 'successful',
    message: null,
    fail_reason: null,
    ...facts,
    acs_url: null,
    pa_req: null,
    md: null,
    pa_res_url: null,
    method_process_url: null,
    creq: null,
  })
  const waiting = { status: 'incomplete', action: challenge } as const
  for (const [value, status] of [
    [told(waiting), 'incomplete'],
    [withFacts('C', waiting), 'incomplete'],
    [told({ ...waiting, status: 'unknown' }), 'incomplete'],
    [withFacts('A', approved), 'successful'],
    [withFacts(null, { ...approved, action: challenge }), 'successful'],
    [withFacts('N', declined), 'failed'],
    [withFacts('R', declined), 'failed'],
    [withFacts('C', declined), 'failed'],
    [withFacts('U', declined), 'unavailable'],
    [told({ ...declined, action: challenge }), 'failed'],
  ] as const) {
    assert.equal(field(value, 'status'), status)
  }
})

test('a token is shown of a transaction that went well, or when it came with the request; never when the shop wants none', () => {
  const token = (sent: boolean, attempt: Partial<Attempt>, return_token: 'on_request' | 'never') => {
    const view = parentView('payment', {
      payment: { status: 'processed' },
      attempts: [attempt],
      request: { token: 'tok', token_sent: sent },
    })
    return field(envelope({ ...view, shop: shopWith({ return_token }) }).credit_card, 'token')
  }
  assert.equal(token(false, approved, 'on_request'), 'tok')
  assert.equal(token(true, declined, 'on_request'), 'tok')
  assert.equal(token(false, declined, 'on_request'), null)
  assert.equal(token(true, approved, 'never'), null)
})

test('amounts beyond what a double holds keep every digit', () => {
  const view = parentView('payment', { request: { amount: '9007199254740993' } })
  assert.match(JSON.stringify(transactionBody(view, 2)), /"amount":9007199254740993,/)
})
