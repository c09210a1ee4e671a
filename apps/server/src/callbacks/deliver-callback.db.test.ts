import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { after, before, test } from 'node:test'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import type { AccountOptions } from '../accounts/account.ts'
import { saveModeKeys } from '../accounts/save-keys.ts'
import type { Context } from '../context.ts'
import type { ClaimedCallback, NewCallbackEvent } from './callback-event.ts'
import { deliverCallback } from './deliver-callback.ts'
import {
  answering,
  deadUrl,
  type Got,
  type Receiver,
  readEvent,
  sampleAccount,
  startReceiver,
  writeEvents,
} from './sample-callbacks.ts'
import { standardSignature, xSignature } from './sign-callback.ts'
import { claimEventsInLine, claimNewEvents } from './table.ts'

// One clock for the worker and the database's due times; every test moves it on as it needs.
let now_ms = Date.parse('2026-03-01T12:00:00.250Z')
const now = () => new Date(now_ms)
const lease_ms = 90_000
const interval_ms = 60_000
const never = new AbortController().signal

let t: TestContext
const receivers: Receiver[] = []
before(async () => {
  t = await testContext({ now, config: { callback_interval_ms: interval_ms } })
})
after(async () => {
  await Promise.all(receivers.map((receiver) => receiver.close()))
  await t.close()
})

async function receiver(answer: (response: ServerResponse, got: Got) => void): Promise<Receiver> {
  const made = await startReceiver(answer)
  receivers.push(made)
  return made
}

/** Leases the one event that is due. */
async function claim(ctx: Context = t.ctx): Promise<ClaimedCallback> {
  const lease = { now: now(), leased_until: new Date(now_ms + lease_ms), limit: 10 }
  const [fresh] = await claimNewEvents(ctx.sql, lease)
  if (fresh) return fresh
  const [row] = await ctx.sql<{ origin: string }[]>`select origin from callback_events where due_at <= ${now()}`
  const [waiting] = await claimEventsInLine(ctx.sql, { ...lease, origin: row?.origin ?? '' })
  assert.ok(waiting, 'an event is due')
  return waiting
}

async function due(url: string, event: Partial<NewCallbackEvent> = {}, options: Partial<AccountOptions> = {}) {
  const account = await sampleAccount(t.ctx, options)
  const [id = ''] = await writeEvents(t.ctx, account.id, [{ url, ...event }])
  return { account, id }
}

type AttemptRow = {
  readonly number: number
  readonly manual: boolean
  readonly response_code: number | null
  readonly error: string | null
  readonly url: string
}

async function attemptsOf(id: string): Promise<AttemptRow[]> {
  const rows = await t.ctx.sql<AttemptRow[]>`
    select number, manual, response_code, error, url from callback_attempts where event_id = ${id} order by number`
  return [...rows]
}

test('the request has the stored body byte for byte, the headers of the contract and both signatures', async () => {
  const shop = await receiver(answering(200))
  const body = '{"data":{"amount":100.10,"text":"Київ \\u0000 \u{1f642}  ","n":1e2}}'
  const { account, id } = await due(shop.url, { body })
  assert.equal(await deliverCallback(t.ctx, await claim(), never), true)
  const [got] = shop.got
  assert.equal(got?.method, 'POST')
  assert.deepEqual(got?.body, Buffer.from(body))
  const timestamp = String(Math.floor(now_ms / 1000))
  const { host, connection, 'content-length': length, ...headers } = got?.headers ?? {}
  assert.deepEqual(headers, {
    'content-type': 'application/json',
    'user-agent': 'Cascad-Callback/1',
    'x-signature': xSignature(account.test_key, body),
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': standardSignature(account.test_key, id, timestamp, body),
    'retry-count': '1',
    'next-retry': String(Number(timestamp) + 60),
  })
  assert.equal(length, String(Buffer.byteLength(body)))
})

