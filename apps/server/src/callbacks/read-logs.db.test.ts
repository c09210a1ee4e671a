import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import type { NewCallbackEvent } from './callback-event.ts'
import { deliverCallback } from './deliver-callback.ts'
import { readCallbackLogs } from './read-logs.ts'
import { answering, deadUrl, sampleAccount, startReceiver, writeEvents } from './sample-callbacks.ts'
import { claimNewEvents } from './table.ts'

const start_ms = Date.parse('2026-03-01T12:00:00.100Z')
let now_ms = start_ms
let t: TestContext
before(async () => {
  t = await testContext({ now: () => new Date(now_ms), config: { callback_interval_ms: 60_000 } })
})
after(() => t.close())

const subject = 'cpi_0000000000000042'
const second = (ms: number) => String(Math.floor(ms / 1000))

async function deliverAll(): Promise<void> {
  const leased_until = new Date(now_ms + 90_000)
  for (const event of await claimNewEvents(t.ctx.sql, { now: t.ctx.now(), leased_until, limit: 10 })) {
    await deliverCallback(t.ctx, event, new AbortController().signal)
  }
}

test('the logs of a payment show every event: queued, then how its last attempt went', async () => {
  const shop = await startReceiver(answering(202))
  const account = await sampleAccount(t.ctx, { callback_attempts_max: 1 })
  const event = (
    url: string,
    subject_status: string,
    created_at: Date,
  ): Partial<NewCallbackEvent> & { url: string } => ({
    url,
    subject_id: subject,
    subject_status,
    created_at,
  })
  const at = (ms: number) => new Date(start_ms + ms)
  await writeEvents(t.ctx, account.id, [
    event(shop.url, 'process_pending', at(0)),
    event(await deadUrl(), 'processed', at(300)),
    event(shop.url, 'refund_pending', at(3_000_000)),
  ])
  const queued = (await readCallbackLogs(t.ctx.sql, account.id, [subject])).get(subject)
  const waiting = { status: 'queued', processed: null, response_code: null }
  assert.equal(queued?.last_write, null)
  assert.deepEqual(queued?.logs, {
    [second(start_ms)]: { ...waiting, transaction_status: 'process_pending' },
    [String(Number(second(start_ms)) + 1)]: { ...waiting, transaction_status: 'processed' },
    [second(start_ms + 3_000_000)]: { ...waiting, transaction_status: 'refund_pending' },
  })
  now_ms = start_ms + 7_000
  await deliverAll()
  const told = (await readCallbackLogs(t.ctx.sql, account.id, [subject])).get(subject)
  const processed = Number(second(now_ms))
  assert.deepEqual(told?.last_write, new Date(now_ms))
  assert.deepEqual(told?.logs, {
    [second(start_ms)]: { status: 'done', processed, response_code: 202, transaction_status: 'process_pending' },
    [String(Number(second(start_ms)) + 1)]: {
      status: 'failed',
      processed,
      response_code: null,
      transaction_status: 'processed',
    },
    [second(start_ms + 3_000_000)]: { ...waiting, transaction_status: 'refund_pending' },
  })
  await shop.close()
})

test('an event that will be tried again stays queued and shows its last code', async () => {
  const shop = await startReceiver(answering(500))
  const account = await sampleAccount(t.ctx)
  await writeEvents(t.ctx, account.id, [{ url: shop.url, subject_id: subject }])
  await deliverAll()
  const { logs } = (await readCallbackLogs(t.ctx.sql, account.id, [subject])).get(subject)!
  assert.deepEqual(Object.values(logs), [
    { status: 'queued', processed: Number(second(now_ms)), response_code: 500, transaction_status: 'processed' },
  ])
  await shop.close()
})

test('a payment without events has no logs, and accounts do not see those of others', async () => {
  const account = await sampleAccount(t.ctx)
  assert.equal((await readCallbackLogs(t.ctx.sql, account.id, [])).size, 0)
  assert.equal((await readCallbackLogs(t.ctx.sql, account.id, [subject, 'cpi_0000000000000043'])).size, 0)
})
