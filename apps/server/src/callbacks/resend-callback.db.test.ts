import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { InvalidFields } from '../http/problem.ts'
import { deliverCallback } from './deliver-callback.ts'
import { readCallbackLogs } from './read-logs.ts'
import { resendCallback } from './resend-callback.ts'
import { resendPeriod } from './resend-period.ts'
import { answering, type Receiver, readEvent, sampleAccount, startReceiver, writeEvents } from './sample-callbacks.ts'
import { standardSignature, xSignature } from './sign-callback.ts'
import { claimEventsInLine, claimNewEvents, selectDueLines } from './table.ts'

const hour_ms = 3_600_000
let now_ms = Date.parse('2026-03-01T12:00:00.000Z')
const now = () => new Date(now_ms)
const never = new AbortController().signal

let t: TestContext
let status = 200
let shop: Receiver
before(async () => {
  t = await testContext({ now, config: { callback_interval_ms: 60_000 } })
  shop = await startReceiver((response) => answering(status)(response))
})
after(async () => {
  await shop.close()
  await t.close()
})

const lease = () => ({ now: now(), leased_until: new Date(now_ms + 90_000), limit: 100 })

/** Delivers what is due now. Returns how many. */
async function deliverAll(): Promise<number> {
  const fresh = await claimNewEvents(t.ctx.sql, lease())
  const lines = await selectDueLines(t.ctx.sql, now())
  const waiting = await Promise.all(lines.map((origin) => claimEventsInLine(t.ctx.sql, { ...lease(), origin })))
  const all = [...fresh, ...waiting.flat()]
  for (const event of all) await deliverCallback(t.ctx, event, never)
  return all.length
}

/** An event that has been tried as often as its account wants. */
async function ended(delivered: boolean, options: { only_final?: boolean } = {}) {
  const account = await sampleAccount(t.ctx, {
    callback_attempts_max: 1,
    callbacks_only_final: options.only_final ?? false,
  })
  status = delivered ? 200 : 500
  const [id = ''] = await writeEvents(t.ctx, account.id, [{ url: shop.url, subject_status: 'process_pending' }])
  await deliverAll()
  assert.equal((await readEvent(t.ctx, id)).status, delivered ? 'done' : 'failed')
  status = 200
  return { account, id }
}

test('a resend has the same body and id, a fresh time and signature, and updates the entry in the logs', async () => {
  const { account, id } = await ended(false, { only_final: true })
  const [first] = shop.got.slice(-1)
  now_ms += hour_ms
  const resent = await resendCallback(t.ctx, id)
  assert.equal(resent.type === 'tried' && resent.tried.delivered, true)
  const [again] = shop.got.slice(-1)
  const timestamp = String(now_ms / 1000)
  assert.deepEqual(again?.body, first?.body)
  assert.equal(again?.headers['webhook-id'], id)
  assert.equal(again?.headers['webhook-timestamp'], timestamp)
  assert.equal(again?.headers['webhook-signature'], standardSignature(account.test_key, id, timestamp, '{"data":{}}'))
  assert.equal(again?.headers['x-signature'], xSignature(account.test_key, '{"data":{}}'))
  assert.deepEqual([again?.headers['retry-count'], again?.headers['next-retry']], ['2', '0'])
  const logs = await readCallbackLogs(t.ctx.sql, account.id, ['cpi_0000000000000001'])
  assert.deepEqual(Object.values(logs.get('cpi_0000000000000001')?.logs ?? {}), [
    { status: 'done', processed: now_ms / 1000, response_code: 200, transaction_status: 'process_pending' },
  ])
  const rows = await t.ctx.sql`select manual, number, response_code from callback_attempts where event_id = ${id}
    order by created_at`
  assert.deepEqual(
    [...rows].map((row) => ({ ...row })),
    [
      { manual: false, number: 1, response_code: 500 },
      { manual: true, number: 1, response_code: 200 },
    ],
  )
})

test('a resend that fails has no retries and does not undo a delivery', async () => {
  const { id } = await ended(true)
  status = 503
  await resendCallback(t.ctx, id)
  const event = await readEvent(t.ctx, id)
  assert.deepEqual([event.status, event.response_code, event.due_at, event.manual_attempts], ['done', 503, null, 1])
})

