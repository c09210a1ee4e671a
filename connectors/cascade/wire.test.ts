import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SendRequest, SendResult } from '@cascad/connector'
import * as fc from 'fast-check'
import { Value } from 'typebox/value'
import { closeAppeal, createAppeal } from './appeals.ts'
import { credentials } from './credentials.ts'
import { issue, windowOf } from './issue.ts'
import { connection, requested_at, sampleIssue } from './sample-issue.ts'
import { status } from './status.ts'
import { voidPayment } from './void.ts'

const lost: SendResult = { type: 'unknown', detail: 'recorded' }

/** The requests of some work, none of them answered. */
async function sentBy(work: (send: (request: SendRequest) => Promise<SendResult>) => Promise<unknown>) {
  const sent: SendRequest[] = []
  await work(async (request) => {
    sent.push(request)
    return lost
  })
  return sent
}

const question = { credentials: connection, reference: '1-1', provider_reference: 'uniq-id', test_mode: true }
const cancel = { ...question, void_id: 'v-1', attempt_id: 'att_1' }
const appeal = {
  credentials: connection,
  appeal_id: 'apl_1',
  payment_reference: 'uniq-id',
  amount_minor: 400_000n,
  exponent: 2,
  receipt_url: 'http://exampel.com/example.pdf',
}
const closing = { ...appeal, appeal_reference: 'appealId' }

describe('the six events', () => {
  type Row = readonly [
    string,
    (send: (request: SendRequest) => Promise<SendResult>) => Promise<unknown>,
    string,
    string | undefined,
  ]
  const rows: readonly Row[] = [
    [
      'CREATE_PAYMENT',
      (send) => issue(sampleIssue(), send),
      '{"amount":3900,"method":"card","currencyRate":85.5,"currency":"RUB","transactionWindowInMin":30}',
      'att_1',
    ],
    ['GET_PAYMENT', (send) => status(question, send), '{"id":"uniq-id"}', undefined],
    ['CANCEL_PAYMENT', (send) => voidPayment(cancel, send), '{"id":"uniq-id"}', 'cancel:att_1'],
    [
      'CREATE_APPEAL',
      (send) => createAppeal(appeal, send),
      '{"id":"uniq-id","amount":4000,"url":"http://exampel.com/example.pdf"}',
      'apl_1',
    ],
    [
      'CANCEL_APPEAL',
      (send) => closeAppeal({ ...closing, verdict: 'cancel' }, send),
      '{"id":"appealId"}',
      'close:apl_1',
    ],
    [
      'CONFIRM_APPEAL',
      (send) => closeAppeal({ ...closing, verdict: 'confirm' }, send),
      '{"id":"appealId"}',
      'close:apl_1',
    ],
  ]
  for (const [event, work, data, key] of rows) {
    test(`${event}: one POST, the body to the byte, the key in a header and nowhere else`, async () => {
      const [first, ...others] = await sentBy(work)
      assert.ok(first && others.length === 0)
      assert.deepEqual([first.method, first.url], ['POST', connection.endpoint_url])
      assert.equal(first.body, `{"event":"CascadeEvents.${event}","data":${data}}`)
      const { 'x-request-id': request_id, ...headers } = first.headers ?? {}
      assert.match(request_id ?? '', /^[0-9a-f]{8}-[0-9a-f-]{27}$/)
      assert.deepEqual(headers, {
        'content-type': 'application/json',
        accept: 'application/json',
        'user-agent': 'Cascad-Cascade/1',
        'x-api-key': connection.api_key,
        ...(key !== undefined && { 'idempotency-key': key }),
      })
      assert.ok(first.answer_timeout_ms !== undefined)
      const [again] = await sentBy(work)
      assert.equal(again?.headers?.['idempotency-key'], key)
      assert.notEqual(again?.headers?.['x-request-id'], request_id)
    })
  }

  test('a bare spelling where the provider wants one', async () => {
    const bare = { ...connection, event_form: 'bare' as const }
    const [one] = await sentBy((send) => status({ ...question, credentials: bare }, send))
    assert.equal(one?.body, '{"event":"GET_PAYMENT","data":{"id":"uniq-id"}}')
  })

  test('an appeal without an id of its own is closed by the id of the payment', async () => {
    const [one] = await sentBy((send) => closeAppeal({ ...closing, appeal_reference: null, verdict: 'confirm' }, send))
    assert.equal(one?.body, '{"event":"CascadeEvents.CONFIRM_APPEAL","data":{"id":"uniq-id"}}')
  })

  test('only the first question has a limit of its own, and its late answer is listened for', async () => {
    const slow = sampleIssue({ credentials: { ...connection, create_timeout_s: 25 } })
    const [create] = await sentBy((send) => issue(slow, send))
    assert.deepEqual([create?.answer_timeout_ms, create?.listen_ms], [25_000, 60_000])
    const [get] = await sentBy((send) => status(question, send))
    assert.deepEqual([get?.answer_timeout_ms, get?.listen_ms], [10_000, undefined])
  })

  test('without the id of the provider nothing is asked and nothing cancelled', async () => {
    const nameless = { provider_reference: null }
    const outcomes: unknown[] = []
    const sent = await sentBy(async (send) => {
      outcomes.push((await status({ ...question, ...nameless }, send)).type)
      outcomes.push((await voidPayment({ ...cancel, ...nameless }, send)).type)
    })
    assert.deepEqual([sent.length, outcomes], [0, ['unknown', 'not_sent']])
  })
})

