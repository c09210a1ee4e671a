import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SendResult } from '@cascad/connector'
import { readAppeal, readClose } from './appeals.ts'
import { answered } from './sample-issue.ts'
import { readStatus } from './status.ts'
import { readCancel } from './void.ts'

const lost: readonly SendResult[] = [
  { type: 'not_sent', detail: 'ECONNREFUSED' },
  { type: 'unknown', detail: 'read_timeout' },
  answered(500, ''),
  answered(302, ''),
]

describe('GET_PAYMENT', () => {
  const rows: readonly (readonly [SendResult, string])[] = [
    [answered(200, '{ "status": "success" }'), 'approved'],
    [answered(201, { status: 'pending' }), 'pending'],
    [answered(200, { status: 'failed' }), 'declined'],
    [answered(200, '\ufeff{"status":"success"}'), 'approved'],
    [answered(200, { status: 'processing' }), 'unknown'],
    [answered(200, { status: ['success'] }), 'unknown'],
    [answered(200, '{"__proto__":{"status":"success"}}'), 'unknown'],
    [answered(200, 'success'), 'unknown'],
    [answered(404, { status: 'success' }), 'not_found'],
    [answered(401, { status: 'failed' }), 'unknown'],
    [answered(410, ''), 'unknown'],
    ...lost.map((one) => [one, 'unknown'] as const),
  ]
  for (const [answer, type] of rows) {
    test(`${JSON.stringify(answer)}: ${type}`, () => assert.equal(readStatus(answer, 'p-1').type, type))
  }

  test('an appeal is said beside "pending"; a failure is the end of the window; an amount in the answer counts for nothing', () => {
    assert.deepEqual(readStatus(answered(200, { status: 'appeal' }), 'p-1'), {
      type: 'pending',
      provider_reference: 'p-1',
      appeal: true,
    })
    const failed = readStatus(answered(200, { status: 'failed' }), 'p-1')
    assert.equal('class' in failed && failed.class, 'payer_window')
    const paid = readStatus(answered(200, { status: 'success', amount: 1 }), 'p-1')
    assert.equal('amount_minor' in paid && paid.amount_minor, null)
  })
})

describe('CANCEL_PAYMENT', () => {
  const rows: readonly (readonly [SendResult, string])[] = [
    [answered(200, ''), 'pending'],
    [answered(201, {}), 'pending'],
    [answered(409, { message: 'paid already' }), 'declined'],
    [answered(404, ''), 'declined'],
    [answered(500, {}), 'unknown'],
    [answered(302, ''), 'unknown'],
    [{ type: 'unknown', detail: 'reset' }, 'unknown'],
    [{ type: 'not_sent', detail: 'refused' }, 'not_sent'],
  ]
  for (const [answer, type] of rows) {
    test(`${JSON.stringify(answer)}: ${type}`, () => assert.equal(readCancel(answer, 'p-1').type, type))
  }
})

describe('appeals', () => {
  test('created: acknowledged with or without an id, also when it was known; refused; to be sent again', () => {
    const acknowledged = (reference: string | null, known_before = false) => ({
      type: 'acknowledged',
      reference,
      known_before,
    })
    assert.deepEqual(readAppeal(answered(200, '{ "appealId": "string" }')), acknowledged('string'))
    assert.deepEqual(
      readAppeal(answered(201, '{"appealId":12345678901234567890}')),
      acknowledged('12345678901234567890'),
    )
    for (const body of ['', '{}', 'OK', '{"appealId":null}', '{"appealId":""}']) {
      assert.deepEqual(readAppeal(answered(200, body)), acknowledged(null))
    }
    assert.deepEqual(readAppeal(answered(409, { code: 'CONFLICT' })), acknowledged(null, true))
    assert.deepEqual(readAppeal(answered(409, { appealId: 'a-1' })), acknowledged('a-1', true))
    assert.deepEqual(readAppeal(answered(400, { message: 'no' })), { type: 'refused', status: 400, text: 'no' })
    for (const answer of lost) assert.equal(readAppeal(answer).type, 'undelivered')
  })

  test('closed: delivered, also when it was closed or is not known; refused; to be sent again', () => {
    assert.deepEqual(readClose(answered(200, '')), { type: 'delivered', closed_before: false })
    for (const status of [404, 409]) {
      assert.deepEqual(readClose(answered(status, '')), { type: 'delivered', closed_before: true })
    }
    assert.deepEqual(readClose(answered(422, 'no')), { type: 'refused', status: 422, text: 'no' })
    for (const answer of lost) assert.equal(readClose(answer).type, 'undelivered')
  })
})
