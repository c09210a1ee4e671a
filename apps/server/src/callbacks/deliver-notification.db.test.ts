/** The second way of telling a merchant: notifications of shops. Card API contract, 16. */
import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { after, before, test } from 'node:test'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { createShop } from '../accounts/create-shop.ts'
import { rotateShopKeys, rotateShopSecret } from '../accounts/rotate-shop.ts'
import type { Shop } from '../accounts/shop.ts'
import type { Context } from '../context.ts'
import type { Events } from '../events.ts'
import type { ClaimedCallback } from './callback-event.ts'
import { deliverCallback } from './deliver-callback.ts'
import { notificationId } from './notification-request.ts'
import { resendCallback } from './resend-callback.ts'
import { resendNewest } from './resend-newest.ts'
import { nextNotificationAt } from './rules/retry-delay.ts'
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
import { claimEventsInLine, claimNewEvents } from './table.ts'

// One clock for the worker and the database's due times; every test moves it on as it needs.
let now_ms = Date.parse('2026-03-01T12:00:00.250Z')
const now = () => new Date(now_ms)
const lease_ms = 90_000
const never = new AbortController().signal

let t: TestContext
let shop: Shop
let secret: string
const receivers: Receiver[] = []
before(async () => {
  t = await testContext({ now })
  const account = await sampleAccount(t.ctx, { callback_attempts_max: 1 })
  const made = await createShop(t.ctx, account.id, { name: 'Told' })
  assert.ok(made)
  shop = made.shop
  secret = made.secret
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
async function claim(): Promise<ClaimedCallback> {
  const lease = { now: now(), leased_until: new Date(now_ms + lease_ms), limit: 10 }
  const [fresh] = await claimNewEvents(t.ctx.sql, lease)
  if (fresh) return fresh
  const [row] = await t.ctx.sql<{ origin: string }[]>`select origin from callback_events where due_at <= ${now()}`
  const [waiting] = await claimEventsInLine(t.ctx.sql, { ...lease, origin: row?.origin ?? '' })
  assert.ok(waiting, 'an event is due')
  return waiting
}

async function due(url: string, event: { body?: string; subject_id?: string; test_mode?: boolean } = {}) {
  const [id = ''] = await writeEvents(t.ctx, shop.account_id, [{ url, shop_id: shop.shop_id, ...event }])
  return id
}

const end = (id: string) => t.ctx.sql`update callback_events set due_at = null where id = ${id}`

async function keptAnswers(id: string): Promise<(string | null)[]> {
  const rows = await t.ctx.sql<{ response_text: string | null }[]>`
    select response_text from callback_attempts where event_id = ${id} order by number`
  return rows.map(({ response_text }) => response_text)
}

function isSigned({ headers, body }: Got, public_key: string): boolean {
  const key = createPublicKey({ key: Buffer.from(public_key, 'base64'), format: 'der', type: 'spki' })
  return verify('sha256', body, key, Buffer.from(String(headers['content-signature']), 'base64'))
}

const basic = (password: string): string => `Basic ${Buffer.from(`${shop.shop_id}:${password}`).toString('base64')}`

test('the request has the stored body byte for byte, the headers of the contract and nothing of the other way', async () => {
  const merchant = await receiver(answering(200))
  const body = '{"transaction":{"uid":"u","amount":100,"name":"Київ \\u0000 \u{1f642}  "}}'
  const id = await due(merchant.url, { body })
  assert.equal(await deliverCallback(t.ctx, await claim(), never), true)
  const [got] = merchant.got
  assert.ok(got)
  assert.deepEqual([got.method, String(got.body)], ['POST', body])
  const { host, connection, 'content-length': length, 'content-signature': signature, ...headers } = got.headers
  assert.deepEqual(headers, {
    'content-type': 'application/json',
    'user-agent': 'Cascad-Callback/1',
    authorization: basic(secret),
    'x-notification-id': notificationId(id),
    'x-notification-attempt': '1',
  })
  assert.equal(length, String(Buffer.byteLength(body)))
  assert.ok(isSigned(got, shop.public_key))
  for (const at of [0, 10, got.body.length - 1]) {
    const changed: Buffer = Buffer.from(got.body)
    changed[at] = (changed[at] ?? 0) ^ 1
    assert.equal(isSigned({ ...got, body: changed }, shop.public_key), false)
  }
  assert.equal((await readEvent(t.ctx, id)).status, 'done')
})

test('the id is a UUID, another one for every event', () => {
  const ids = ['evt_0000000000000001', 'evt_0000000000000002', 'evt_00000000000zzzzz'].map(notificationId)
  assert.equal(new Set(ids).size, 3)
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

for (const status of [201, 202, 204, 301, 302, 307, 400, 401, 404, 410, 429, 500, 503]) {
  test(`an answer ${status} fails, and the notification comes again within its bounds`, async () => {
    const elsewhere = await receiver(answering(200))
    const merchant = await receiver((response) => response.writeHead(status, { location: elsewhere.url }).end())
    const id = await due(merchant.url)
    assert.equal(await deliverCallback(t.ctx, await claim(), never), false)
    const { status: stands, attempts, response_code, due_at } = await readEvent(t.ctx, id)
    assert.deepEqual([stands, attempts, response_code], ['queued', 1, status])
    const pause_s = ((due_at?.getTime() ?? 0) - now_ms) / 1000
    assert.ok(pause_s >= 8 && pause_s <= 66, `${pause_s}`)
    assert.equal(elsewhere.got.length, 0)
    await end(id)
  })
}

test('no answer is a failed attempt: refused, cut, refused by the guard', async () => {
  const cut = await receiver((response) => void response.socket?.resetAndDestroy())
  for (const url of [
    await deadUrl(),
    cut.url,
    'http://10.0.0.1/',
    'http://169.254.169.254/',
    'http://shop.internal/',
  ]) {
    const id = await due(url)
    assert.equal(await deliverCallback(t.ctx, await claim(), never), false, url)
    const event = await readEvent(t.ctx, id)
    assert.deepEqual([event.status, event.attempts, event.response_code], ['queued', 1, null], url)
    await end(id)
  }
})

test('the guard looks before every attempt, and sees what is no longer allowed', async () => {
  const merchant = await receiver(answering(500))
  const id = await due(merchant.url, { test_mode: false })
  await deliverCallback(t.ctx, await claim(), never)
  now_ms += 66_000
  const production = { ...t.ctx, config: { ...t.ctx.config, allow_private_targets: false } }
  await deliverCallback(production, await claim(), never)
  assert.equal(merchant.got.length, 1)
  assert.deepEqual([(await readEvent(t.ctx, id)).attempts, (await readEvent(t.ctx, id)).response_code], [2, null])
  await end(id)
})

test('it may take ten seconds in all, in both modes', async () => {
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
    const id = await due('http://127.0.0.1:9/', { test_mode })
    await deliverCallback(silent, await claim(), never)
    await end(id)
  }
  assert.deepEqual(limits, [
    [10_000, 10_000, 10_000, 'public'],
    [10_000, 10_000, 10_000, 'public'],
  ])
})

test('there are sixteen attempts whatever the account says, each in time, then it has failed and somebody is told', async () => {
  const alarms: unknown[] = []
  const events: Events = { ...t.ctx.events, alarm: (what, facts) => void alarms.push({ what, ...facts }) }
  const ctx = { ...t.ctx, events }
  const merchant = await receiver(answering(500))
  const id = await due(merchant.url)
  for (let attempt = 1; attempt <= 16; attempt += 1) {
    assert.deepEqual(alarms, [])
    await deliverCallback(ctx, await claim(), never)
    const event = await readEvent(t.ctx, id)
    assert.deepEqual([event.status, event.attempts], [attempt === 16 ? 'failed' : 'queued', attempt])
    if (attempt === 16) assert.equal(event.due_at, null)
    else {
      assert.ok(event.due_at && event.due_at.getTime() >= (nextNotificationAt(attempt, now_ms, 0) ?? 0))
      assert.ok(event.due_at.getTime() <= (nextNotificationAt(attempt, now_ms, 1 - Number.EPSILON) ?? 0))
      now_ms = event.due_at.getTime()
    }
  }
  const { account_id, shop_id } = shop
  assert.deepEqual(alarms, [
    { what: 'notification given up', account_id, shop_id, event_id: id, response_code: 500, error: null },
  ])
  assert.deepEqual(
    merchant.got.map(({ headers }) => headers['x-notification-attempt']),
    Array.from({ length: 16 }, (_, index) => String(index + 1)),
  )
  assert.equal(new Set(merchant.got.map(({ headers }) => headers['x-notification-id'])).size, 1)
  assert.equal(new Set(merchant.got.map(({ body }) => String(body))).size, 1)

  const [resent, last] = [await resendCallback(ctx, id), merchant.got.at(-1)]
  assert.equal(resent.type === 'tried' && resent.tried.delivered, false)
  assert.equal(last?.headers['x-notification-attempt'], '16')
  assert.equal(alarms.length, 1)
})

test('a worker that dies in mid-delivery leaves it to another, who sends it with the same id', async () => {
  const merchant = await receiver((response) => {
    // The first request is never answered: its sender dies.
    if (merchant.got.length > 1) response.writeHead(200).end()
  })
  const id = await due(merchant.url)
  const dying = new AbortController()
  const { sender } = t.ctx
  const dead: Context = {
    ...t.ctx,
    sender: {
      ...sender,
      async send(request) {
        void sender.send(request)
        await merchant.came(1)
        dying.abort()
        return { type: 'unknown', detail: 'the process ended' }
      },
    },
  }
  assert.equal(await deliverCallback(dead, await claim(), dying.signal), null)
  assert.equal((await readEvent(t.ctx, id)).attempts, 0)
  now_ms += lease_ms + 1
  assert.equal(await deliverCallback(t.ctx, await claim(), never), true)
  const [first, second] = merchant.got
  assert.equal(second?.headers['x-notification-id'], first?.headers['x-notification-id'])
  assert.deepEqual(second?.body, first?.body)
  assert.deepEqual([(await readEvent(t.ctx, id)).status, (await readEvent(t.ctx, id)).attempts], ['done', 1])
})

test('a retry carries the secret and the signature of the time it is sent', async () => {
  const merchant = await receiver((response, { headers }) =>
    response.writeHead(headers['x-notification-attempt'] === '1' ? 500 : 200).end(),
  )
  await due(merchant.url)
  await deliverCallback(t.ctx, await claim(), never)
  const old_key = shop.public_key
  secret = (await rotateShopSecret(t.ctx, shop.shop_id)) ?? ''
  shop = { ...shop, public_key: (await rotateShopKeys(t.ctx, shop.shop_id)) ?? '' }
  now_ms += 66_000
  await deliverCallback(t.ctx, await claim(), never)
  const [first, second] = merchant.got
  assert.ok(first && second)
  assert.deepEqual([isSigned(first, old_key), isSigned(first, shop.public_key)], [true, false])
  assert.deepEqual([isSigned(second, old_key), isSigned(second, shop.public_key)], [false, true])
  assert.equal(second.headers.authorization, basic(secret))
})

test('the first KiB of an answer is kept, however long it is and however it ends', async () => {
  const answers: [answer: (response: ServerResponse) => void, kept: string | null][] = [
    [(response) => response.end(), null],
    [(response) => response.end('thanks'), 'thanks'],
    [(response) => response.end('x'.repeat(100_000)), 'x'.repeat(1024)],
    [(response) => void response.write('y'.repeat(2_000)), 'y'.repeat(1024)],
    [(response) => response.end('got 4200000000000000'), 'got [number]'],
    [
      (response) => {
        response.writeHead(200, { 'content-length': '100' }).write('half')
        setImmediate(() => response.socket?.resetAndDestroy())
      },
      'half',
    ],
  ]
  for (const [answer, kept] of answers) {
    const merchant = await receiver((response) => answer(response))
    const id = await due(merchant.url)
    assert.equal(await deliverCallback(t.ctx, await claim(), never), true)
    assert.deepEqual(await keptAnswers(id), [kept])
  }
})

test('the newest notification of a transaction is sent once more, also to a shop that had got it', async () => {
  const merchant = await receiver(answering(200))
  const subject_id = '019a0000-0000-7000-8000-000000000001'
  for (const body of ['{"n":1}', '{"n":2}']) {
    await due(merchant.url, { subject_id, body })
    await deliverCallback(t.ctx, await claim(), never)
  }
  assert.equal(await resendNewest(t.ctx, shop.account_id, subject_id), true)
  await deliverCallback(t.ctx, await claim(), never)
  const [, second, third, ...more] = merchant.got
  assert.deepEqual([String(third?.body), more.length], ['{"n":2}', 0])
  assert.equal(third?.headers['x-notification-id'], second?.headers['x-notification-id'])
  assert.deepEqual([second?.headers['x-notification-attempt'], third?.headers['x-notification-attempt']], ['1', '2'])
})

test('one that waits for its retry comes now, and its retries go on', async () => {
  const merchant = await receiver(answering(500))
  const subject_id = '019a0000-0000-7000-8000-000000000002'
  const id = await due(merchant.url, { subject_id })
  await deliverCallback(t.ctx, await claim(), never)
  assert.equal(await resendNewest(t.ctx, shop.account_id, subject_id), true)
  await deliverCallback(t.ctx, await claim(), never)
  const event = await readEvent(t.ctx, id)
  assert.deepEqual([event.status, event.attempts, event.manual_attempts], ['queued', 2, 0])
  assert.ok(event.due_at && event.due_at.getTime() >= now_ms + 64_000)
  await end(id)
})

test("nothing is sent again that never was, that is another account's, or whose body is gone", async () => {
  const merchant = await receiver(answering(200))
  const subject_id = '019a0000-0000-7000-8000-000000000003'
  const id = await due(merchant.url, { subject_id })
  await deliverCallback(t.ctx, await claim(), never)
  const other = await sampleAccount(t.ctx)
  assert.equal(await resendNewest(t.ctx, shop.account_id, 'unheard of'), false)
  assert.equal(await resendNewest(t.ctx, other.id, subject_id), false)
  await t.ctx.sql`update callback_events set body = null where id = ${id}`
  assert.equal(await resendNewest(t.ctx, shop.account_id, subject_id), false)
  assert.equal(merchant.got.length, 1)
})
