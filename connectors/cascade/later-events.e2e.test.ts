/** What desks of traders answer to the five events after the first. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Outcome, Send } from '@cascad/connector'
import { closeAppeal, createAppeal } from './appeals.ts'
import { openDesk } from './sample-desk.ts'
import { status } from './status.ts'

const { send, desks, credentials, issued, questionOf, statusOf, cancel } = openDesk()

describe('GET_PAYMENT', () => {
  const rows: readonly (readonly [string, Outcome['type']])[] = [
    ['issue', 'pending'],
    ['issue_success:0', 'approved'],
    ['issue_other:100', 'pending'],
    ['issue_fail:0', 'declined'],
    ['issue_never', 'pending'],
    ['get:404', 'not_found'],
    ['get:500', 'unknown'],
    ['get:garbage', 'unknown'],
    ['get:unknown_status', 'unknown'],
  ]
  for (const [text, type] of rows) {
    test(`${text}: ${type}`, async () => assert.equal((await statusOf(await issued(text))).type, type))
  }

  test('get:timeout: unknown, and so is a question to a closed port', async () => {
    const id = await issued('get:timeout')
    const hasty: Send = (request) => send({ ...request, answer_timeout_ms: 300 })
    assert.equal((await status(questionOf(id), hasty)).type, 'unknown')
    const nowhere = { ...credentials(), endpoint_url: 'http://127.0.0.1:1/cascade' }
    assert.equal((await status({ ...questionOf(id), credentials: nowhere }, send)).type, 'unknown')
  })

  test('a late success and a success that is taken back are told as they are', async () => {
    const late = await issued('issue_late:60')
    desks().advance({ advance_s: 30 * 60 })
    assert.equal((await statusOf(late)).type, 'pending')
    desks().advance({ advance_s: 60 })
    assert.equal((await statusOf(late)).type, 'approved')
    const flap = await issued('issue_flap')
    const told: string[] = []
    for (const advance_s of [1, 5, 5]) {
      desks().advance({ advance_s })
      told.push((await statusOf(flap)).type)
    }
    assert.deepEqual(told, ['pending', 'approved', 'declined'])
  })
})

describe('CANCEL_PAYMENT', () => {
  const rows: readonly (readonly [string, Outcome['type']])[] = [
    ['issue', 'pending'],
    ['cancel:409', 'declined'],
    ['cancel:500', 'unknown'],
  ]
  for (const [text, type] of rows) {
    test(`${text}: ${type}, a repeat alike`, async () => {
      const id = await issued(text)
      assert.equal((await cancel(id)).type, type)
      assert.equal((await cancel(id)).type, type)
    })
  }

  test('cancelled is no proof: the payer paid all the same', async () => {
    const id = await issued('issue_cancel_success')
    await cancel(id)
    desks().advance({ advance_s: 10 })
    assert.equal((await statusOf(id)).type, 'approved')
  })

  test('an order nobody knows is declined', async () => assert.equal((await cancel('nothing')).type, 'declined'))
})

describe('appeals', () => {
  const appeal = (payment_reference: string) =>
    createAppeal(
      {
        credentials: credentials(),
        appeal_id: `apl_${payment_reference}`,
        payment_reference,
        amount_minor: 400_000n,
        exponent: 2,
        receipt_url: 'https://pay.example/receipts/rcp_1.pdf?exp=1&sig=s',
      },
      send,
    )
  const close = (payment_reference: string, appeal_reference: string | null, verdict: 'confirm' | 'cancel') =>
    closeAppeal(
      {
        credentials: credentials(),
        appeal_id: `apl_${payment_reference}`,
        verdict,
        payment_reference,
        appeal_reference,
      },
      send,
    )
  const appeals = () => desks().appeals('volga')

  test('opened with the new amount and the receipt, seen in GET_PAYMENT, confirmed, and then the payment is paid', async () => {
    const id = await issued()
    const opened = await appeal(id)
    assert.ok(opened.type === 'acknowledged' && opened.reference !== null && !opened.known_before)
    assert.deepEqual([appeals()[0]?.amount, appeals()[0]?.payment_id], ['4000', id])
    assert.deepEqual(await statusOf(id), { type: 'pending', provider_reference: id, appeal: true })
    assert.deepEqual(await close(id, opened.reference, 'confirm'), { type: 'delivered', closed_before: false })
    assert.equal(appeals()[0]?.state, 'confirmed')
    assert.equal((await statusOf(id)).type, 'approved')
  })

  test('the same appeal again is the same; cancelled, it leaves the payment as it was', async () => {
    const id = await issued()
    const [first, second] = [await appeal(id), await appeal(id)]
    assert.deepEqual(second, first)
    assert.equal(appeals().length, 1)
    assert.ok(first.type === 'acknowledged')
    assert.equal((await close(id, first.reference, 'cancel')).type, 'delivered')
    assert.equal((await statusOf(id)).type, 'pending')
    const other = await close(`${id}2`, first.reference, 'confirm')
    assert.deepEqual(other, { type: 'delivered', closed_before: true })
  })

  test('appeal:no_id is closed by the id of the payment', async () => {
    const id = await issued('appeal:no_id')
    assert.deepEqual(await appeal(id), { type: 'acknowledged', reference: null, known_before: false })
    assert.equal((await close(id, null, 'confirm')).type, 'delivered')
    assert.equal(appeals()[0]?.state, 'confirmed')
  })

  test('appeal:409, :400 and :500 are known before, refused, and to be sent again', async () => {
    const told: unknown[] = []
    for (const text of ['appeal:409', 'appeal:400', 'appeal:500']) told.push((await appeal(await issued(text))).type)
    assert.deepEqual(told, ['acknowledged', 'refused', 'undelivered'])
  })

  test('close:404 was closed before, close:500 is to be sent again', async () => {
    for (const [text, type] of [
      ['close:404', 'delivered'],
      ['close:500', 'undelivered'],
    ] as const) {
      const id = await issued(text)
      const opened = await appeal(id)
      assert.ok(opened.type === 'acknowledged')
      for (const verdict of ['confirm', 'cancel'] as const) {
        assert.equal((await close(id, opened.reference, verdict)).type, type)
      }
    }
  })
})
