import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { loadStarterDirectory } from '../directory/load-starter.ts'
import { createServer } from '../http/server.ts'
import { newId } from '../ids.ts'
import { insertTransfers } from '../ledger/insert-transfers.ts'
import type { Transfer } from '../ledger/transfer.ts'
import type { Account } from './account.ts'
import { createAccount } from './create-account.ts'
import { listCurrencyAccounts } from './currency-accounts.ts'
import type { AccountKeys } from './keys.ts'
import { accountRoutes } from './routes.ts'

let t: TestContext
let app: FastifyInstance
const now = new Date('2026-03-01T10:00:00Z')

before(async () => {
  t = await testContext({ now: () => now })
  await loadStarterDirectory(t.ctx)
  app = await createServer(t.ctx, [accountRoutes])
})
after(async () => {
  await app.close()
  await t.close()
})

type Made = { account: Account; keys: AccountKeys }
const get = (path: string, { account, keys }: Made) =>
  app.inject({
    url: path,
    headers: { authorization: `Basic ${Buffer.from(`${account.id}:${keys.api_key}`).toString('base64')}` },
  })

test('200: the profile of an account', async () => {
  const made = await createAccount(t.ctx, {
    name: 'Книгарня',
    base_currency: 'UAH',
    website: 'https://k.example',
    time_zone: 'Europe/Kyiv',
    options: { fee_strategy: 'external' },
    api_ip_allowlist: ['127.0.0.1', '10.0.0.0/8'],
  })
  const reply = await get('/api/account/profile', made)
  assert.equal(reply.statusCode, 200)
  assert.equal(
    reply.body,
    `{"data":{"type":"account","id":"${made.account.id}","attributes":{"status":"active","name":"Книгарня","icon":null,"website":"https://k.example","hp_domain":null,"payment_fee_shift_out":true,"ledger_scheme":"simple","api_ip_white_list":["127.0.0.1","10.0.0.0/8"],"created":1772359200,"updated":1772359200,"report":[],"time_zone":"Europe/Kyiv"},"links":{"self":"/api/account/profile"}}}`,
  )
})

test('200: every currency account is listed, with the decimals of its currency, without entries as zero', async () => {
  const made = await createAccount(t.ctx, { name: 'B', base_currency: 'EUR', currencies: ['JPY', 'EUR', 'BTC', 'KWD'] })
  await t.ctx.sql`
    update currency_accounts set overdraft_limit_minor = 5000, balance_lower_limit_minor = 125
    where account_id = ${made.account.id} and currency = 'KWD'`
  const { data } = (await get('/account/balances', made)).json()
  assert.deepEqual(
    [data.type, data.id, data.links],
    ['account-balances', made.account.id, { self: '/api/account/balances' }],
  )
  const accounts = data.attributes.currency_accounts
  assert.deepEqual(Object.keys(accounts), ['BTC', 'EUR', 'JPY', 'KWD'])
  const ids = await listCurrencyAccounts(t.ctx, made.account.id)
  assert.deepEqual(accounts.EUR, {
    account_id: ids.find((account) => account.currency === 'EUR')?.id,
    active_balance: '0.00',
    pending_balance: '0.00',
    reserved_balance: '0.00',
    overdraft_limit: '0.00',
    balance_lower_limit: null,
  })
  assert.equal(accounts.JPY.active_balance, '0')
  assert.equal(accounts.BTC.active_balance, '0.00000000')
  assert.deepEqual([accounts.KWD.overdraft_limit, accounts.KWD.balance_lower_limit], ['5.000', '0.125'])
})

test('200: live entries of the ledger are in the balance, test entries are not', async () => {
  const made = await createAccount(t.ctx, { name: 'L', base_currency: 'EUR', currencies: ['EUR'] })
  const book = async (test_mode: boolean, credit: string, amount: bigint) => {
    const id = newId('transfer', now)
    const transfer: Transfer = {
      id,
      test_mode,
      currency: 'EUR',
      debit: 'gateway:1',
      credit,
      amount_minor: amount,
      kind: 'posted',
      pending_id: null,
      code: 'payment',
      reference: id,
      subject_id: id,
      created_at: now,
    }
    await t.ctx.sql`
      with guard as (select 1), ${insertTransfers(t.ctx.sql, made.account.id, [transfer], t.ctx.sql`guard`)} select 1`
  }
  await book(false, 'merchant:active', 12_345n)
  await book(false, 'merchant:reserved', 55n)
  await book(true, 'merchant:active', 999n)
  const { EUR } = (await get('/api/account/balances', made)).json().data.attributes.currency_accounts
  assert.deepEqual([EUR.active_balance, EUR.pending_balance, EUR.reserved_balance], ['123.45', '0.00', '0.55'])
})

test('200: an account without currency accounts has an empty list of them', async () => {
  const made = await createAccount(t.ctx, { name: 'N', base_currency: 'EUR', currencies: [] })
  assert.deepEqual((await get('/api/account/balances', made)).json().data.attributes, { currency_accounts: [] })
})

test('403: the wrong address; an inactive account; 200: an account in moderation may read', async () => {
  const far = await createAccount(t.ctx, { name: 'F', base_currency: 'EUR', api_ip_allowlist: ['192.0.2.0/24'] })
  assert.equal((await get('/api/account/profile', far)).statusCode, 403)
  const off = await createAccount(t.ctx, { name: 'O', base_currency: 'EUR', status: 'inactive' })
  assert.equal((await get('/api/account/profile', off)).statusCode, 403)
  const waiting = await createAccount(t.ctx, { name: 'W', base_currency: 'EUR', status: 'moderation_pending' })
  assert.equal((await get('/api/account/balances', waiting)).statusCode, 200)
})
