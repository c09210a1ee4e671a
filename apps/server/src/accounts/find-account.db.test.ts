import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { createAccount } from './create-account.ts'
import { findAccountByApiKey, findAccountByPublicKey, getAccount } from './find-account.ts'
import { newKeys } from './keys.ts'
import { privateKey } from './private-key.ts'
import { regenerateApiKey, regenerateModeKeys } from './regenerate-keys.ts'
import { saveAccount } from './save-account.ts'
import { saveApiKey } from './save-keys.ts'

let t: TestContext
before(async () => {
  t = await testContext()
})
after(() => t.close())

const shop = { name: 'Harbour Books', base_currency: 'EUR' }

test('an account is found by its id and API key, and by nothing else', async () => {
  const { account, keys } = await createAccount(t.ctx, shop)
  const other = await createAccount(t.ctx, shop)
  assert.equal((await findAccountByApiKey(t.ctx, account.id, keys.api_key))?.name, 'Harbour Books')
  const wrong: [string, string][] = [
    [account.id, other.keys.api_key],
    [account.id, ''],
    [account.id, `${keys.api_key}x`],
    [account.id, keys.live.private_key],
    [account.id, keys.test.public_key],
    [other.account.id, keys.api_key],
    ['coma_0000000000000000', keys.api_key],
    [account.id.toLowerCase(), keys.api_key],
    ["coma_' or 1=1 --", keys.api_key],
    [`${account.id}\0`, keys.api_key],
    ['', ''],
  ]
  for (const [id, key] of wrong) assert.equal(await findAccountByApiKey(t.ctx, id, key), null, `${id} ${key}`)
})

test('an account without an API key is reached by no key', async () => {
  const { account } = await createAccount(t.ctx, shop)
  await saveApiKey(t.ctx, account.id, null)
  assert.equal(await findAccountByApiKey(t.ctx, account.id, ''), null)
  assert.equal(await findAccountByApiKey(t.ctx, account.id, '\0'.repeat(32)), null)
})

test('a public key gives the account and the mode', async () => {
  const { account, keys } = await createAccount(t.ctx, shop)
  const test_owner = await findAccountByPublicKey(t.ctx, keys.test.public_key)
  assert.deepEqual([test_owner?.account.id, test_owner?.test_mode], [account.id, true])
  const live_owner = await findAccountByPublicKey(t.ctx, keys.live.public_key)
  assert.deepEqual([live_owner?.account.id, live_owner?.test_mode], [account.id, false])
})

test('what is no public key finds nobody', async () => {
  const { keys } = await createAccount(t.ctx, shop)
  const swapped = keys.test.public_key.replace('pk_test_', 'pk_live_')
  const unknown = newKeys().test.public_key
  for (const key of [
    swapped,
    unknown,
    keys.api_key,
    keys.test.private_key,
    '',
    'pk_test_',
    `${keys.test.public_key} `,
  ]) {
    assert.equal(await findAccountByPublicKey(t.ctx, key), null, key)
  }
})

test('a regenerated API key works and the one before does not, at once', async () => {
  const { account, keys } = await createAccount(t.ctx, shop)
  assert.ok(await findAccountByApiKey(t.ctx, account.id, keys.api_key))
  const fresh = await regenerateApiKey(t.ctx, account.id)
  assert.match(fresh, /^[A-Za-z0-9_-]{43}$/)
  assert.equal(await findAccountByApiKey(t.ctx, account.id, keys.api_key), null)
  assert.equal((await findAccountByApiKey(t.ctx, account.id, fresh))?.id, account.id)
})

test('regenerated keys of a mode replace the pair at once and leave the other mode alone', async () => {
  const { account, keys } = await createAccount(t.ctx, shop)
  assert.ok(await findAccountByPublicKey(t.ctx, keys.test.public_key))
  assert.equal(await privateKey(t.ctx, account.id, true), keys.test.private_key)
  const fresh = await regenerateModeKeys(t.ctx, account.id, true)
  assert.equal(await findAccountByPublicKey(t.ctx, keys.test.public_key), null)
  assert.equal((await findAccountByPublicKey(t.ctx, fresh.public_key))?.account.id, account.id)
  assert.equal(await privateKey(t.ctx, account.id, true), fresh.private_key)
  assert.equal(await privateKey(t.ctx, account.id, false), keys.live.private_key)
})

test('no key stands in the database in plain text, and a private key cannot be moved to another account', async () => {
  const { account, keys } = await createAccount(t.ctx, shop)
  const other = await createAccount(t.ctx, shop)
  const [row] = await t.ctx.sql`
    select string_agg(a::text || coalesce(k::text, ''), '') as everything
    from accounts a left join account_keys k on k.account_id = a.id`
  for (const secret of [keys.api_key, keys.live.private_key, keys.test.private_key]) {
    assert.equal(String(row?.everything).includes(secret), false)
    assert.equal(String(row?.everything).includes(Buffer.from(secret).toString('hex')), false)
  }
  await t.ctx.sql`
    update account_keys k set private_key_encrypted = o.private_key_encrypted from account_keys o
    where k.account_id = ${other.account.id} and not k.test_mode and o.account_id = ${account.id} and not o.test_mode`
  await assert.rejects(privateKey(t.ctx, other.account.id, false))
})

test('an account has the usual options where none are given, and a change shows at once', async () => {
  const { account } = await createAccount(t.ctx, { ...shop, options: { allow_host_to_host: true } })
  assert.equal(account.options.allow_host_to_host, true)
  assert.equal(account.options.invoice_lifetime_minutes, 30)
  await saveAccount(t.ctx, { ...shop, id: account.id, name: 'Harbour Books & Charts', status: 'inactive' })
  const changed = await getAccount(t.ctx, account.id)
  assert.deepEqual(
    [changed.name, changed.status, changed.options.allow_host_to_host],
    ['Harbour Books & Charts', 'inactive', false],
  )
  assert.deepEqual(changed.created_at, account.created_at)
})
