/** Whatever the server remembers of settings: a change made elsewhere, in any table it comes from, is seen. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fastify from 'fastify'
import { createAccount } from '../../apps/server/src/accounts/create-account.ts'
import { createShop } from '../../apps/server/src/accounts/create-shop.ts'
import { listCurrencyAccounts } from '../../apps/server/src/accounts/currency-accounts.ts'
import { findAccount, findAccountByPublicKey } from '../../apps/server/src/accounts/find-account.ts'
import { findShop } from '../../apps/server/src/accounts/find-shop.ts'
import { privateKey } from '../../apps/server/src/accounts/private-key.ts'
import { signForShop } from '../../apps/server/src/accounts/sign-for-shop.ts'
import type { Context } from '../../apps/server/src/context.ts'
import { connect } from '../../apps/server/src/database/connect.ts'
import { noticeChanges, type SettingsTable, settingsTables } from '../../apps/server/src/database/settings-memory.ts'
import { currencies } from '../../apps/server/src/directory/currencies.ts'
import { exchangeRate } from '../../apps/server/src/directory/exchange-rate.ts'
import { findService, listServices } from '../../apps/server/src/directory/find-service.ts'
import { loadStarterDirectory } from '../../apps/server/src/directory/load-starter.ts'
import { pictureRoutes } from '../../apps/server/src/directory/picture-routes.ts'
import { saveAccountServices } from '../../apps/server/src/directory/save-account-services.ts'
import { platform, saveSettings, settingsAbove } from '../../apps/server/src/routing/cascade-settings.ts'
import { loadRouting } from '../../apps/server/src/routing/load-routing.ts'
import { type TestContext, testContext } from '../context.ts'
import { allSources } from '../tidy/sources.ts'

let t: TestContext
let account_id: string
let public_key: string
let shop_id: number

before(async () => {
  t = await testContext()
  const { ctx } = t
  await loadStarterDirectory(ctx)
  const { account, keys } = await createAccount(ctx, { name: 'Harbour Books', base_currency: 'EUR' })
  account_id = account.id
  public_key = keys.test.public_key
  await saveAccountServices(ctx, account_id, ['payment_card_usd_hpp'])
  const made = await createShop(ctx, account_id, { name: 'Harbour Books' })
  assert.ok(made)
  shop_id = made.shop.shop_id
  await saveSettings(ctx, { owner: platform, written: { max_attempts: 3 }, changed_by: 'test' })
  const credentials = ctx.secrets.encrypt(
    JSON.stringify({ base_url: 'http://127.0.0.1:9', terminal: 't', api_key: 'k', webhook_secret: 'w' }),
    'gateway:1',
  )
  const routes = [{ gateway_id: 1 }]
  const rule = { id: 'r', name: 'r', active: true, conditions: {}, cascade: {}, on_empty: 'fail' }
  const rules = [{ ...rule, strategy: { type: 'priority', routes } }]
  const scheme = { id: 's', name: 's', kind: 'payment', time_zone: 'UTC', rules, on_no_rule: 'fail' }
  await ctx.sql`
    with gateway as (
      insert into gateways (gateway_id, name, connector, test_mode, credentials_encrypted, merchant_account_id)
      values (1, 'One', 'acquirer', true, ${credentials}, 'ma_1')
    ), tariff as (
      insert into gateway_tariffs (gateway_id, valid_from, currency, rate_percent, fix_minor)
      values (1, '2020-01-01', 'USD', 2, 0)
    ), rate as (
      insert into exchange_rates (account_id, from_currency, to_currency, rate) values (${account_id}, 'EUR', 'USD', 1.1)
    )
    insert into routing_schemes (account_id, id, name) values (${account_id}, 's', 's')`
  await ctx.sql`
    insert into routing_versions (account_id, scheme_id, number, kind, status, scheme)
    values (${account_id}, 's', 1, 'payment', 'published', ${JSON.stringify(scheme)}::json)`
})
after(() => t.close())

async function logoStatus(ctx: Context, side: 'payment' | 'payout', code: string): Promise<number> {
  const app = fastify()
  app.setErrorHandler((_error, _request, reply) => reply.code(404).send())
  pictureRoutes(app, ctx)
  return (await app.inject(`/${side}_methods/${code}/logo.png`)).statusCode
}

type Reading = {
  readonly read: (ctx: Context) => Promise<unknown>
  readonly tables: readonly SettingsTable[]
  /** Read as well, without any part in the value. */
  readonly beside?: readonly SettingsTable[]
}

const serviceTables = [
  'account_payment_services',
  'accounts',
  'payment_services',
  'payment_methods',
  'routing_versions',
  'gateways',
] as const

