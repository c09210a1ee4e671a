/** Payers of the Card API who stay away, or come too late. The clock is the test's. */
import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { statusOf } from '../../apps/server/src/card-api/rules/status.ts'
import { loadState } from '../../apps/server/src/payments/find-payment.ts'
import {
  back,
  bankForm,
  challenged,
  openProcessWorld,
  type ProcessWorld,
  processPath,
  shown,
} from '../process-world.ts'
import { until } from '../product/time.ts'
import type { Answer } from '../world.ts'

let w: ProcessWorld
let receiver: Server
let hook: string
let shift_ms = 0
const told: Answer[] = []
before(async () => {
  w = await openProcessWorld()
  Object.assign(w.world.ctx, { now: () => new Date(Date.now() + shift_ms) })
  receiver = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    told.push(JSON.parse(Buffer.concat(chunks).toString()))
    response.end('ok')
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  hook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
})
after(async () => {
  receiver.closeAllConnections()
  await new Promise((resolve) => receiver.close(resolve))
  await w.close()
})

describe('a payer who stays away', () => {
  /** Moves the clock, and lets the workers do what has become due. */
  function letPass(seconds: number): void {
    shift_ms += seconds * 1000
  }
  const ended = async (uid: string) => {
    const row = await w.paymentOf(uid)
    return statusOf(await loadState(w.world.ctx, row.account_id, row.payment_id))
  }
  const toldOf = (uid: string) => told.filter(({ transaction }) => transaction.uid === uid)

  it('fails as not finished after half an hour, not before, and is told once', async () => {
    const made = await w.secure.pay(challenged, { return_url: back, notification_url: hook })
    const { uid } = made.body.transaction
    letPass(29 * 60)
    assert.equal((await shown(w.secure, uid)).status, 'incomplete')
    assert.equal((await w.open(processPath(made))).status, 200)
    letPass(2 * 60)
    await until('the transaction fails', async () => (await ended(uid)) === 'failed')
    const now = await shown(w.secure, uid)
    assert.deepEqual([now.status, now.code, now.message], ['failed', 'F.0998', 'Payment was declined'])
    assert.equal((await w.open(processPath(made))).to, `${back}&uid=${uid}&status=failed`)
    assert.equal((await w.open(`${processPath(made)}/return`)).to, `${back}&uid=${uid}&status=failed`)
    await until('the merchant is told', () => toldOf(uid).length > 0)
    const events = await w.world.ctx.sql`select from callback_events where subject_id = ${uid}`
    assert.equal(events.length, 1)
    assert.deepEqual(
      toldOf(uid).map(({ transaction }) => [transaction.status, transaction.code]),
      [['failed', 'F.0998']],
    )
    assert.deepEqual(await w.taken(uid), [])
  })

  it('is expired when the time the merchant gave is over, and is told once', async () => {
    const expired_at = new Date(w.world.ctx.now().getTime() + 10 * 60_000).toISOString()
    const made = await w.secure.pay(challenged, { expired_at, notification_url: hook })
    const { uid } = made.body.transaction
    assert.equal(made.body.transaction.status, 'incomplete')
    letPass(11 * 60)
    await until('the transaction expires', async () => (await ended(uid)) === 'expired')
    const now = await shown(w.secure, uid)
    assert.deepEqual([now.code, now.message], ['F.0109', 'Transaction is expired'])
    const { text } = await w.open(processPath(made))
    assert.match(text, /data-view="time_over"/)
    await until('the merchant is told', () => toldOf(uid).length > 0)
    const events = await w.world.ctx.sql`select from callback_events where subject_id = ${uid}`
    assert.equal(events.length, 1)
    assert.deepEqual(
      toldOf(uid).map(({ transaction }) => [transaction.status, transaction.code]),
      [['expired', 'F.0109']],
    )
  })

  it('who confirms after the end does not pay: what the bank let through is taken back', async () => {
    const made = await w.secure.pay(challenged, { return_url: back })
    const { uid } = made.body.transaction
    const { text } = await w.open(processPath(made))
    const { action, form } = bankForm(text)
    letPass(31 * 60)
    await until('the transaction fails', async () => (await ended(uid)) === 'failed')
    const late = await w.open(new URL('/acquirer/acs/answer', action).href, { ...form, choice: 'confirm' })
    const [charge] = await w.charges(uid)
    assert.equal(charge?.charged, true, 'the bank has taken the money')
    assert.equal((await w.open(late.to)).to, `${back}&uid=${uid}&status=failed`)
    await until('the money is back', async () => (await w.taken(uid)).length === 0)
    assert.equal((await shown(w.secure, uid)).status, 'failed')
  })
})
