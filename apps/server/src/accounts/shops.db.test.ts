/** Shops from their creation to the signature of a notification. */
import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey, verify } from 'node:crypto'
import { after, before, test } from 'node:test'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { createAccount } from './create-account.ts'
import { createShop, type NewShop } from './create-shop.ts'
import { findShop, verifyShopSecret } from './find-shop.ts'
import { listShops } from './list-shops.ts'
import { rotateShopKeys, rotateShopSecret } from './rotate-shop.ts'
import { saveShop } from './save-shop.ts'
import { defaultShopSettings } from './shop.ts'
import { publicKeyOf } from './shop-keys.ts'
import { signForShop } from './sign-for-shop.ts'

let t: TestContext
let [first, second] = ['', '']
before(async () => {
  t = await testContext()
  const account = async (name: string) => (await createAccount(t.ctx, { name, base_currency: 'EUR' })).account.id
  first = await account('Harbour Books')
  second = await account('Harbour Cards')
})
after(() => t.close())

async function made(given: Partial<NewShop> = {}) {
  const created = await createShop(t.ctx, first, { name: 'A shop', ...given })
  assert.ok(created)
  return created
}

const isSigned = (public_key: string, body: string, signature: string): boolean =>
  verify(
    'sha256',
    Buffer.from(body),
    createPublicKey({ key: Buffer.from(public_key, 'base64'), format: 'der', type: 'spki' }),
    Buffer.from(signature, 'base64'),
  )

test('a shop is found by its id and opened by its secret only', async () => {
  const { shop, secret } = await made()
  const found = await findShop(t.ctx, shop.shop_id)
  assert.deepEqual(found?.settings, defaultShopSettings)
  assert.deepEqual([found?.account_id, found?.name, found?.active], [first, 'A shop', true])
  assert.match(secret, /^[A-Za-z0-9_-]{43}$/)
  assert.ok(verifyShopSecret(found, secret))
  for (const wrong of ['', `${secret}x`, secret.slice(1)]) assert.equal(verifyShopSecret(found, wrong), false)
  assert.equal(verifyShopSecret(null, secret), false)
})

test('no shop has an id that is none', async () => {
  for (const id of [0, -1, 1.5, 2 ** 31, 999_999_999, Number.NaN]) assert.equal(await findShop(t.ctx, id), null)
})

test('a shop for tests may send card numbers unless it is said that it may not', async () => {
  assert.equal((await made({ settings: { test_mode: true } })).shop.settings.raw_card_data, true)
  const told = await made({ settings: { test_mode: true, raw_card_data: false } })
  assert.equal(told.shop.settings.raw_card_data, false)
})

test('an id asked for by two accounts at once is given to one', async () => {
  const both = await Promise.all(
    [first, second, first, second].map((id) => createShop(t.ctx, id, { name: 'Wanted', shop_id: 77 })),
  )
  assert.equal(both.filter((one) => one !== null).length, 1)
  const rows = await t.ctx.sql`select account_id from shops where shop_id = 77`
  assert.equal(rows.length, 1)
  const winner = both.find((one) => one !== null)
  assert.ok(winner && verifyShopSecret(await findShop(t.ctx, 77), winner.secret))
})

test('drawn ids differ, and step over one that was chosen by hand', async () => {
  const [row] = await t.ctx.sql<{ next: number }[]>`select nextval('shop_ids')::integer + 1 as next`
  await made({ shop_id: row!.next })
  const drawn = await Promise.all([made(), made(), made()])
  const ids = drawn.map(({ shop }) => shop.shop_id)
  assert.equal(new Set([row!.next, ...ids]).size, 4)
})

test('an account that is not there has no shops', async () => {
  await assert.rejects(createShop(t.ctx, 'coma_Nobody0000000001', { name: 'None' }), /no account/)
})

test('changes write what is named, both of two at once, and the same again writes nothing', async () => {
  const { shop_id } = (await made({ settings: { rate_limit: 10 } })).shop
  await Promise.all([
    saveShop(t.ctx, shop_id, { settings: { three_d_secure: 'required' } }),
    saveShop(t.ctx, shop_id, { name: 'New name', settings: { notification_url: 'https://shop.example/hook' } }),
    saveShop(t.ctx, shop_id, { active: false }),
  ])
  const found = await findShop(t.ctx, shop_id)
  assert.deepEqual([found?.name, found?.active], ['New name', false])
  assert.deepEqual(found?.settings, {
    ...defaultShopSettings,
    rate_limit: 10,
    three_d_secure: 'required',
    notification_url: 'https://shop.example/hook',
  })
  const version = async () => (await t.ctx.sql`select xmin::text as version from shops where shop_id = ${shop_id}`)[0]
  const before = await version()
  const same = await saveShop(t.ctx, shop_id, { name: 'New name', settings: { rate_limit: 10 } })
  assert.deepEqual(same, found)
  assert.deepEqual(await version(), before)
  assert.equal(await saveShop(t.ctx, 88, { name: 'None' }), null)
})