test('a live event is signed with the live key, and the key is the one of the time of sending', async () => {
  const shop = await receiver(answering(200))
  const { account, id } = await due(shop.url, { test_mode: false })
  await saveModeKeys(t.ctx, account.id, false, { public_key: 'pk_live_new', private_key: 'sk_live_new' })
  await deliverCallback(t.ctx, await claim(), never)
  assert.equal(shop.got[0]?.headers['x-signature'], xSignature('sk_live_new', '{"data":{}}'))
  assert.equal((await readEvent(t.ctx, id)).status, 'done')
})

for (const status of [200, 201, 204, 299]) {
  test(`an answer ${status} delivers`, async () => {
    const shop = await receiver(answering(status))
    const { id } = await due(shop.url)
    assert.equal(await deliverCallback(t.ctx, await claim(), never), true)
    const { due_at, processed_at, ...event } = await readEvent(t.ctx, id)
    assert.deepEqual([event.status, event.attempts, event.response_code, due_at], ['done', 1, status, null])
    assert.deepEqual(processed_at, now())
    assert.deepEqual(await attemptsOf(id), [
      { number: 1, manual: false, response_code: status, error: null, url: shop.url },
    ])
  })
}

for (const status of [301, 302, 307, 304, 400, 401, 404, 410, 429, 500, 503]) {
  test(`an answer ${status} fails, and the event comes again`, async () => {
    const elsewhere = await receiver(answering(200))
    const shop = await receiver((response) => response.writeHead(status, { location: elsewhere.url }).end())
    const { id } = await due(shop.url)
    assert.equal(await deliverCallback(t.ctx, await claim(), never), false)
    const event = await readEvent(t.ctx, id)
    assert.deepEqual([event.status, event.attempts, event.response_code], ['queued', 1, status])
    assert.deepEqual(event.due_at, new Date(now_ms + interval_ms))
    assert.equal(elsewhere.got.length, 0)
    await t.ctx.sql`update callback_events set due_at = null where id = ${id}`
  })
}

test('a long or endless answer body is no failure', async () => {
  const shop = await receiver((response) => {
    response.writeHead(200)
    response.write('x'.repeat(200_000))
  })
  const { id } = await due(shop.url)
  assert.equal(await deliverCallback(t.ctx, await claim(), never), true)
  assert.equal((await readEvent(t.ctx, id)).status, 'done')
})

test('no answer is a failed attempt without a code: refused, cut, refused by the guard', async () => {
  const cut = await receiver((response) => void response.socket?.resetAndDestroy())
  for (const url of [
    await deadUrl(),
    cut.url,
    'http://10.0.0.1/',
    'http://169.254.169.254/latest',
    'http://shop.internal/',
  ]) {
    const { id } = await due(url)
    assert.equal(await deliverCallback(t.ctx, await claim(), never), false, url)
    const event = await readEvent(t.ctx, id)
    assert.deepEqual([event.status, event.attempts, event.response_code], ['queued', 1, null], url)
    assert.notEqual((await attemptsOf(id))[0]?.error, null, url)
    await t.ctx.sql`update callback_events set due_at = null where id = ${id}`
  }
})

test('in production neither loopback nor plain http of a live event is sent', async () => {
  const shop = await receiver(answering(200))
  const production = { ...t.ctx, config: { ...t.ctx.config, allow_private_targets: false } }
  for (const url of [shop.url, 'http://shop.example.com/']) {
    const { id } = await due(url, { test_mode: false })
    assert.equal(await deliverCallback(production, await claim(), never), false)
    assert.match((await attemptsOf(id))[0]?.error ?? '', /^target_refused/)
    await t.ctx.sql`update callback_events set due_at = null where id = ${id}`
  }
  assert.equal(shop.got.length, 0)
})

