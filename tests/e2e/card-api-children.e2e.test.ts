/** Captures, voids and refunds whose gateways misbehave, and the notifications of it all, received as a merchant receives them. */
import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'
import { after, afterEach, before, describe, test } from 'node:test'
import { demoShops } from '../../apps/server/demo/shops.ts'
import { findShop } from '../../apps/server/src/accounts/find-shop.ts'
import {
  paymentRequest,
  type ShopAnswer,
  type ShopClient,
  shopClient,
} from '../../apps/server/src/card-api/sample-shop.ts'
import { demoShopSecret } from '../../apps/server/src/demo/seed-shops.ts'
import { verifyLedger } from '../../apps/server/src/ledger/verify.ts'
import { ordinaryScript } from '../../apps/simulators/src/terminals/script.ts'
import { chargesOf, type Hook, type Hooks, openHooks, refused, seen, versions } from '../card-shop.ts'
import { until } from '../product/time.ts'
import { type Answer, startWorld, type World } from '../world.ts'

let world: World
let hooks: Hooks
let shop: ShopClient
before(async () => {
  world = await startWorld()
  hooks = await openHooks()
  shop = shopClient(world, 361)
})
after(async () => {
  await world.close()
  await hooks.close()
})
afterEach(() => {
  hooks.answer = (response) => response.writeHead(200).end()
  world.simulators.control.setScript('first', ordinaryScript)
})

const approved = '4200000000000000'
const books = () => ({ sql: world.ctx.sql, simulators: world.simulators })
const child = (path: string, request: object, headers = {}): Promise<ShopAnswer> =>
  shop.call('POST', `/transactions/${path}`, { request }, headers)

async function parent(path: 'payments' | 'authorizations', more = {}): Promise<Answer> {
  const got = seen(await child(path, paymentRequest(approved, { notification_url: hooks.url, ...more })))
  assert.equal(got.status, 'successful')
  return got
}

async function told(uid: string): Promise<Hook> {
  await until('the notification has come', () => hooks.about(uid).length > 0)
  return hooks.about(uid)[0] as Hook
}

const statusTold = ({ body }: Hook): string => seen({ body: JSON.parse(body) }).status

// All wait for the same slow gateway, so they wait together; each parent was charged before.
describe('a gateway that does not answer about a child', () => {
  const kinds = [
    ['captures', 'authorizations', 'capture', {}],
    ['voids', 'authorizations', 'cancel', {}],
    ['refunds', 'payments', 'refund', { reason: 'Back' }],
  ] as const
  for (const answer of ['timeout_after', 'timeout_before', 'error_after'] as const) {
    test(`${answer}: pending, counted as used, asked about, done at most once`, async () => {
      const parents = await Promise.all(kinds.map(([, path]) => parent(path)))
      world.simulators.control.setScript('first', { captures: answer, cancels: answer, refunds: answer })
      const answers = await Promise.all(
        kinds.map(([path, , , more], i) => child(path, { parent_uid: parents[i].uid, amount: 60, ...more })),
      )
      // A gateway that gives up holds as a whole only, wants the whole.
      const done = answers.map((one, i) => ({ one, i })).filter(({ one }) => one.status === 200)
      assert.ok(done.length >= 2, JSON.stringify(answers.map(({ body }) => body)))
      for (const { one, i } of done) {
        const { status, code } = seen(one)
        assert.ok(['pending', 'successful'].includes(status), status)
        if (status !== 'pending') continue
        assert.equal(code, 'P.9999')
        const [path, , , more] = kinds[i] as (typeof kinds)[number]
        const over = await child(path, { parent_uid: parents[i].uid, amount: 100, ...more })
        assert.equal(over.status, 422, 'what is not known counts as used')
      }
      world.simulators.control.setScript('first', ordinaryScript)
      for (const { one, i } of done) {
        const got = seen(one)
        const [, , kind] = kinds[i] as (typeof kinds)[number]
        const parent_uid = parents[i].uid
        await until('the child has ended', async () => {
          await world.ctx.sql`update operations set due_at = now() where due_at > now() and leased_until is null`
          return seen(await shop.call('GET', `/transactions/${got.uid}`)).status !== 'pending'
        })
        const end = seen(await shop.call('GET', `/transactions/${got.uid}`))
        const [charge] = await chargesOf(books(), parent_uid)
        const orders = charge?.children.filter((one) => one.kind === kind && one.status === 'approved') ?? []
        assert.equal(orders.length, end.status === 'successful' ? 1 : 0, JSON.stringify(charge))
        assert.equal(statusTold(await told(got.uid)), end.status)
        assert.equal(hooks.about(got.uid).length, 1)
      }
    })
  }
})