test('the list has the shops of an account, or all of them', async () => {
  const other = await createShop(t.ctx, second, { name: 'Of the second' })
  const own = await listShops(t.ctx, second)
  assert.ok(own.every(({ account_id }) => account_id === second))
  assert.ok(own.some(({ shop_id }) => shop_id === other?.shop.shop_id))
  const ids = (await listShops(t.ctx)).map(({ shop_id }) => shop_id)
  assert.deepEqual(
    ids,
    [...ids].sort((a, b) => a - b),
  )
  assert.ok(ids.length > own.length)
})

test('the signature is that of the public key over the very bytes', async () => {
  const { shop, secret } = await made()
  const body = '{"a":"ä \\u0000"}'
  const { authorization, content_signature } = await signForShop(t.ctx, shop, body)
  assert.equal(authorization, `Basic ${Buffer.from(`${shop.shop_id}:${secret}`).toString('base64')}`)
  assert.ok(isSigned(publicKeyOf(shop, 'der'), body, content_signature))
  assert.equal(isSigned(shop.public_key, body.replace('a', 'b'), content_signature), false)
  const pem = createPublicKey(publicKeyOf(shop, 'pem'))
  assert.equal(pem.asymmetricKeyDetails?.modulusLength, 2048)
  assert.equal(pem.export({ type: 'spki', format: 'der' }).toString('base64'), publicKeyOf(shop, 'der'))
  await assert.rejects(signForShop(t.ctx, { account_id: second, shop_id: shop.shop_id }, body), /has no shop/)
})

test('a new secret refuses the old one at once and leaves the key pair', async () => {
  const { shop, secret } = await made()
  await signForShop(t.ctx, shop, 'x')
  const rotated = await rotateShopSecret(t.ctx, shop.shop_id)
  const found = await findShop(t.ctx, shop.shop_id)
  assert.equal(verifyShopSecret(found, secret), false)
  assert.ok(verifyShopSecret(found, rotated ?? ''))
  const { authorization, content_signature } = await signForShop(t.ctx, shop, 'x')
  assert.equal(authorization, `Basic ${Buffer.from(`${shop.shop_id}:${rotated}`).toString('base64')}`)
  assert.ok(isSigned(shop.public_key, 'x', content_signature))
  assert.equal(await rotateShopSecret(t.ctx, 88), null)
})

test('a new key pair signs at once and leaves the secret', async () => {
  const { shop, secret } = await made()
  const public_key = await rotateShopKeys(t.ctx, shop.shop_id)
  const found = await findShop(t.ctx, shop.shop_id)
  assert.ok(verifyShopSecret(found, secret))
  assert.equal(found?.public_key, public_key)
  const { content_signature } = await signForShop(t.ctx, shop, 'x')
  assert.ok(isSigned(public_key ?? '', 'x', content_signature))
  assert.equal(isSigned(shop.public_key, 'x', content_signature), false)
  assert.equal(await rotateShopKeys(t.ctx, 88), null)
})

test('the row holds neither secret nor private key in plain, and they fit no other shop', async () => {
  const { shop, secret } = await made()
  const [row] = await t.ctx.sql<{ secret_hash: Buffer; secret_encrypted: Buffer; private_key_encrypted: Buffer }[]>`
    select secret_hash, secret_encrypted, private_key_encrypted from shops where shop_id = ${shop.shop_id}`
  for (const bytes of Object.values(row!)) assert.equal(bytes.includes(secret), false)
  for (const type of ['pkcs8', 'pkcs1'] as const) {
    assert.throws(() => createPrivateKey({ key: row!.private_key_encrypted, format: 'der', type }))
  }
  const { shop: other } = await made()
  await t.ctx.sql`
    update shops set secret_encrypted = ${row!.secret_encrypted}, private_key_encrypted = ${row!.private_key_encrypted}
    where shop_id = ${other.shop_id}`
  await assert.rejects(signForShop(t.ctx, other, 'x'))
})
