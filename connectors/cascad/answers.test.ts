/** What answers of the Card API mean to us, and what we ask of it, beyond what every connector proves. */
import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import type { ChargeRequest, Outcome, SendRequest, SendResult } from '@cascad/connector'
import { sampleCard, sampleCharge, sampleOperation, sampleStatus, sampleVoid } from '@cascad/connector/contract-suite'
import * as fc from 'fast-check'
import type { Credentials } from './credentials.ts'
import connector from './index.ts'
import { child, expired, failed, incomplete, pending, refusal, successful, unrouted } from './sample-answers.ts'

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const credentials: Credentials = {
  base_url: 'https://card.example/',
  shop_id: '363',
  secret: 'secret',
  public_key: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
}
const charge = sampleCharge(credentials, { card: sampleCard })
const about = (document: object, reference = charge.reference) =>
  JSON.stringify(document).replaceAll('{reference}', reference)

const answer = (status: number, document: object): SendResult => ({
  type: 'response',
  status,
  headers: {},
  body: about(document),
})

/** Answers in order; what was asked stands in `sent`. */
function line(...answers: SendResult[]) {
  const sent: SendRequest[] = []
  const send = async (request: SendRequest): Promise<SendResult> => {
    sent.push(request)
    return answers[sent.length - 1] ?? { type: 'unknown', detail: 'nothing more was to be asked' }
  }
  return { send, sent }
}

const charged = (status: number, document: object, more: Partial<ChargeRequest<Credentials>> = {}) =>
  connector.charge({ ...charge, ...more }, line(answer(status, document)).send)

function codeOf(outcome: Outcome): string | null {
  assert.equal(outcome.type, 'declined')
  return outcome.type === 'declined' ? outcome.signals.unified_code : null
}

test('each status is its outcome; what is in progress or not known there is never a decline', async () => {
  const types = await Promise.all(
    [successful, failed, unrouted, expired, incomplete, pending, { ...pending, code: 'P.0001' }].map(
      async (document) => (await charged(200, document)).type,
    ),
  )
  assert.deepEqual(types, ['approved', 'declined', 'declined', 'declined', 'action_required', 'pending', 'pending'])
})

test('a decline keeps code, network code and advice; one without a gateway has the code of their routing', async () => {
  const outcome = await charged(200, failed)
  assert.ok(outcome.type === 'declined')
  const { unified_code, network_code, advice_code } = outcome.signals
  assert.deepEqual([unified_code, network_code, advice_code], ['F.0114', '51', '24'])
  assert.equal(codeOf(await charged(200, unrouted)), 'F.2001')
  assert.equal(codeOf(await charged(200, expired)), 'F.0109')
})

test('refusals before any gateway are definite, each with its class', async () => {
  const cases: readonly (readonly [number, string, object, string])[] = [
    [401, 'E.1001', {}, 'F.0102'],
    [403, 'E.1002', {}, 'F.0107'],
    [403, 'E.1065', {}, 'F.0107'],
    [400, 'E.1003', {}, 'F.0128'],
    [413, 'E.1014', {}, 'F.0128'],
    [422, 'E.1025', { amount: ['is invalid'] }, 'F.0128'],
    [422, 'E.1025', { credit_card: { date: ['is expired'] } }, 'F.0111'],
    [422, 'E.1025', { credit_card: { verification_value: ["can't be blank"] } }, 'F.0112'],
    [422, 'E.1025', { credit_card: { number: ['is invalid'] } }, 'F.0127'],
    [422, 'E.1037', { credit_card: { token: ['does not exist'] } }, 'F.0127'],
    [422, 'F.0108', {}, 'F.0108'],
    [422, 'F.0135', {}, 'F.0135'],
    [429, 'E.1011', {}, 'F.0123'],
  ]
  for (const [status, code, errors, expected] of cases)
    assert.equal(codeOf(await charged(status, refusal(code, errors))), expected, code)
})

