import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { clearOldCallbacks } from './clear-old-callbacks.ts'
import { readCallbackLogs } from './read-logs.ts'
import { sampleAccount, writeEvents } from './sample-callbacks.ts'

const day_ms = 86_400_000
const now_ms = Date.parse('2026-03-20T12:00:00Z')
const never = new AbortController().signal

let t: TestContext
before(async () => {
  t = await testContext({ now: () => new Date(now_ms) })
})
after(() => t.close())

const daysOld = (days: number) => new Date(now_ms - days * day_ms)

test('bodies and attempts are forgotten after 14 days; events and what is still queued are not', async () => {
  const account = await sampleAccount(t.ctx)
  const ages = [13.9, 14.1, 400]
  const old = await writeEvents(
    t.ctx,
    account.id,
    ages.map((days) => ({ url: 'http://127.0.0.1:9/', created_at: daysOld(days), subject_id: 'cpi_0000000000000007' })),
  )
  const [queued = ''] = await writeEvents(t.ctx, account.id, [
    { url: 'http://127.0.0.1:9/', created_at: daysOld(20), subject_id: 'cpi_0000000000000007' },
  ])
  await t.ctx.sql`update callback_events set status = 'done', due_at = null where id <> ${queued}`
  await t.ctx.sql`
    insert into callback_attempts (account_id, event_id, manual, number, url, duration_ms, created_at)
    select account_id, id, false, 1, url, 5, created_at from callback_events`
  const until = await clearOldCallbacks(t.ctx, new Date(0), never)
  assert.deepEqual(until, daysOld(14))
  const kept = await t.ctx.sql<{ id: string }[]>`select id from callback_events where body is not null order by id`
  assert.deepEqual(kept.map(({ id }) => id).sort(), [old[0], queued].sort())
  const [attempts] = await t.ctx.sql<{ ids: string[] }[]>`select array_agg(event_id) as ids from callback_attempts`
  assert.deepEqual(attempts?.ids, [old[0]])
  const logs = (await readCallbackLogs(t.ctx.sql, account.id, ['cpi_0000000000000007'])).get('cpi_0000000000000007')
  assert.equal(Object.keys(logs?.logs ?? {}).length, 4)
})

test('more than a batch is forgotten in one round, and a later round begins where the last one ended', async () => {
  const account = await sampleAccount(t.ctx)
  const url = 'http://127.0.0.1:9/'
  const many = Array.from({ length: 2500 }, () => ({ url, created_at: daysOld(30) }))
  await writeEvents(t.ctx, account.id, many)
  await t.ctx.sql`update callback_events set due_at = null where account_id = ${account.id}`
  const bodies = async () => {
    const [row] = await t.ctx.sql<{ count: number }[]>`
      select count(body)::int as count from callback_events where account_id = ${account.id}`
    return row?.count
  }
  await clearOldCallbacks(t.ctx, daysOld(29), never)
  assert.equal(await bodies(), 2500)
  await clearOldCallbacks(t.ctx, new Date(0), AbortSignal.abort())
  assert.equal(await bodies(), 2500)
  await clearOldCallbacks(t.ctx, daysOld(31), never)
  assert.equal(await bodies(), 0)
})
