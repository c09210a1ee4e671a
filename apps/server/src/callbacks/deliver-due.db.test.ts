import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { connect } from '../database/connect.ts'
import type { RunningWork } from '../jobs/run-due-work.ts'
import { deliverDue } from './deliver-due.ts'
import { roomAtFirst } from './rules/origin-room.ts'
import {
  allEnded,
  answering,
  deadUrl,
  type Receiver,
  readEvent,
  sampleAccount,
  startReceiver,
  writeEvents,
} from './sample-callbacks.ts'
import { claimEventsInLine, claimNewEvents, putInLine, selectDueLines } from './table.ts'

let t: TestContext
let account: string
let open: { close: () => Promise<void> }[]
let running: RunningWork[]

before(async () => {
  t = await testContext({ config: { callback_interval_ms: 20 } })
  account = (await sampleAccount(t.ctx, { callback_attempts_max: 3 })).id
})
beforeEach(async () => {
  open = []
  running = []
  await t.ctx.sql`truncate callback_events, callback_attempts`
  t.ctx.events.registry.resetMetrics()
})
afterEach(async () => {
  // Hanging deliveries end with their receivers; so the workers need not wait for them.
  await Promise.all(open.map((one) => one.close()))
  await Promise.all(running.map((work) => work.stop()))
})
after(() => t.close())

const work = (): void => void running.push(deliverDue(t.ctx))

async function receiver(answer: Parameters<typeof startReceiver>[0]): Promise<Receiver> {
  const made = await startReceiver(answer)
  open.push(made)
  return made
}

const repeat = (count: number, url: string) => Array.from({ length: count }, () => ({ url }))

async function counts(): Promise<Record<string, number>> {
  const rows = await t.ctx.sql<{ what: string; count: number }[]>`
    select status || ' ' || attempts as what, count(*)::int as count from callback_events group by 1`
  return Object.fromEntries(rows.map(({ what, count }) => [what, count]))
}

test('500 events to an endpoint that never answers do not stand in front of 20 to a good one', async () => {
  const dead = await receiver(() => {})
  const good = await receiver(answering(200))
  await writeEvents(t.ctx, account, repeat(500, dead.url))
  const ids = await writeEvents(t.ctx, account, repeat(20, good.url))
  work()
  await good.came(20)
  assert.ok(dead.got.length <= roomAtFirst, `${dead.got.length} deliveries to the dead one`)
  assert.deepEqual(good.got.map(({ headers }) => headers['webhook-id']).sort(), ids)
})

test('nor do 500 to one that refuses every connection; they end as failed with every attempt made', async () => {
  const dead = await deadUrl()
  const good = await receiver(answering(200))
  await writeEvents(t.ctx, account, repeat(500, dead))
  await writeEvents(t.ctx, account, repeat(20, good.url))
  work()
  await good.came(20)
  await allEnded(t.ctx)
  assert.deepEqual(await counts(), { 'failed 3': 500, 'done 1': 20 })
  assert.equal(good.got.length, 20)
})

test('nor do hundreds of endpoints that never answer, whether their events are fresh or wait in line', async () => {
  const dead = await receiver(() => {})
  const good = await receiver(answering(200))
  const { port } = new URL(dead.url)
  const deadUrls = Array.from({ length: 250 }, (_, i) => `http://dead-${i}.localhost:${port}/`)
  for (const url of deadUrls) await writeEvents(t.ctx, account, repeat(12, url))
  await writeEvents(t.ctx, account, repeat(20, good.url))
  work()
  await good.came(20)
  await t.ctx.sql`update callback_events set in_line = true where status = 'queued' and leased_until is null`
  await writeEvents(t.ctx, account, repeat(200, good.url))
  await good.came(220)
  assert.ok(dead.got.length < 250 * 12, 'the dead ones have been offered everything')
})

test('a burst to one endpoint is delivered whole, each event once, never more at a time than there is room', async () => {
  let now = 0
  let most = 0
  const shop = await receiver((response) => {
    now += 1
    most = Math.max(most, now)
    setTimeout(() => {
      now -= 1
      response.writeHead(200).end()
    }, 5)
  })
  const ids = await writeEvents(t.ctx, account, repeat(300, shop.url))
  work()
  await allEnded(t.ctx)
  assert.deepEqual(shop.got.map(({ headers }) => headers['webhook-id']).sort(), ids)
  assert.deepEqual(await counts(), { 'done 1': 300 })
  assert.ok(most <= 64, `${most} at a time`)
})

test('several workers deliver every event once, and none at the same time', async () => {
  const inHand = new Set<string>()
  const twice: string[] = []
  const shop = await receiver((response, { headers }) => {
    const id = String(headers['webhook-id'])
    if (inHand.has(id)) twice.push(id)
    inHand.add(id)
    setTimeout(() => {
      inHand.delete(id)
      response.writeHead(200).end()
    }, 10)
  })
  const failing = await receiver((response, got) =>
    response.writeHead(got.headers['retry-count'] === '1' ? 503 : 200).end(),
  )
  const ids = await writeEvents(t.ctx, account, [...repeat(200, shop.url), ...repeat(50, failing.url)])
  work()
  work()
  work()
  await allEnded(t.ctx)
  assert.deepEqual(twice, [])
  const metrics = await t.ctx.events.registry.getMetricsAsJSON()
  assert.deepEqual(metrics.find(({ name }) => name === 'cascad_faults_total')?.values, [])
  assert.equal(shop.got.length, 200)
  assert.equal(failing.got.length, 100)
  assert.equal(new Set([...shop.got, ...failing.got].map(({ headers }) => headers['webhook-id'])).size, ids.length)
})