test('the time limits are those of the mode', async () => {
  const limits: unknown[] = []
  const silent: Context = {
    ...t.ctx,
    sender: {
      ...t.ctx.sender,
      async send({ connect_timeout_ms, read_timeout_ms, total_timeout_ms, guard }) {
        limits.push([connect_timeout_ms, read_timeout_ms, total_timeout_ms, guard])
        return { type: 'unknown', detail: 'read_timeout' }
      },
    },
  }
  for (const test_mode of [true, false]) {
    const { id } = await due('http://127.0.0.1:9/', { test_mode })
    await deliverCallback(silent, await claim(), never)
    const event = await readEvent(t.ctx, id)
    assert.deepEqual(
      [event.status, event.response_code, event.due_at],
      ['queued', null, new Date(now_ms + interval_ms)],
    )
    await t.ctx.sql`update callback_events set due_at = null where id = ${id}`
  }
  assert.deepEqual(limits, [
    [10_000, 10_000, 20_000, 'public'],
    [20_000, 20_000, 60_000, 'public'],
  ])
})

test('retries go on to the limit of the account, each later than the one before, and then the event has failed', async () => {
  const shop = await receiver(answering(500))
  const { id } = await due(shop.url, { body: '{"a":1.00}' }, { callback_attempts_max: 3 })
  for (const attempt of [1, 2, 3]) {
    await deliverCallback(t.ctx, await claim(), never)
    const event = await readEvent(t.ctx, id)
    const last = attempt === 3
    assert.deepEqual([event.status, event.attempts], [last ? 'failed' : 'queued', attempt])
    assert.deepEqual(event.due_at, last ? null : new Date(now_ms + attempt * interval_ms))
    now_ms += attempt * interval_ms
  }
  assert.deepEqual(
    shop.got.map(({ headers }) => headers['retry-count']),
    ['1', '2', '3'],
  )
  assert.deepEqual(
    shop.got.map(({ headers }) => headers['next-retry'] === '0'),
    [false, false, true],
  )
  assert.equal(new Set(shop.got.map(({ headers }) => headers['webhook-id'])).size, 1)
  assert.equal(new Set(shop.got.map(({ headers }) => headers['webhook-signature'])).size, 3)
  assert.deepEqual([...new Set(shop.got.map(({ body }) => String(body)))], ['{"a":1.00}'])
  assert.deepEqual(
    (await attemptsOf(id)).map(({ number }) => number),
    [1, 2, 3],
  )
})

test('the lease of a worker that died runs out, and the event is sent by another', async () => {
  const shop = await receiver(answering(200))
  const { id } = await due(shop.url)
  const lost = await claim()
  const lease = { now: now(), leased_until: new Date(now_ms + lease_ms), limit: 10 }
  assert.equal((await claimNewEvents(t.ctx.sql, lease)).length, 0)
  now_ms += lease_ms + 1
  const found = await claim()
  assert.equal(found.id, lost.id)
  assert.equal(await deliverCallback(t.ctx, found, never), true)
  assert.equal((await readEvent(t.ctx, id)).attempts, 1)
})

test('a worker whose lease has run out writes nothing down', async () => {
  const shop = await receiver(answering(500))
  const { id } = await due(shop.url)
  const slow = await claim()
  now_ms += lease_ms + 1
  const quick = await claim()
  // Its clock stands still where it took the lease.
  const past = { ...t.ctx, now: () => new Date(now_ms - lease_ms - 1) }
  await deliverCallback(past, slow, never)
  assert.equal((await readEvent(t.ctx, id)).attempts, 0)
  await deliverCallback(t.ctx, quick, never)
  assert.equal((await readEvent(t.ctx, id)).attempts, 1)
  assert.equal((await attemptsOf(id)).length, 1)
  await t.ctx.sql`update callback_events set due_at = null where id = ${id}`
})

test('nothing is sent when the lease would end on the way', async () => {
  const shop = await receiver(answering(200))
  const { id } = await due(shop.url)
  const event = await claim()
  now_ms += lease_ms - 10_000
  assert.equal(await deliverCallback(t.ctx, event, never), null)
  assert.equal(shop.got.length, 0)
  assert.deepEqual([(await readEvent(t.ctx, id)).status, (await readEvent(t.ctx, id)).attempts], ['queued', 0])
})
