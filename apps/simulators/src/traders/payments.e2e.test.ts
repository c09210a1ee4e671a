import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { createSimulators, type Simulators } from '../simulators.ts'
import { callDesk } from './call-desk.ts'

let simulators: Simulators
before(async () => {
  simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1', seed: 1 })
})
beforeEach(() => simulators.desks.reset(1))
after(() => simulators.close())

const { send, issued, statusOf } = callDesk(() => simulators)
const payments = () => simulators.desks.payments('volga')

describe('a payment afterwards', () => {
  test('it is paid, late, never, or fails, as the clock goes on', async () => {
    const ids = {
      success: await issued('issue_success:5'),
      late: await issued('issue_late:60'),
      never: await issued('issue_never'),
      plain: await issued('issue'),
    }
    const all = async () => Promise.all(Object.values(ids).map(statusOf))
    assert.deepEqual((await all()).slice(1), ['pending', 'pending', 'pending'])
    simulators.desks.advance({ advance_s: 5 })
    assert.deepEqual(await all(), ['success', 'pending', 'pending', 'pending'])
    simulators.desks.advance({ advance_s: 30 * 60 })
    assert.deepEqual([await statusOf(ids.success), await statusOf(ids.plain)], ['success', 'failed'])
    simulators.desks.advance({ advance_s: 60 })
    assert.deepEqual(await all(), ['success', 'success', 'pending', 'failed'])
  })

  test('control pays it, and a cancelled one fails', async () => {
    const id = await issued()
    assert.equal((await send('CANCEL_PAYMENT', { id })).status, 200)
    assert.equal(await statusOf(id), 'failed')
    simulators.desks.setPayment('volga', id, { status: 'success' })
    assert.equal(await statusOf(id), 'success')
  })

  test('another amount arrives: so many percent of it, and the payment fails', async () => {
    const id = await issued('issue_wrong')
    assert.equal(await statusOf(id), 'pending')
    assert.equal(payments().at(-1)?.received, '3510')
    simulators.desks.advance({ advance_s: 5 })
    assert.equal(await statusOf(id), 'failed')
    await issued('issue_other:33%')
    assert.equal(payments().at(-1)?.received, '1287')
  })

  for (const [text, status] of [
    ['get:404', 404],
    ['get:500', 500],
    ['get:garbage', 200],
    ['get:unknown_status', 200],
  ] as const) {
    test(text, async () => {
      const reply = await send('GET_PAYMENT', { id: await issued(text) })
      assert.equal(reply.status, status)
      if (text === 'get:garbage') assert.throws(() => JSON.parse(reply.text), SyntaxError)
      if (text === 'get:unknown_status') assert.equal(JSON.parse(reply.text).status, 'processing')
    })
  }

  test('cancel:409, cancel:500, and payments nobody knows', async () => {
    assert.equal((await send('CANCEL_PAYMENT', { id: await issued('cancel:409') })).status, 409)
    assert.equal((await send('CANCEL_PAYMENT', { id: await issued('cancel:500') })).status, 500)
    for (const event of ['GET_PAYMENT', 'CANCEL_PAYMENT', 'CANCEL_APPEAL', 'CONFIRM_APPEAL'] as const) {
      assert.equal((await send(event, { id: 'nobody' })).status, 404)
    }
  })
})

describe('appeals', () => {
  const claim = (id: string, amount = '4000') => send('CREATE_APPEAL', { id, amount, url: 'http://127.0.0.1:1/r.pdf' })
  const appeals = () => simulators.desks.appeals('volga')

  test('opened, judged by control, confirmed; the payment is an appeal, then success', async () => {
    const id = await issued()
    const { appealId } = JSON.parse((await claim(id)).text)
    assert.equal(await statusOf(id), 'appeal')
    assert.equal(simulators.desks.judge('volga', appealId, { verdict: 'accept' }).verdict, 'accept')
    assert.equal((await send('CONFIRM_APPEAL', { id: appealId })).status, 200)
    assert.equal(await statusOf(id), 'success')
    assert.equal((await send('CONFIRM_APPEAL', { id: appealId })).status, 200)
    assert.equal((await send('CANCEL_APPEAL', { id: appealId })).status, 409)
    assert.deepEqual(
      appeals().map(({ state }) => state),
      ['confirmed'],
    )
  })

  test('cancelled: the payment is what it was', async () => {
    const id = await issued('issue_fail:0')
    const { appealId } = JSON.parse((await claim(id)).text)
    assert.equal(await statusOf(id), 'appeal')
    await send('CANCEL_APPEAL', { id: appealId })
    assert.equal(await statusOf(id), 'failed')
  })

  test('a desk that saw another amount accepts that amount and no other', async () => {
    const id = await issued('issue_other:4000')
    assert.equal(payments()[0]?.received, '4000')
    await claim(id, '4000')
    await claim(id, '4100')
    assert.deepEqual(
      appeals().map(({ verdict }) => verdict),
      ['accept', 'reject'],
    )
    const told = await issued()
    simulators.desks.setPayment('volga', told, { received: '55.5' })
    await claim(told, '55.5')
    assert.equal(appeals().at(-1)?.verdict, 'accept')
  })

  test('accept and reject by script, without an id, and refused', async () => {
    for (const verdict of ['accept', 'reject'] as const) {
      await claim(await issued(`appeal:${verdict}`))
      assert.equal(appeals().at(-1)?.verdict, verdict)
    }
    const silent = await issued('appeal:no_id')
    assert.equal((await claim(silent)).text, '{}')
    assert.equal((await send('CONFIRM_APPEAL', { id: silent })).status, 200)
    assert.equal(await statusOf(silent), 'success')
    for (const status of [409, 400, 500]) assert.equal((await claim(await issued(`appeal:${status}`))).status, status)
    for (const status of [404, 500]) {
      const { appealId } = JSON.parse((await claim(await issued(`close:${status}`))).text)
      assert.equal((await send('CANCEL_APPEAL', { id: appealId })).status, status)
      assert.equal((await send('CONFIRM_APPEAL', { id: appealId })).status, status)
    }
  })
})