test('whatever is not in the Card API’s own form says nothing: proxies, running requests, faults', async () => {
  const form = fc.oneof(
    fc.record({
      status: fc.constantFrom(400, 401, 403, 404, 409, 422, 429),
      body: fc.constantFrom('', '<html>', '{}'),
    }),
    fc.record({
      status: fc.constantFrom(409, 500, 502, 503),
      body: fc.constantFrom('E.1009', 'F.1000', 'E.1016', 'E.1025').map((code) => JSON.stringify(refusal(code))),
    }),
    // A code under another status than its own.
    fc.record({ status: fc.constantFrom(400, 403, 404), body: fc.constant(JSON.stringify(refusal('E.1025'))) }),
  )
  await fc.assert(
    fc.asyncProperty(form, async ({ status, body }) => {
      const { send } = line({ type: 'response', status, headers: {}, body })
      assert.equal((await connector.charge(charge, send)).type, 'unknown')
    }),
  )
})

test('a RequestID with another body is looked up, and is no decline by itself', async () => {
  const other = answer(422, refusal('E.1010'))
  const found = line(other, answer(200, { transactions: [successful] }))
  assert.equal((await connector.charge(charge, found.send)).type, 'approved')
  const nothing = line(other, answer(200, { transactions: [] }))
  assert.equal((await connector.charge(charge, nothing.send)).type, 'unknown')
})

test('a shop that only makes tests never pays a live charge, and a test never counts real money', async () => {
  assert.equal(codeOf(await charged(200, successful, { test_mode: false })), 'F.0107')
  assert.equal((await charged(200, { ...successful, test: false })).type, 'unknown')
  assert.equal((await charged(200, { ...successful, test: false }, { test_mode: false })).type, 'approved')
})

test('answers about something else are not believed', async () => {
  for (const wrong of [
    { tracking_id: 'another' },
    { currency: 'EUR' },
    { type: 'authorization' },
    { amount: 12.5 },
    { transaction: null, status: 'failed', code: 'S.0000' },
  ])
    assert.equal((await charged(200, { ...successful, ...wrong })).type, 'unknown', JSON.stringify(wrong))
})

test('an answer about the charge that cannot be used still says that it arrived; one about another charge does not', async () => {
  const idOf = (outcome: Outcome) => (outcome.type === 'unknown' ? outcome.provider_reference : outcome.type)
  assert.equal(idOf(await charged(200, { ...successful, currency: 'EUR' })), successful.uid)
  assert.equal(idOf(await charged(200, { ...successful, amount: 12.5 })), successful.uid)
  assert.equal(idOf(await charged(200, { ...successful, tracking_id: 'another' })), undefined)
})

test('the request names no gateways, switches the duplicate check off and carries what was asked for', async () => {
  const { send, sent } = line()
  await connector.charge(
    {
      ...charge,
      operation: 'authorize',
      three_ds: 'off',
      initiator: 'merchant',
      recurring: 'initial',
      want_card_token: true,
      description: null,
      browser: { browser_screen_width: '800', language: 'de' },
      gateway_id: 7,
      simulation: { expected_code: 'F.0105', scenario: { 7: ['approve'], '*': 'decline:05' } },
    },
    send,
  )
  const { url, headers, body = '' } = sent[0] as SendRequest
  const { request } = JSON.parse(body)
  assert.equal(url, 'https://card.example/transactions/authorizations')
  assert.deepEqual([headers?.requestid, headers?.['x-api-version']], [charge.attempt_id, '3'])
  assert.deepEqual([request.duplicate_check, request.test, request.description], [false, true, charge.reference])
  assert.deepEqual(request.additional_data, {
    browser: { screen_width: '800', language: 'de' },
    contract: ['recurring'],
    card_on_file: { initiator: 'merchant' },
    expected_bank_code: 'F.0105',
    test_scenario: { '*': ['approve'] },
  })
  const { skip_three_d_secure_verification, save_card } = request.credit_card
  assert.deepEqual([skip_three_d_secure_verification, save_card], [true, true])
})

test('a live charge never carries a simulation', async () => {
  const { send, sent } = line()
  const simulation = { expected_code: 'S.0000', scenario: { '*': 'approve' } }
  await connector.charge({ ...charge, test_mode: false, simulation }, send)
  assert.doesNotMatch(sent[0]?.body ?? '', /expected_bank_code|test_scenario/)
})