test('an old event that keeps failing does not hold back newer ones of the same endpoint', async () => {
  const shop = await receiver((response, { body }) => response.writeHead(String(body) === '"bad"' ? 500 : 200).end())
  const [bad = ''] = await writeEvents(t.ctx, account, [{ url: shop.url, body: '"bad"' }])
  work()
  await shop.came(1)
  const [newer = ''] = await writeEvents(t.ctx, account, [{ url: shop.url }])
  await allEnded(t.ctx)
  assert.equal((await readEvent(t.ctx, newer)).status, 'done')
  assert.deepEqual([(await readEvent(t.ctx, bad)).status, (await readEvent(t.ctx, bad)).attempts], ['failed', 3])
})

test('a worker that is stopped ends what it has begun', async () => {
  const begun = Promise.withResolvers<void>()
  const shop = await receiver((response) => {
    begun.resolve()
    setTimeout(() => response.writeHead(200).end(), 100)
  })
  const [id = ''] = await writeEvents(t.ctx, account, [{ url: shop.url }])
  work()
  await begun.promise
  await running[0]?.stop()
  assert.equal((await readEvent(t.ctx, id)).status, 'done')
})

test('an event of an account without keys is not lost: it waits for its lease to end', async () => {
  const shop = await receiver(answering(200))
  const other = await sampleAccount(t.ctx)
  await t.ctx.sql`delete from account_keys where account_id = ${other.id}`
  const [id = ''] = await writeEvents(t.ctx, other.id, [{ url: shop.url }])
  const [marker = ''] = await writeEvents(t.ctx, account, [{ url: shop.url }])
  work()
  await shop.came(1)
  assert.equal(shop.got[0]?.headers['webhook-id'], marker)
  const event = await readEvent(t.ctx, id)
  assert.deepEqual([event.status, event.attempts], ['queued', 0])
})

test('looking through the lines reads one event per line, however long the lines are', async () => {
  const urls = ['http://a.example/', 'http://b.example/', 'http://c.example:8080/']
  for (const url of urls) await writeEvents(t.ctx, account, repeat(3000, url))
  const now = t.ctx.now()
  await writeEvents(t.ctx, account, [{ url: 'http://later.example/', created_at: new Date(now.getTime() + 60_000) }])
  await t.ctx.sql`update callback_events set in_line = true`
  await t.ctx.sql`analyze callback_events`
  const statements: [string, readonly unknown[]][] = []
  const { host, port, database, user, pass } = t.ctx.sql.options
  const url = `postgres://${user}:${encodeURIComponent(String(pass ?? ''))}@${host}:${port}/${database}`
  const watched = connect(url, {
    connections_max: 1,
    application_name: 'test',
    watch: (statement, values) => void statements.push([statement, values]),
  })
  const lines = await selectDueLines(watched, new Date(now.getTime() + 1000))
  await watched.end()
  assert.deepEqual(lines.sort(), ['http://a.example', 'http://b.example', 'http://c.example:8080'])
  const [statement, values] = statements.at(-1) ?? ['', []]
  const [row] = await t.ctx.sql.unsafe(`explain (analyze, format json) ${statement}`, values as string[])
  const plan = JSON.parse(JSON.stringify(row?.['QUERY PLAN']))
  assert.ok(rowsRead(plan) <= 16, JSON.stringify(plan))
})

/** Rows that the index scans of a plan gave or threw away. */
function rowsRead(plan: unknown): number {
  if (Array.isArray(plan)) return plan.reduce((sum: number, part) => sum + rowsRead(part), 0)
  if (plan === null || typeof plan !== 'object') return 0
  const node = plan as Record<string, unknown>
  const number = (name: string): number => Number(node[name] ?? 0)
  const own = /Scan/.test(String(node['Node Type'])) && node['Relation Name'] === 'callback_events'
  const read = own ? (number('Actual Rows') + number('Rows Removed by Filter')) * number('Actual Loops') : 0
  return read + rowsRead(node.Plan) + rowsRead(node.Plans)
}

test('what has no room is put in line once and taken from there, longest waiting first', async () => {
  const now = t.ctx.now()
  const at = (ms: number) => new Date(now.getTime() + ms)
  const ids = await writeEvents(t.ctx, account, [
    { url: 'http://a.example/1', created_at: at(-20) },
    { url: 'http://a.example/2', created_at: at(-30) },
    { url: 'http://b.example/', created_at: at(-10) },
  ])
  const lease = { now, leased_until: at(1000) }
  const fresh = await claimNewEvents(t.ctx.sql, { ...lease, limit: 10 })
  assert.equal(fresh.length, 3)
  assert.deepEqual(await selectDueLines(t.ctx.sql, now), [])
  await putInLine(t.ctx.sql, fresh)
  assert.equal((await claimNewEvents(t.ctx.sql, { ...lease, limit: 10 })).length, 0)
  assert.deepEqual(await selectDueLines(t.ctx.sql, now), ['http://a.example', 'http://b.example'])
  const [first] = await claimEventsInLine(t.ctx.sql, { ...lease, origin: 'http://a.example', limit: 1 })
  assert.equal(first?.id, ids[1])
  assert.deepEqual(await selectDueLines(t.ctx.sql, now), ['http://a.example', 'http://b.example'])
  assert.equal((await claimEventsInLine(t.ctx.sql, { ...lease, origin: 'http://a.example', limit: 9 })).length, 1)
  assert.deepEqual(await selectDueLines(t.ctx.sql, now), ['http://b.example'])
})