const readings: Readonly<Record<string, Reading>> = {
  account: { read: (ctx) => findAccount(ctx, account_id), tables: ['accounts'] },
  'owner of a public key': {
    read: (ctx) => findAccountByPublicKey(ctx, public_key),
    tables: ['account_keys', 'accounts'],
  },
  'private key': { read: (ctx) => privateKey(ctx, account_id, true), tables: ['account_keys'] },
  'currency accounts': { read: (ctx) => listCurrencyAccounts(ctx, account_id), tables: ['currency_accounts'] },
  currencies: { read: async (ctx) => [...(await currencies(ctx))], tables: ['currencies'] },
  'exchange rate': { read: (ctx) => exchangeRate(ctx, account_id, 'EUR', 'USD'), tables: ['exchange_rates'] },
  service: {
    read: (ctx) => findService(ctx, account_id, 'payment_card_usd_hpp', true),
    tables: serviceTables,
    beside: ['gateway_tariffs'],
  },
  services: { read: (ctx) => listServices(ctx, account_id), tables: serviceTables, beside: ['gateway_tariffs'] },
  routing: {
    read: async (ctx) => {
      const { version_id, gateways } = await loadRouting(ctx, account_id)
      return [version_id, ...[...gateways.values()].map(({ status, tariff }) => [status, tariff?.rate_percent])]
    },
    tables: ['routing_versions', 'gateways', 'gateway_tariffs'],
  },
  'settings of the cascade': { read: (ctx) => settingsAbove(ctx, account_id), tables: ['cascade_settings'] },
  shop: { read: (ctx) => findShop(ctx, shop_id), tables: ['shops'] },
  'signature of a shop': { read: (ctx) => signForShop(ctx, { account_id, shop_id }, '{}'), tables: ['shops'] },
  'picture of a payment method': { read: (ctx) => logoStatus(ctx, 'payment', 'test'), tables: ['payment_methods'] },
  'picture of a payout method': { read: (ctx) => logoStatus(ctx, 'payout', 'test'), tables: ['payout_methods'] },
}

/** Each of them changes every value that comes from the table, however often it is done. */
const changes: Readonly<Record<SettingsTable, string>> = {
  account_keys: `update account_keys set public_key = reverse(public_key),
    private_key_encrypted = set_byte(private_key_encrypted, 20, 255 - get_byte(private_key_encrypted, 20))`,
  account_payment_services: 'update account_payment_services set fee_rate = fee_rate + 1',
  accounts: `update accounts set name = name || '!', base_currency = case base_currency when 'EUR' then 'GBP' else 'EUR' end`,
  cascade_settings: `insert into cascade_settings (owner, version, settings, changed_by, changed_at)
    select owner, version + 1, json_build_object('max_attempts', 4 + version % 3), changed_by, changed_at
    from cascade_settings order by version desc limit 1`,
  currencies: `update currencies set name = name || '!'`,
  currency_accounts: 'update currency_accounts set overdraft_limit_minor = overdraft_limit_minor + 1',
  exchange_rates: 'update exchange_rates set rate = rate + 1',
  gateway_tariffs: 'update gateway_tariffs set rate_percent = rate_percent + 1',
  gateways: `update gateways set status = case status when 'active' then 'off' else 'active' end`,
  payment_methods: `update payment_methods set description = description || '!',
    logo = case when logo like '%.png' then replace(logo, '.png', '.svg') else replace(logo, '.svg', '.png') end`,
  payment_services: 'update payment_services set amount_max_minor = amount_max_minor - 1',
  payout_methods: `update payout_methods set logo =
    case when logo like '%.png' then replace(logo, '.png', '.svg') else replace(logo, '.svg', '.png') end`,
  routing_versions: `update routing_versions set status = case status when 'published' then 'archived' else 'published' end`,
  shops: `update shops set name = name || '!',
    secret_encrypted = set_byte(secret_encrypted, 20, 255 - get_byte(secret_encrypted, 20))`,
}

const shown = async (value: Promise<unknown>): Promise<string> =>
  JSON.stringify(await value.catch(String), (_key, part) => (typeof part === 'bigint' ? String(part) : part))

for (const [what, { read, tables }] of Object.entries(readings)) {
  for (const table of tables) {
    test(`${what}: a change of ${table} is seen`, async () => {
      const ctx = { ...t.ctx }
      await noticeChanges(ctx)
      const before = await shown(read(ctx))
      await t.ctx.sql.unsafe(changes[table])
      await noticeChanges(ctx)
      assert.notEqual(await shown(read(ctx)), before)
      await t.ctx.sql.unsafe(changes[table])
    })
  }
}

test('the tables named above are the tables that are read', async () => {
  for (const [what, { read, tables, beside }] of Object.entries(readings)) {
    const statements: string[] = []
    const sql = connect(t.database_url, {
      connections_max: 1,
      application_name: 'cascad-test',
      watch: (statement) => void statements.push(statement),
    })
    await read({ ...t.ctx, sql })
    await sql.end({ timeout: 1 })
    const names = statements.flatMap((statement) =>
      [...statement.matchAll(/\b(?:from|join)\s+"?([a-z_]+)/g)].map(([, name]) => name as SettingsTable),
    )
    const settings = new Set(names.filter((name) => settingsTables.includes(name)))
    assert.deepEqual([...settings].sort(), [...tables, ...(beside ?? [])].sort(), what)
  }
})

test('every memory of settings is tried here', () => {
  const memories = allSources()
    .filter(({ path }) => /^apps\/server\/src\//.test(path) && !/\.test\.ts$/.test(path))
    .flatMap(({ path, text }) => [...text.matchAll(/= settingsMemory</g)].map(() => path))
  // A file with two memories stands here twice. Whoever adds a memory adds a reading above, and its file here.
  const tried = [
    'accounts/currency-accounts.ts',
    'accounts/find-account.ts',
    'accounts/find-account.ts',
    'accounts/find-shop.ts',
    'accounts/private-key.ts',
    'accounts/sign-for-shop.ts',
    'directory/currencies.ts',
    'directory/exchange-rate.ts',
    'directory/find-service.ts',
    'directory/find-service.ts',
    'directory/picture-routes.ts',
    'routing/cascade-settings.ts',
    'routing/load-routing.ts',
    'routing/load-routing.ts',
  ]
  assert.deepEqual(
    memories.sort(),
    tried.map((path) => `apps/server/src/${path}`),
  )
})
