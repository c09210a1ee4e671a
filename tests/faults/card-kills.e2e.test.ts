/** The API dies at every step of a card payment and of a refund: the RequestID finds what it made, and nothing is done twice. */
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { paymentRequest, type ShopClient, shopClient } from '../../apps/server/src/card-api/sample-shop.ts'
import type { Sql } from '../../apps/server/src/database/connect.ts'
import { chargesOf, seen } from '../card-shop.ts'
import { until } from '../product/time.ts'
import { openStage, type Stage } from './stage.ts'

/** Longer than a call may take and than the patience with whoever made it. */
const orphan_s = 30

let stage: Stage
let shop: ShopClient
before(async () => {
  stage = await openStage()
  shop = shopClient({ ctx: stage.product.ctx, url: stage.api.url }, 361)
})
after(() => stage.close())
afterEach(async () => {
  stage.calm()
  if (!stage.api.isUp()) await stage.api.restart()
})

const books = () => ({ sql: stage.sql, simulators: stage.product.simulators })

let requests = 0

/** One request with its RequestID, sent as often as wanted. */
function order(path: string, more: Record<string, unknown> = {}) {
  requests += 1
  const requestid = `order-${requests}`
  const request =
    path === 'payments' || path === 'authorizations'
      ? paymentRequest('4200000000000000', { notification_url: stage.product.shop.url, ...more })
      : more
  const send = () => shop.call('POST', `/transactions/${path}`, { request }, { requestid })
  return {
    send,
    /** Somebody is about to take the RequestID: whoever wants it waits in the middle of the statement that stores the transaction. */
    taken: (sql: Sql) => sql`
      insert into card_request_ids (account_id, shop_id, path, request_id, body_hash, made, created_at)
      select account_id, shop_id, ${`POST /transactions/${path}`}, ${requestid}, '', 'nothing', now() from shops where shop_id = 361`,
    /** Nobody hears the answer: the process that owes it dies. */
    sendInVain: () => send().catch((error: unknown) => error),
    async uid(): Promise<string | null> {
      const [row] = await stage.sql<
        { made: string }[]
      >`select made from card_request_ids where request_id = ${requestid}`
      return row?.made ?? null
    },
  }
}

/** All that was sent is older now, requests too. */
async function passed(): Promise<void> {
  await stage.sql`update card_transactions set created_at = created_at - interval '30 seconds'`
  await stage.pass(orphan_s)
}

async function toldOnce(uid: string): Promise<void> {
  const told = () => stage.product.shop.received.filter(({ body }) => seen({ body: JSON.parse(body) }).uid === uid)
  await until('the notification has come', () => told().length > 0)
  assert.equal(told().length, 1)
}

test('killed before the row is committed: there is nothing, and the request may be sent again', async () => {
  const { send, sendInVain, uid } = order('payments')
  const door = await stage.hold((sql) => sql`lock table card_transactions in exclusive mode`)
  const answer = sendInVain()
  await door.someoneWaits('api')
  await stage.kill(stage.api, 'undone', door)
  assert.ok((await answer) instanceof Error, 'nobody answered')
  await stage.restart(stage.api)
  assert.equal(await uid(), null)
  const got = await send()
  assert.deepEqual([seen(got).status, got.headers.get('idempotent-replayed')], ['successful', null])
  assert.equal((await chargesOf(books(), seen(got).uid)).length, 1)
  await toldOnce(seen(got).uid)
})

test('A19: killed between the row and the call: the same RequestID finds the row, and nothing is charged', async () => {
  const { send, sendInVain, uid, taken } = order('payments')
  const door = await stage.hold(taken)
  void sendInVain()
  await door.someoneWaits('api')
  await stage.kill(stage.api, 'finished', door)
  const made = await uid()
  assert.ok(made)
  await stage.restart(stage.api)
  await passed()
  const got = await send()
  assert.deepEqual([got.status, seen(got).uid, got.headers.get('idempotent-replayed')], [200, made, 'true'])
  assert.equal(seen(got).status, 'failed')
  assert.deepEqual(await chargesOf(books(), made), [])
  await toldOnce(made)
})

for (const [when, statements] of [
  ['during the call', null],
  ['after the answer, before the write', 'undone'],
  ['after the write, before the reply', 'finished'],
] as const) {
  test(`A19: killed ${when}: the same RequestID gives the same payment, charged once`, async () => {
    const { send, sendInVain, uid } = order('payments')
    stage.product.simulators.control.setScript('first', { delay_ms: 700 })
    void sendInVain()
    await until('the gateway is called', () => stage.received('first') === 1)
    const made = (await uid()) ?? ''
    if (statements === null) await stage.kill(stage.api, 'finished')
    else {
      const door = await stage.hold(
        (sql) => sql`select 1 from payments
          where id = (select payment_id from card_transactions where uid = ${made}) for update`,
      )
      await door.someoneWaits('api')
      await stage.kill(stage.api, statements, door)
    }
    await until('the gateway has charged', async () => (await chargesOf(books(), made)).length === 1)
    await stage.restart(stage.api)
    await passed()
    const got = await send()
    assert.deepEqual([got.status, seen(got).uid, seen(got).status], [200, made, 'successful'])
    assert.equal(stage.received('first'), 1)
    assert.equal((await chargesOf(books(), made))[0]?.net_amount, '100')
    await toldOnce(made)
  })
}

test('killed during the call: right after the restart the transaction is there, and it is not sent again', async () => {
  const { send, sendInVain, uid } = order('payments', { tracking_id: 'asked-at-once' })
  stage.product.simulators.control.setScript('first', { delay_ms: 500 })
  void sendInVain()
  await until('the gateway is called', () => stage.received('first') === 1)
  await stage.kill(stage.api, 'finished')
  await stage.restart(stage.api)
  const made = await uid()
  const { body } = await shop.call('GET', '/v2/transactions/tracking_id/asked-at-once')
  assert.deepEqual(
    body.transactions.map((one: { uid: string; status: string }) => [one.uid, one.status]),
    [[made, 'pending']],
  )
  // Past the time of the first request nobody waits for it any more.
  await stage.sql`update card_transactions set created_at = created_at - interval '24 seconds' where uid = ${made}`
  const got = await send()
  assert.deepEqual([got.status, seen(got).uid, seen(got).status], [200, made, 'pending'])
  await passed()
  assert.equal(seen(await send()).status, 'successful')
  assert.equal(stage.received('first'), 1)
})

for (const [path, parents, kind, more] of [
  ['refunds', 'payments', 'refund', { reason: 'Back' }],
  ['captures', 'authorizations', 'capture', {}],
  ['voids', 'authorizations', 'cancel', {}],
] as const) {
  test(`one of the ${path} is ordered, and the API dies before the reply: it is done once`, async () => {
    const parent = seen(await order(parents).send())
    const { send, sendInVain, uid } = order(path, { parent_uid: parent.uid, amount: 100, ...more })
    const door = await stage.hold((sql) => sql`lock table callback_events in exclusive mode`)
    void sendInVain()
    await door.someoneWaits('api')
    const made = (await uid()) ?? ''
    await stage.kill(stage.api, 'undone', door)
    await stage.restart(stage.api)
    await passed()
    const got = await send()
    assert.deepEqual([got.status, seen(got).uid, seen(got).status], [200, made, 'successful'])
    const [charge] = await chargesOf(books(), parent.uid)
    assert.deepEqual(
      charge?.children.map((one) => [one.kind, one.amount, one.status]),
      [[kind, '100', 'approved']],
    )
    await toldOnce(made)
  })
}

test('after all that the books are sound', () => stage.assertSound())