test('an event that waits for its next attempt needs none once a resend has reached its own URL', async () => {
  const account = await sampleAccount(t.ctx)
  status = 500
  const [id = ''] = await writeEvents(t.ctx, account.id, [{ url: shop.url }])
  await deliverAll()
  await resendCallback(t.ctx, id)
  assert.deepEqual((await readEvent(t.ctx, id)).due_at, new Date(now_ms + 60_000))
  status = 200
  await resendCallback(t.ctx, id)
  const event = await readEvent(t.ctx, id)
  assert.deepEqual([event.status, event.attempts, event.manual_attempts, event.due_at], ['done', 1, 2, null])
})

test('another URL gets the event, while its own is tried on', async () => {
  const other = await startReceiver(answering(200))
  const account = await sampleAccount(t.ctx)
  status = 500
  const [id = ''] = await writeEvents(t.ctx, account.id, [{ url: shop.url }])
  await deliverAll()
  await resendCallback(t.ctx, id, other.url)
  assert.equal(other.got[0]?.headers['webhook-id'], id)
  const event = await readEvent(t.ctx, id)
  assert.deepEqual([event.status, event.response_code], ['queued', 200])
  assert.deepEqual(event.due_at, new Date(now_ms + 60_000))
  const { id: failed } = await ended(false)
  await resendCallback(t.ctx, failed, other.url)
  assert.equal((await readEvent(t.ctx, failed)).status, 'done')
  await other.close()
  await t.ctx.sql`update callback_events set due_at = null`
})

test('another URL is guarded like the first', async () => {
  const { id } = await ended(true)
  for (const url of [
    'http://10.1.2.3/',
    'http://[fd00::1]/',
    'ftp://shop.example/',
    'http://user@shop.example/',
    'x',
  ]) {
    const resent = await resendCallback(t.ctx, id, url)
    assert.equal(resent.type === 'tried' && resent.tried.error?.startsWith('target_refused'), true, url)
  }
})

test('what is not there, or no longer, is not sent', async () => {
  const { id } = await ended(true)
  assert.equal((await resendCallback(t.ctx, 'evt_0000000000000000')).type, 'not_found')
  assert.equal((await resendCallback(t.ctx, 'cpi_1')).type, 'not_found')
  await t.ctx.sql`update callback_events set body = null where id = ${id}`
  assert.equal((await resendCallback(t.ctx, id)).type, 'forgotten')
})

test('a period is sent once more: the events of the account made in it, each once, without retries', async () => {
  const account = await sampleAccount(t.ctx, { callback_attempts_max: 2 })
  const stranger = await sampleAccount(t.ctx)
  const from = now()
  const at = (ms: number) => ({ url: shop.url, created_at: new Date(from.getTime() + ms) })
  status = 200
  const ids = await writeEvents(t.ctx, account.id, [at(-1), at(0), at(1000), at(hour_ms - 1), at(hour_ms)])
  await writeEvents(t.ctx, stranger.id, [at(10)])
  now_ms += 2 * hour_ms
  assert.equal(await deliverAll(), 6)
  status = 500
  const [waiting = ''] = await writeEvents(t.ctx, account.id, [at(5)])
  await deliverAll()
  const period = { from, to: new Date(from.getTime() + hour_ms) }
  const before = shop.got.length
  assert.equal(await resendPeriod(t.ctx, account.id, period), 4)
  assert.equal(await resendPeriod(t.ctx, account.id, period), 0)
  assert.equal(await deliverAll(), 4)
  const again = shop.got.slice(before).map(({ headers }) => headers['webhook-id'])
  assert.deepEqual(again.sort(), [...ids.slice(1, 4), waiting].sort())
  for (const id of ids.slice(1, 4)) {
    const event = await readEvent(t.ctx, id)
    assert.deepEqual([event.status, event.response_code, event.due_at, event.manual_attempts], ['done', 500, null, 1])
  }
  // The one still in its series has used an attempt of it.
  const last = await readEvent(t.ctx, waiting)
  assert.deepEqual([last.status, last.attempts, last.manual_attempts], ['failed', 2, 0])
})

test('a period of less than an hour or more than two days is refused', async () => {
  const account = await sampleAccount(t.ctx)
  for (const length_ms of [-1, 0, hour_ms - 1, 48 * hour_ms + 1, Number.NaN]) {
    const to = new Date(now_ms + length_ms)
    await assert.rejects(resendPeriod(t.ctx, account.id, { from: now(), to }), InvalidFields)
  }
  for (const length_ms of [hour_ms, 48 * hour_ms]) {
    assert.equal(await resendPeriod(t.ctx, account.id, { from: now(), to: new Date(now_ms + length_ms) }), 0)
  }
})
