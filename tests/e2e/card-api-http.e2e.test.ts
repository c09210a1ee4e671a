/** Who may call the Card API and how it refuses, and the questions merchants ask about their transactions. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { demoShops } from '../../apps/server/demo/shops.ts'
import { createShop } from '../../apps/server/src/accounts/create-shop.ts'
import { saveShop } from '../../apps/server/src/accounts/save-shop.ts'
import {
  paymentRequest,
  type ShopClient,
  shopClient,
  shopClientOf,
} from '../../apps/server/src/card-api/sample-shop.ts'
import { refused, seen, speaking, versions } from '../card-shop.ts'
import { startWorld, type World } from '../world.ts'

const approved = '4200000000000000'
const account_id = demoShops[0]?.account_id ?? ''

let world: World
let shop: ShopClient
before(async () => {
  world = await startWorld({ config: { rate_limits: true } })
  shop = shopClient(world, 361)
})
after(() => world.close())

async function newShop(settings = {}): Promise<{ client: ShopClient; shop_id: number; secret: string }> {
  const test = { test_mode: true, raw_card_data: true, rate_limit: null, ...settings }
  const made = await createShop(world.ctx, account_id, { name: 'Made for a test', settings: test })
  assert.ok(made)
  const { shop_id } = made.shop
  return { client: shopClientOf(world.url, shop_id, made.secret), shop_id, secret: made.secret }
}

const show = (client: ShopClient, tracking_id: string, headers = {}) =>
  client.call('GET', `/v2/transactions/tracking_id/${encodeURIComponent(tracking_id)}`, undefined, headers)

for (const version of versions) {
  const headers = { 'x-api-version': version }
  const code = (wanted: string): string | null => (version === '3' ? wanted : null)

  test(`wrong credentials, version ${version}`, async () => {
    const bad = [`Basic ${btoa('361:wrong')}`, `Basic ${btoa('999:wrong')}`, `Basic ${btoa('x')}`, 'Bearer token', '']
    for (const authorization of bad) {
      const answer = await shop.pay(approved, {}, { ...headers, authorization })
      assert.deepEqual([answer.status, refused(answer).code], [401, code('E.1001')], authorization)
      assert.equal(answer.headers.get('www-authenticate'), 'Basic realm="Cascad"')
      assert.ok(answer.headers.get('x-request-id'))
    }
  })

  test(`a disabled shop, and one that may not send card numbers, version ${version}`, async () => {
    const { client, shop_id } = await newShop()
    assert.equal((await client.pay(approved, {}, headers)).status, 200)
    await saveShop(world.ctx, shop_id, { active: false })
    const disabled = await client.pay(approved, {}, headers)
    assert.deepEqual([disabled.status, refused(disabled).code], [403, code('E.1002')])
    const { client: tokens } = await newShop({ raw_card_data: false })
    const raw = await tokens.pay(approved, {}, headers)
    assert.deepEqual([raw.status, refused(raw).code], [403, code('E.1065')])
  })

  test(`unknown paths and methods, version ${version}`, async () => {
    for (const path of ['/transactions/credits', '/ctp/api/checkouts', '/async/transactions/payments', '/services/x']) {
      const got = refused(await shop.call('POST', path, {}, headers))
      assert.deepEqual([got.status, got.code, got.message], [404, code('E.1004'), 'Record not found'], path)
    }
    const answer = await shop.call('GET', '/credit_cards', undefined, headers)
    assert.deepEqual([answer.status, refused(answer).code], [405, code('E.1013')])
    assert.match(answer.headers.get('allow') ?? '', /POST/)
  })

  test(`bodies that are none, and too long ones, version ${version}`, async () => {
    const { shop_id, secret } = await newShop()
    const authorization = `Basic ${btoa(`${shop_id}:${secret}`)}`
    const send = async (body: string, more = {}) => {
      const response = await fetch(`${world.url}/transactions/payments`, {
        method: 'POST',
        headers: { authorization, ...headers, ...more },
        body,
      })
      return { status: response.status, body: await response.json(), headers: response.headers }
    }
    for (const body of ['nil', '{"request": {"expired_at": nil}}', '"text"', '{']) {
      const answer = await send(body)
      assert.deepEqual([answer.status, refused(answer).code], [400, code('E.1003')], body)
    }
    const long = await send(JSON.stringify({ request: { description: 'x'.repeat(1 << 20) } }))
    assert.deepEqual([long.status, refused(long).code], [413, code('E.1014')])
    const rootless = await send('{}')
    assert.deepEqual([rootless.status, refused(rootless).message], [422, 'request is missing'])
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'nonsense'])
      assert.equal(
        (await send(JSON.stringify({ request: paymentRequest(approved) }), { 'content-type': type })).status,
        200,
      )
  })

  test(`more requests than the shop may send, version ${version}`, async () => {
    const { client } = await newShop({ rate_limit: 2 })
    const answers = await Promise.all(Array.from({ length: 12 }, () => show(client, 'none', headers)))
    const over = answers.filter(({ status }) => status === 429)
    assert.ok(over.length > 0 && answers.some(({ status }) => status === 200))
    for (const answer of over) {
      assert.equal(refused(answer).code, code('E.1011'))
      assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d*$/)
    }
  })
}

test('a version there is not', async () => {
  for (const version of ['1', '4', 'x']) {
    const answer = await shop.call('GET', '/transactions/nonsense', undefined, { 'x-api-version': version })
    assert.equal(answer.status, 400, version)
  }
})

test('a request id is kept or made', async () => {
  const kept = await show(shop, 'none', { 'x-request-id': 'mine_1-2' })
  assert.equal(kept.headers.get('x-request-id'), 'mine_1-2')
  const made = await show(shop, 'none', { 'x-request-id': 'not valid!' })
  assert.match(made.headers.get('x-request-id') ?? '', /^[A-Za-z0-9_-]{1,64}$/)
})

test('a RequestID that cannot be one is refused before anything is done', async () => {
  const answer = await shop.pay(approved, { tracking_id: 'bad-request-id' }, { requestid: 'x'.repeat(256) })
  assert.equal(answer.status, 400)
  assert.deepEqual((await show(shop, 'bad-request-id')).body, { transactions: [] })
})

test('transactions are found by every part of their tracking_id, newest first, ten at most, children too', async () => {
  const first = seen(await shop.pay(approved, { tracking_id: 'basket-1;order-a b;line/7' }))
  const refund = seen(
    await shop.call('POST', '/transactions/refunds', {
      request: { parent_uid: first.uid, amount: 10, reason: 'Back' },
    }),
  )
  for (const part of ['basket-1', 'order-a b', 'line/7', 'basket-1;order-a b;line/7']) {
    const { status, body } = await show(shop, part)
    assert.equal(status, 200)
    assert.deepEqual(
      body.transactions.map(({ uid, type }: { uid: string; type: string }) => [uid, type]),
      [
        [refund.uid, 'refund'],
        [first.uid, 'payment'],
      ],
      part,
    )
  }
  for (const part of ['basket', 'order-a', '%', 'basket-1;order-a b'])
    assert.deepEqual((await show(shop, part)).body, { transactions: [] }, part)
  const uids: string[] = []
  for (let i = 0; i < 12; i += 1) uids.push(seen(await shop.pay(approved, { tracking_id: 'twelve' })).uid)
  const { body } = await show(shop, 'twelve')
  assert.deepEqual(
    body.transactions.map(({ uid }: { uid: string }) => uid),
    uids.reverse().slice(0, 10),
  )
  const newest = await shop.call('GET', '/transactions/tracking_id/twelve')
  assert.equal(seen(newest).uid, uids[0])
})

test('A9: nothing is an empty list, and elements have the form of the version', async () => {
  const unknown = await show(shop, 'nobody-sent-this')
  assert.deepEqual([unknown.status, unknown.body], [200, { transactions: [] }])
  assert.equal((await shop.call('GET', '/transactions/tracking_id/nobody-sent-this')).status, 404)
  const { uid } = seen(await shop.pay(approved, { tracking_id: 'both-forms' }))
  for (const version of versions) {
    const { body } = await show(speaking(shop, version), 'both-forms')
    assert.equal(body.transactions.length, 1)
    const [one] = body.transactions
    const alone = await speaking(shop, version).call('GET', `/transactions/${uid}`)
    assert.deepEqual(one, version === '2' ? alone.body.transaction : alone.body)
  }
})

test('another shop of the same merchant sees none of it', async () => {
  const { uid } = seen(await shop.pay(approved, { tracking_id: 'only-mine' }))
  const other = shopClient(world, 362)
  assert.deepEqual((await show(other, 'only-mine')).body, { transactions: [] })
  for (const path of [`/transactions/${uid}`, `/transactions/${uid}/attempts`, '/transactions/tracking_id/only-mine'])
    assert.equal((await other.call('GET', path)).status, 404, path)
})
