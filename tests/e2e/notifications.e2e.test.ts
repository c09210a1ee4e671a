/** What a shop's server receives about a transaction, from the call to the notification it may believe. Card API contract, 16. */
import assert from 'node:assert/strict'
import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { after, before, test } from 'node:test'
import { saveShop } from '../../apps/server/src/accounts/save-shop.ts'
import { answering, type Got, startReceiver } from '../../apps/server/src/callbacks/sample-callbacks.ts'
import { paymentRequest, type ShopClient, shopClient } from '../../apps/server/src/card-api/sample-shop.ts'
import { startWork } from '../../apps/server/src/start-work.ts'
import { startWorld, type World } from '../world.ts'

const [approved, declined] = ['4200000000000000', '4005550000000019']

let world: World
let shop: ShopClient
let authorization: string
let key: KeyObject
before(async () => {
  world = await startWorld()
  shop = shopClient(world, 361)
  const pair = (await (await fetch(`${world.url}/demo/credentials.txt?shop=361`)).text()).trim()
  authorization = `Basic ${Buffer.from(pair).toString('base64')}`
  const { shops } = (await (await fetch(`${world.url}/demo/credentials.json`)).json()) as {
    shops: { shop_id: number; public_key: string }[]
  }
  key = createPublicKey(shops.find(({ shop_id }) => shop_id === 361)?.public_key ?? '')
})
after(() => world.close())

const signatureOf = ({ headers }: Got): Buffer => Buffer.from(String(headers['content-signature']), 'base64')

for (const [version, number, status] of [
  ['2', approved, 'successful'],
  ['3', approved, 'successful'],
  ['2', declined, 'failed'],
  ['3', declined, 'failed'],
] as const) {
  test(`version ${version}, ${status}: one notification, signed, with the body the shop was answered`, async () => {
    const merchant = await startReceiver(answering(200))
    const answer = await shop.pay(number, { notification_url: merchant.url }, { 'x-api-version': version })
    await merchant.came(1)
    const [got] = merchant.got
    assert.ok(got)
    assert.deepEqual(JSON.parse(String(got.body)), answer.body)
    assert.equal((answer.body.transaction.status ?? answer.body.status) as string, status)
    assert.equal(got.headers.authorization, authorization)
    assert.equal(got.headers['x-notification-attempt'], '1')
    assert.ok(verify('sha256', got.body, key, signatureOf(got)))
    for (let at = 0; at < got.body.length; at += 97) {
      const changed: Buffer = Buffer.from(got.body)
      changed[at] = (changed[at] ?? 0) ^ 1
      assert.equal(verify('sha256', changed, key, signatureOf(got)), false)
    }
    await merchant.close()
  })
}

test('a shop asks for a notification again and gets the same one; a stranger does not', async () => {
  const merchant = await startReceiver(answering(200))
  const { body } = await shop.pay(approved, { notification_url: merchant.url })
  await merchant.came(1)
  const path = `/transactions/${body.transaction.uid}/renotify`
  assert.equal((await shopClient(world, 362).call('POST', path)).status, 404)
  const again = await shop.call('POST', path)
  assert.deepEqual([again.status, again.body], [200, { status: 'queued' }])
  await merchant.came(2)
  const [first, second] = merchant.got
  assert.deepEqual(second?.body, first?.body)
  assert.equal(second?.headers['x-notification-id'], first?.headers['x-notification-id'])
  assert.ok(second && verify('sha256', second.body, key, signatureOf(second)))
  await merchant.close()
})

test('a transaction nobody was told of has nothing to tell again', async () => {
  const { body } = await shop.pay(approved)
  assert.equal((await shop.call('POST', `/transactions/${body.transaction.uid}/renotify`)).status, 404)
})

test('a notification goes where the shop says when the request does not', async () => {
  const merchant = await startReceiver(answering(200))
  await saveShop(world.ctx, 362, { settings: { notification_url: merchant.url } })
  await shopClient(world, 362).pay(approved)
  await merchant.came(1)
  await saveShop(world.ctx, 362, { settings: { notification_url: null } })
  await merchant.close()
})

test('what was queued while no worker ran is told by the next one', async () => {
  const idle = await startWorld({ work: false })
  const merchant = await startReceiver(answering(200))
  const client = shopClient(idle, 361)
  const request = paymentRequest(approved, { notification_url: merchant.url })
  const { status } = await client.call('POST', '/transactions/payments', { request })
  assert.deepEqual([status, merchant.got.length], [200, 0])
  const work = startWork(idle.ctx)
  await merchant.came(1)
  await work.stop()
  await merchant.close()
  await idle.close()
})