test('parents that are not there, of another shop, or of the wrong kind', async () => {
  const { uid } = await parent('payments')
  const strange = shopClient(world, 362)
  for (const parent_uid of [uid, '0193500a-6d2e-7b1c-9a53-2f1c7f6a1e11', 'nonsense']) {
    const got = refused(
      await strange.call('POST', '/transactions/refunds', { request: { parent_uid, amount: 1, reason: 'Back' } }),
    )
    assert.deepEqual(
      [got.status, got.message, got.errors],
      [422, 'Parent uid Parent transaction is not found.', { parent_uid: ['Parent transaction is not found'] }],
    )
  }
  const capture = refused(await child('captures', { parent_uid: uid, amount: 1 }))
  assert.deepEqual(capture.errors, { base: ["transaction can't be captured"] })
  const { uid: held } = await parent('authorizations')
  const refund = refused(await child('refunds', { parent_uid: held, amount: 1, reason: 'Back' }))
  assert.deepEqual([refund.status, refund.message], [422, "transaction can't be refunded"])
})

test('nothing is captured after a void, and nothing is given up that was captured', async () => {
  const gone = await parent('authorizations')
  assert.equal(seen(await child('voids', { parent_uid: gone.uid, amount: 100 })).status, 'successful')
  assert.equal((await child('captures', { parent_uid: gone.uid, amount: 1 })).status, 422)
  const used = await parent('authorizations')
  const capture = seen(await child('captures', { parent_uid: used.uid, amount: 100 }))
  assert.equal((await child('voids', { parent_uid: used.uid, amount: 1 })).status, 422)
  const over = refused(await child('refunds', { parent_uid: capture.uid, amount: 101, reason: 'Back' }))
  assert.match(over.message, /can't be greater than 100/)
  assert.equal(
    seen(await child('refunds', { parent_uid: capture.uid, amount: 100, reason: 'Back' })).status,
    'successful',
  )
  assert.equal((await child('refunds', { parent_uid: capture.uid, amount: 1, reason: 'Back' })).status, 422)
  const [charge] = await chargesOf(books(), used.uid)
  assert.deepEqual([charge?.net_amount, charge?.held_amount], ['0', '0'])
})

for (const version of versions) {
  test(`A10: notifications of version ${version} are those of the answer, signed and with the shop's credentials`, async () => {
    const headers = { 'x-api-version': version }
    const answer = await shop.pay(approved, { notification_url: hooks.url }, headers)
    const refund = await child('refunds', { parent_uid: seen(answer).uid, amount: 10, reason: 'Back' }, headers)
    const demo = demoShops.find(({ shop_id }) => shop_id === 361)
    const found = await findShop(world.ctx, 361)
    assert.ok(demo && found)
    const key = createPublicKey({ key: Buffer.from(found.public_key, 'base64'), format: 'der', type: 'spki' })
    for (const one of [answer, refund]) {
      const hook = await told(seen(one).uid)
      assert.deepEqual(JSON.parse(hook.body), one.body)
      assert.equal(hook.headers.authorization, `Basic ${btoa(`361:${demoShopSecret(world.ctx, demo)}`)}`)
      const signature = Buffer.from(String(hook.headers['content-signature']), 'base64')
      assert.ok(verify('sha256', Buffer.from(hook.body), key, signature))
      assert.ok(!verify('sha256', Buffer.from(hook.body.replace('"', "'")), key, signature), 'one byte changed')
      assert.deepEqual(
        [hook.headers['content-type'], hook.headers['user-agent'], hook.headers['x-notification-attempt']],
        ['application/json', 'Cascad-Callback/1', '1'],
      )
    }
  })
}

test('a notification that failed comes again, and once more when asked for; nothing else than 200 will do', async () => {
  let answers = 0
  hooks.answer = (response) => {
    answers += 1
    response.writeHead(answers === 1 ? 201 : 200).end()
  }
  const { uid } = await parent('payments')
  const first = await told(uid)
  // The first retry is due after 8 seconds or more.
  await until('it waits for its retry', async () => {
    const rows = await world.ctx.sql`
      update callback_events set due_at = now() where subject_id = ${uid} and attempts = 1 and due_at is not null returning 1`
    return rows.length === 1
  })
  await until('it has come again', () => hooks.about(uid).length === 2)
  const [, second] = hooks.about(uid)
  assert.equal(second?.body, first.body)
  assert.equal(second?.headers['x-notification-id'], first.headers['x-notification-id'])
  assert.equal(second?.headers['x-notification-attempt'], '2')
  const queued = await shop.call('POST', `/transactions/${uid}/renotify`)
  assert.deepEqual([queued.status, queued.body], [200, { status: 'queued' }])
  await until('it has come once more', () => hooks.about(uid).length === 3)
  assert.equal((await shopClient(world, 362).call('POST', `/transactions/${uid}/renotify`)).status, 404)
})

test('nothing is told of a transaction that waits for its payer', async () => {
  const secure = shopClient(world, 362)
  const waiting = seen(await secure.pay('4012000000003010', { notification_url: hooks.url }))
  assert.equal(waiting.status, 'incomplete')
  const { uid } = await parent('payments')
  await told(uid)
  const rows = await world.ctx.sql`select 1 from callback_events where subject_id = ${waiting.uid}`
  assert.deepEqual([rows.length, hooks.about(waiting.uid)], [0, []])
  assert.equal((await secure.call('POST', `/transactions/${waiting.uid}/renotify`)).status, 404)
})

test('after all that the ledger is sound', async () => {
  assert.deepEqual(
    (await verifyLedger(world.ctx.sql)).filter(({ culprits }) => culprits.length > 0),
    [],
  )
})
