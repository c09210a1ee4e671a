import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type TestDatabase, testDatabase } from '../../../../tests/database.ts'
import { readConfig } from '../config.ts'
import { type Context, createContext } from '../context.ts'
import { noticeChanges } from '../database/settings-memory.ts'
import { createShop } from './create-shop.ts'
import { findShop, verifyShopSecret } from './find-shop.ts'
import { saveAccount } from './save-account.ts'
import { defaultShopSettings } from './shop.ts'
import { signForShop } from './sign-for-shop.ts'

const account_id = 'coma_ShopsCommand0001'
const secret_key = Buffer.alloc(32, 7)
let database: TestDatabase
let ctx: Context

before(async () => {
  database = await testDatabase()
  const config = readConfig({ PORT: '0', CASCAD_LOG: 'silent' })
  ctx = await createContext({ config, database_url: database.url, secret_key })
  await saveAccount(ctx, { id: account_id, name: 'Keeper of shops', base_currency: 'USD' })
  await createShop(ctx, account_id, { name: 'There before', shop_id: 361 })
})
after(async () => {
  await ctx.close()
  await database.close()
})

function shops(...args: string[]) {
  const file = fileURLToPath(new URL('shops-command.ts', import.meta.url))
  const env = { ...process.env, DATABASE_URL: database.url, CASCAD_SECRET_KEY: secret_key.toString('base64') }
  return spawnSync(process.execPath, [file, ...args], { env, encoding: 'utf8' })
}

/** What it says when all goes well. */
function said(...args: string[]): string {
  const { status, stdout, stderr } = shops(...args)
  assert.equal(status, 0, stderr)
  return stdout
}

async function shopOf(id: string) {
  await noticeChanges(ctx)
  const shop = await findShop(ctx, Number(id))
  assert.ok(shop)
  return shop
}

test('an operator makes a shop, changes it, closes it, and sees its key', async () => {
  const made = said('create', account_id, 'Made by hand', 'raw_card_data=true', 'rate_limit=off')
  const [, id = '', secret = ''] = /^Shop (\d+), secret (\S{43})\n/.exec(made) ?? []
  assert.ok(verifyShopSecret(await shopOf(id), secret))

  said('settings', id, 'three_d_secure=required', 'required_customer_fields=customer.email,billing_address.zip')
  const settings = {
    ...defaultShopSettings,
    raw_card_data: true,
    rate_limit: null,
    three_d_secure: 'required',
    required_customer_fields: ['customer.email', 'billing_address.zip'],
  }
  assert.deepEqual((await shopOf(id)).settings, settings)
  assert.deepEqual(JSON.parse(said('settings', id)), settings)

  said('disable', id)
  assert.match(
    said('list'),
    new RegExp(`^361 {2}There before .*\n${id} {2}Made by hand \\(${account_id}, live, disabled\\)\n$`),
  )
  said('enable', id)
  assert.equal((await shopOf(id)).active, true)
  assert.ok(said('list', account_id).includes('(coma_ShopsCommand0001, live)'))

  const { public_key } = await shopOf(id)
  const [der, , mark] = said('key', id).split('\n')
  assert.deepEqual([der, mark], [public_key, '-----BEGIN PUBLIC KEY-----'])
})

test('a rotated secret and a rotated key hold in other processes too', async () => {
  const before = await shopOf('361')
  const { authorization } = await signForShop(ctx, before, 'x')
  const [, secret = ''] = /secret (\S{43})\n/.exec(said('rotate', '361', 'secret')) ?? []
  assert.ok(verifyShopSecret(await shopOf('361'), secret))
  assert.notEqual((await signForShop(ctx, before, 'x')).authorization, authorization)

  const rotated = said('rotate', '361', 'key')
  const { public_key } = await shopOf('361')
  assert.notEqual(public_key, before.public_key)
  assert.ok(rotated.includes(public_key))
})

const mistakes: readonly [what: string, args: string[], pattern: RegExp][] = [
  ['no order', [], /^Use one of/],
  ['an order nobody knows', ['delete', '361'], /^Use one of/],
  ['an account that is not there', ['create', 'coma_nobody', 'Name'], /^There is no account coma_nobody/],
  ['no name', ['create', account_id, 'rate_limit=off'], /^Use one of/],
  ['a long name', ['create', account_id, 'x'.repeat(101)], /^A name has at most 100 characters/],
  ['a shop that is not there', ['key', '999999'], /^There is no shop 999999/],
  ['an id that is none', ['settings', '99999999999', 'rate_limit=off'], /^There is no shop/],
  [
    'a setting that is not there',
    ['settings', '361', 'colour=red'],
    /there is no setting "colour"; there are test_mode,/,
  ],
  ['a value that does not fit', ['settings', '361', 'rate_limit=many'], /rate_limit takes requests per second, or off/],
  ['a private address', ['settings', '361', 'notification_url=http://10.0.0.1/'], /not sent to http:\/\/10\.0\.0\.1\//],
  ['a rotation of nothing', ['rotate', '361'], /^Use one of/],
  ['one word too many', ['key', '361', 'pem'], /^Use one of/],
]
for (const [what, args, pattern] of mistakes) {
  test(`${what}: it says so and changes nothing`, async () => {
    const shown = async () => (await database.sql`select json_agg(s order by shop_id)::text as all from shops s`)[0]
    const before = await shown()
    const done = shops(...args)
    assert.equal(done.status, 1)
    assert.match(done.stderr, pattern)
    assert.deepEqual(await shown(), before)
  })
}