describe('numbers', () => {
  test('every amount arrives as the exact decimal it is, without exponent or trailing zeros', async () => {
    const cases = fc.tuple(fc.bigInt({ min: 1n, max: 10n ** 17n }), fc.integer({ min: 0, max: 8 }))
    await fc.assert(
      fc.asyncProperty(cases, async ([amount_minor, exponent]) => {
        const [one] = await sentBy((send) => issue(sampleIssue({ amount_minor, exponent }), send))
        const [, whole = '', rest = ''] = /"amount":(\d+)(?:\.(\d*[1-9]))?,/.exec(one?.body ?? '') ?? []
        assert.equal(BigInt(whole + rest.padEnd(exponent, '0')), amount_minor)
      }),
    )
  })

  test('a rate or amount that cannot be said, and a payment that is over, are not sent', async () => {
    const wrong = [
      ...['0', '0.00', '-1', '1e3', '', ' 1', 'NaN', `1${'0'.repeat(18)}`].map((currency_rate) => ({ currency_rate })),
      { amount_minor: 0n },
      { amount_minor: -1n },
      { closes_at: requested_at },
      { closes_at: new Date(0) },
    ]
    for (const more of wrong) {
      const sent = await sentBy(async (send) => {
        const { state, health, outcome } = await issue(sampleIssue(more), send)
        assert.deepEqual([state, health, outcome.type], ['not_sent', 'not_counted', 'not_sent'])
      })
      assert.equal(sent.length, 0)
    }
  })
})

describe('the window', () => {
  test('is the smaller of the agreed one and what is left of the payment, the part of a minute counted whole', () => {
    const after = (ms: number) => new Date(requested_at.getTime() + ms)
    const windows = [1, 59_999, 60_000, 60_001, 29 * 60_000 + 1, 30 * 60_000, 3_600_000].map((left_ms) => {
      const { window_minutes, expires_at } = windowOf(requested_at, after(left_ms), 30)
      return [window_minutes, expires_at.getTime() - requested_at.getTime()]
    })
    assert.deepEqual(windows, [
      [1, 1],
      [1, 59_999],
      [1, 60_000],
      [2, 60_001],
      [30, 29 * 60_000 + 1],
      [30, 30 * 60_000],
      [30, 30 * 60_000],
    ])
  })

  test("the payer's deadline is never later than the provider's window or the end of the payment", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1000, max: 10_000_000 }),
        fc.integer({ min: 5, max: 1440 }),
        (left_ms, minutes) => {
          const closes_at = new Date(requested_at.getTime() + left_ms)
          const { window_minutes, expires_at } = windowOf(requested_at, closes_at, minutes)
          assert.ok(Number.isInteger(window_minutes) && window_minutes <= minutes)
          assert.ok(expires_at.getTime() <= requested_at.getTime() + window_minutes * 60_000)
          assert.ok(left_ms < 0 || expires_at <= closes_at)
        },
      ),
    )
  })
})

test('the settings of a connection: what may be given and what not', () => {
  assert.ok(Value.Check(credentials, connection))
  const all = { event_form: 'bare', window_minutes: 5, create_timeout_s: 60, require_luhn: true }
  assert.ok(Value.Check(credentials, { ...connection, ...all, endpoint_url: 'https://provider.example/cascade?v=1' }))
  for (const wrong of [
    { endpoint_url: 'ftp://provider.example' },
    { endpoint_url: 'https://user:pass@provider.example/' },
    { endpoint_url: 'https://' },
    { api_key: 'too short' },
    { api_key: 'with a blank in its middle' },
    { api_key: 'x'.repeat(257) },
    { event_form: 'PREFIXED' },
    { window_minutes: 4 },
    { window_minutes: 1441 },
    { window_minutes: 10.5 },
    { create_timeout_s: 0 },
    { more: true },
  ]) {
    assert.ok(!Value.Check(credentials, { ...connection, ...wrong }), JSON.stringify(wrong))
  }
})