test('of several under one reference the newest counts; what is open is asked about by its id', async () => {
  const newest = line(answer(200, { transactions: [successful, failed] }))
  assert.equal((await connector.status?.(sampleStatus(charge), newest.send))?.type, 'approved')
  const open = line(answer(200, { transactions: [pending] }), answer(200, successful))
  assert.equal((await connector.status?.(sampleStatus(charge), open.send))?.type, 'approved')
  assert.ok(open.sent[1]?.url.endsWith(`/transactions/${pending.uid}`))
})

test('a charge that is open there cannot be undone yet', async () => {
  for (const document of [pending, incomplete]) {
    const { send, sent } = line(answer(200, { transactions: [document] }))
    assert.equal((await connector.void?.(sampleVoid(charge), send))?.type, 'unknown')
    assert.equal(sent.length, 1)
  }
})

test('a payment that cannot be voided is refunded, as far as something is left', async () => {
  const undone = { ...child, type: 'refund', tracking_id: charge.reference, amount: 100 }
  const { send, sent } = line(
    answer(200, { transactions: [successful] }),
    answer(422, refusal('E.1025', { base: ["transaction can't be voided"] })),
    answer(422, refusal('E.1025', { amount: ["can't be greater than 100"] })),
    answer(200, undone),
  )
  assert.equal((await connector.void?.(sampleVoid(charge), send))?.type, 'approved')
  assert.deepEqual(
    sent.slice(1).map(({ url, body = '{}' }) => [url.split('/').at(-1), JSON.parse(body).request.amount]),
    [
      ['voids', '12300'],
      ['refunds', '12300'],
      ['refunds', '100'],
    ],
  )
  assert.equal(new Set(sent.slice(1).map(({ headers }) => headers?.requestid)).size, 3)
  const { reason } = JSON.parse(sent[3]?.body ?? '{}').request
  const asked = (given: object) =>
    connector.status?.(
      sampleStatus(charge),
      line(answer(200, { transactions: [{ ...undone, ...given }, successful] })).send,
    )
  assert.equal((await asked({ reason }))?.type, 'declined')
  assert.equal((await asked({ reason: 'a part of the order' }))?.type, 'approved')
})

test('a final capture whose rest may still be held is asked about again', async () => {
  const capture = sampleOperation(charge, successful.uid, 100n, { final: true })
  const captured = {
    type: 'response',
    status: 200,
    headers: {},
    body: about({ ...child, type: 'capture' }, capture.reference),
  } as const
  const lost = line(captured, answer(200, successful), { type: 'unknown', detail: 'reset' })
  assert.equal((await connector.capture?.(capture, lost.send))?.type, 'pending')
  const nothing_left = line(
    captured,
    answer(200, successful),
    answer(422, refusal('E.1025', { base: ["transaction can't be voided"] })),
  )
  assert.equal((await connector.capture?.(capture, nothing_left.send))?.type, 'approved')
})

test('a notification counts with the signature of its very bytes, whichever byte is changed', () => {
  const body = about(successful)
  const headers = {
    'content-signature': sign('RSA-SHA256', Buffer.from(body), privateKey).toString('base64'),
    'x-notification-id': '7c3e8a52-25de-4f9b-bf63-20f9f2a2f8f2',
  }
  const read = connector.readEvent?.(credentials, { headers, body })
  assert.deepEqual([read?.reference, read?.event_id], [charge.reference, headers['x-notification-id']])
  assert.equal(read?.outcome?.type, 'approved')
  fc.assert(
    fc.property(fc.nat({ max: body.length - 1 }), fc.constantFrom('x', '0', ' '), (at, byte) => {
      if (body[at] === byte) return
      const changed = body.slice(0, at) + byte + body.slice(at + 1)
      assert.equal(connector.readEvent?.(credentials, { headers, body: changed }), null)
    }),
  )
  assert.equal(connector.readEvent?.({ ...credentials, public_key: 'AAAA' }, { headers, body }), null)
})

test('news of a refund says nothing of the charge itself', () => {
  const body = about(child)
  const headers = { 'content-signature': sign('RSA-SHA256', Buffer.from(body), privateKey).toString('base64') }
  assert.equal(connector.readEvent?.(credentials, { headers, body })?.outcome, null)
})
