import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { firstIdAt } from '../ids.ts'
import { clearOldEvents } from './clear-old-events.ts'
import { finishEvent, insertEvent } from './table.ts'

const day_ms = 86_400_000
const now = new Date('2035-03-20T12:00:00Z')
const never = new AbortController().signal

let t: TestContext
before(async () => {
  t = await testContext({ now: () => now })
})
after(() => t.close())
beforeEach(async () => {
  await t.ctx.sql`delete from provider_events`
})

/** Stored events, oldest first, each made `days` before now; all due. */
async function arrived(...ages_days: readonly number[]): Promise<string[]> {
  const ids: string[] = []
  for (const days of ages_days) {
    const received_at = new Date(now.getTime() - days * day_ms)
    const id = firstIdAt('provider_event', received_at)
    await insertEvent(t.ctx.sql, { id, gateway_id: 408, headers: {}, body: '{}', tries: 0, received_at }, received_at)
    ids.push(id)
  }
  return ids
}

async function left(): Promise<string[]> {
  return (await t.ctx.sql<{ id: string }[]>`select id from provider_events order by id`).map(({ id }) => id)
}

test('events are forgotten after 30 days, whatever became of them; one that waits to be read is not', async () => {
  const [handled, refused, failed, waiting, young] = (await arrived(400, 90, 31, 30.1, 29.9)) as [
    string,
    string,
    string,
    string,
    string,
  ]
  await finishEvent(t.ctx.sql, handled, 'handled', 'approved', now)
  await finishEvent(t.ctx.sql, refused, 'refused', 'not genuine', now)
  await finishEvent(t.ctx.sql, failed, 'failed', 'a fault', now)
  await finishEvent(t.ctx.sql, young, 'handled', 'approved', now)
  await clearOldEvents(t.ctx, never)
  assert.deepEqual(await left(), [waiting, young])
  await finishEvent(t.ctx.sql, waiting, 'handled', 'late', now)
  await clearOldEvents(t.ctx, never)
  assert.deepEqual(await left(), [young])
})

test('more than a batch goes in one round; a worker that stops begins none', async () => {
  const ids = Array.from({ length: 2500 }, (_, index) =>
    firstIdAt('provider_event', new Date(1_000_000_000_000 + index)),
  )
  await t.ctx.sql`
    insert into provider_events (id, gateway_id, headers, body, received_at)
    select id, 408, '{}', '', ${now} from unnest(${ids}::text[]) as given (id)`
  const far = (await arrived(1)) as [string]
  await clearOldEvents(t.ctx, AbortSignal.abort())
  assert.equal((await left()).length, 2501)
  await clearOldEvents(t.ctx, never)
  assert.deepEqual(await left(), far)
})
