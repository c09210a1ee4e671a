import assert from 'node:assert/strict'
import { verify } from 'node:crypto'
import { after, before, test } from 'node:test'
import { Value } from 'typebox/value'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { demoTerminals, gatewayCredentials } from '../../../simulators/src/terminals/terminal.ts'
import { demoAccounts } from '../../demo/accounts.ts'
import { demoGateways } from '../../demo/gateways.ts'
import { demoProviders } from '../../demo/providers.ts'
import { listCurrencyAccounts } from '../accounts/currency-accounts.ts'
import { findAccountByApiKey, findAccountByPublicKey, getAccount } from '../accounts/find-account.ts'
import { findShop, verifyShopSecret } from '../accounts/find-shop.ts'
import { privateKey } from '../accounts/private-key.ts'
import { rotateShopSecret } from '../accounts/rotate-shop.ts'
import { defaultShopSettings } from '../accounts/shop.ts'
import { signForShop } from '../accounts/sign-for-shop.ts'
import { exchangeRate } from '../directory/exchange-rate.ts'
import { isUsable, listServices } from '../directory/find-service.ts'
import { createServer } from '../http/server.ts'
import { isId } from '../ids.ts'
import { providerRoutes } from '../provider-api/routes.ts'
import { replaceCredentials } from '../routing/replace-credentials.ts'
import { demoRoutes } from './routes.ts'
import { seedDemo } from './seed-demo.ts'

const urls = { simulators: 'http://127.0.0.1:4001' }
const first = 'coma_Demo4DocsAccount'
let t: TestContext
before(async () => {
  t = await testContext()
  await seedDemo(t.ctx, urls)
})
after(() => t.close())

/** All rows of the demo world; encrypted values differ at every writing. */
async function world(): Promise<string> {
  const rows = await t.ctx.sql`
    select json_build_array(
      (select json_agg(a order by id) from accounts a),
      (select json_agg(json_build_array(account_id, test_mode, public_key) order by account_id, test_mode) from account_keys),
      (select json_agg(c order by account_id, currency) from currency_accounts c),
      (select json_agg(s order by account_id, id) from account_payment_services s),
      (select json_agg(r order by account_id, from_currency, to_currency) from exchange_rates r),
      (select json_agg(json_build_array(gateway_id, name, status, merchant_account_id) order by gateway_id) from gateways),
      (select json_agg(v order by account_id) from routing_versions v),
      (select json_agg(s order by shop_id) from shops s))::text as world`
  return rows[0]?.world
}

test('a second start changes nothing', async () => {
  const before = await world()
  await seedDemo(t.ctx, urls)
  assert.equal(await world(), before)
})

test('the first account is the one of the samples', async () => {
  const owner = await findAccountByPublicKey(t.ctx, 'pk_test_ClSQHi2T9WXuFa76WcwwBB6rspRpg6ANM69cS9zNOJy')
  assert.equal(owner?.test_mode, true)
  const { id, name, description, website, base_currency, status, options } = owner!.account
  assert.deepEqual(
    { id, name, description, website, base_currency, status },
    {
      id: first,
      name: '4Docs',
      description: '4Docs only',
      website: 'https://lets.doc.it',
      base_currency: 'GBP',
      status: 'active',
    },
  )
  assert.equal(options.allow_host_to_host, true)
})

test('the first account may use every service in test mode and all but the test method live, without fees', async () => {
  const services = await listServices(t.ctx, first)
  assert.deepEqual(
    services.filter((service) => service.test_mode && !isUsable(service)),
    [],
  )
  for (const service of services.filter((service) => !service.test_mode)) {
    assert.equal(isUsable(service), service.method.code !== 'test', service.service)
  }
  assert.ok(services.every((service) => service.fee_rate === '0' && service.fee_fix_minor === 0n))
  const open = (await listCurrencyAccounts(t.ctx, first)).map((account) => account.currency)
  for (const currency of 'USD EUR GBP UAH RUB KZT PLN BRL INR JPY KWD BTC XTS'.split(' '))
    assert.ok(open.includes(currency), currency)
})

test('the other accounts have fees, a reserve, rates, a Cyrillic name, a state that waits', async () => {
  const [nordic, knyharnia, sunrise] = demoAccounts.slice(1).map((account) => account.settings.id)
  const service = (await listServices(t.ctx, nordic!)).find(({ service }) => service === 'payment_card_usd_hpp')
  assert.deepEqual(
    [service?.fee_rate, service?.fee_fix_minor, service?.reserve_rate, service?.reserve_lifetime_minutes],
    ['3', 10n, '10', 10_080],
  )
  assert.equal((await getAccount(t.ctx, knyharnia!)).options.fee_strategy, 'external')
  assert.match((await getAccount(t.ctx, knyharnia!)).name, /^Книгарня/)
  assert.equal(await exchangeRate(t.ctx, knyharnia!, 'USD', 'UAH'), '41.5')
  assert.equal((await getAccount(t.ctx, sunrise!)).status, 'moderation_pending')
})

test('the credentials of every gateway are as its connector wants them', async () => {
  const rows = await t.ctx.sql<{ gateway_id: number; connector: string; credentials_encrypted: Buffer }[]>`
    select gateway_id, connector, credentials_encrypted from gateways`
  assert.equal(rows.length, demoGateways.length + 2 * demoProviders.length)
  for (const row of rows) {
    const credentials = JSON.parse(t.ctx.secrets.decrypt(row.credentials_encrypted, `gateway:${row.gateway_id}`))
    const connector = t.ctx.connectors.get(row.connector)
    assert.ok(connector, row.connector)
    assert.deepEqual([...Value.Errors(connector.credentials, credentials)], [], `gateway ${row.gateway_id}`)
    if (row.connector === 'cascade') continue
    const { terminal, connector: provider } = demoGateways.find(({ gateway_id }) => gateway_id === row.gateway_id)!
    assert.ok(
      demoTerminals.some((known) => known.name === terminal && known.provider === provider),
      terminal,
    )
    assert.deepEqual(credentials, gatewayCredentials(urls.simulators, terminal, provider))
  }
})

test('every scheme names gateways that exist, and every id is well-formed', async () => {
  const known = new Set([
    ...demoGateways.map(({ gateway_id }) => gateway_id),
    ...demoProviders.flatMap(({ test_gateway_id, live_gateway_id }) => [test_gateway_id, live_gateway_id]),
  ])
  for (const { settings, scheme } of demoAccounts) {
    assert.ok(isId('account', settings.id), settings.id)
    assert.ok(isId('scheme', scheme.id), scheme.id)
    for (const rule of scheme.rules) {
      assert.ok(rule.strategy.routes.length > 0, rule.name)
      for (const route of rule.strategy.routes)
        assert.ok(known.has(route.gateway_id), `${rule.name}: ${route.gateway_id}`)
    }
  }
  const rows = await t.ctx.sql`select account_id from routing_versions where status = 'published'`
  assert.equal(rows.length, demoAccounts.length)
})

test('what an operator switched off stays off, what was published stays in force', async () => {
  await t.ctx.sql`update gateways set status = 'off' where gateway_id = 410`
  await t.ctx.sql`update routing_versions set status = 'archived' where account_id = ${first}`
  await t.ctx.sql`
    insert into routing_versions (account_id, scheme_id, number, kind, status, scheme, published_at)
    select account_id, scheme_id, 2, kind, 'published', scheme, now() from routing_versions where account_id = ${first}`
  await seedDemo(t.ctx, { simulators: 'http://127.0.0.1:9999' })
  const [gateway] = await t.ctx.sql`select status, credentials_encrypted from gateways where gateway_id = 410`
  assert.equal(gateway?.status, 'off')
  assert.match(t.ctx.secrets.decrypt(gateway?.credentials_encrypted, 'gateway:410'), /127\.0\.0\.1:9999/)
  await seedDemo(t.ctx, urls)
  const versions = await t.ctx
    .sql`select number, status from routing_versions where account_id = ${first} order by number`
  assert.deepEqual(
    versions.map((version) => [version.number, version.status]),
    [
      [1, 'archived'],
      [2, 'published'],
    ],
  )
})

test('the credentials that the demo gives out open the accounts', async () => {
  const app = await createServer(t.ctx, [demoRoutes])
  const reply = await app.inject('/demo/credentials.json')
  assert.equal(reply.statusCode, 200)
  const document = reply.json()
  assert.deepEqual(Object.keys(document), ['accounts', 'shops', 'providers', 'people', 'simulators'])
  assert.deepEqual([document.people, document.simulators], [[], urls.simulators])
  assert.equal(document.accounts.length, demoAccounts.length)
  for (const { id, name, api_key, test: test_keys, live } of document.accounts) {
    assert.match(api_key, /^[A-Za-z0-9_-]{43}$/)
    assert.equal((await findAccountByApiKey(t.ctx, id, api_key))?.name, name)
    assert.deepEqual((await findAccountByPublicKey(t.ctx, live.public_key))?.test_mode, false)
    assert.deepEqual((await findAccountByPublicKey(t.ctx, test_keys.public_key))?.account.id, id)
    assert.equal(await privateKey(t.ctx, id, true), test_keys.private_key)
    assert.equal(await privateKey(t.ctx, id, false), live.private_key)
  }
  const text = await app.inject('/demo/credentials.txt')
  assert.equal(text.body, `${first}:${document.accounts[0].api_key}\n`)
  assert.match(String(text.headers['content-type']), /^text\/plain/)
  await app.close()
})

test('the credentials that the demo gives out open the dashboard of every provider, also after a change', async () => {
  const app = await createServer(t.ctx, [demoRoutes, providerRoutes])
  const { providers } = (await app.inject('/demo/credentials.json')).json()
  assert.deepEqual(
    providers.map(({ id, name }: { id: string; name: string }) => [id, name]),
    demoProviders.map(({ id, name }) => [id, name]),
  )
  const statuses = () =>
    Promise.all(
      providers.map(async ({ login, password }: { login: string; password: string }) => {
        const answer = await app.inject({
          method: 'POST',
          url: '/provider-api/auth/sign-in/email',
          headers: { origin: t.ctx.config.public_url, 'content-type': 'application/json' },
          payload: JSON.stringify({ email: login, password }),
        })
        return answer.statusCode
      }),
    )
  assert.deepEqual(await statuses(), [200, 200])
  await t.ctx.sql`update auth_account set password = (select password from auth_account limit 1)`
  assert.deepEqual((await statuses()).sort(), [200, 401])
  await seedDemo(t.ctx, urls)
  assert.deepEqual(await statuses(), [200, 200])
  await app.close()
})

test('a start leaves an endpoint and a key alone that the provider has changed, and follows simulators that have moved', async () => {
  const [volga, neva] = demoProviders as [(typeof demoProviders)[number], (typeof demoProviders)[number]]
  const gatewayOf = async (gateway_id: number) => {
    const [row] = await t.ctx
      .sql`select credentials_encrypted, status, name from gateways where gateway_id = ${gateway_id}`
    const credentials = JSON.parse(t.ctx.secrets.decrypt(row?.credentials_encrypted, `gateway:${gateway_id}`))
    return { status: row?.status, name: row?.name, credentials }
  }
  const own = { endpoint_url: 'https://desk.example/cascade', api_key: 'a-key-of-its-own-1', window_minutes: 20 }
  const seeded = {
    endpoint_url: `${urls.simulators}/traders/${neva.desk}/cascade`,
    api_key: `sim_cascade_key_${neva.desk}`,
  }
  await replaceCredentials(t.ctx, t.ctx.sql, volga.test_gateway_id, () => own)
  await replaceCredentials(t.ctx, t.ctx.sql, neva.test_gateway_id, (before) => ({ ...before, window_minutes: 45 }))
  await t.ctx.sql`
    update gateways set status = 'misconfigured', name = 'Renamed'
    where gateway_id in (${volga.test_gateway_id}, ${neva.test_gateway_id})`
  await seedDemo(t.ctx, urls)
  assert.deepEqual(await gatewayOf(volga.test_gateway_id), {
    status: 'misconfigured',
    name: 'Renamed',
    credentials: own,
  })
  const kept = { ...seeded, window_minutes: 45 }
  assert.deepEqual(await gatewayOf(neva.test_gateway_id), { status: 'active', name: 'Renamed', credentials: kept })
  await seedDemo(t.ctx, { simulators: 'http://127.0.0.1:4999' })
  assert.deepEqual((await gatewayOf(volga.test_gateway_id)).credentials, own)
  const moved = { ...kept, endpoint_url: `http://127.0.0.1:4999/traders/${neva.desk}/cascade` }
  assert.deepEqual((await gatewayOf(neva.test_gateway_id)).credentials, moved)
  await t.ctx.sql`update gateways set credentials_encrypted = '\\x00' where gateway_id = ${neva.test_gateway_id}`
  await seedDemo(t.ctx, urls)
  assert.deepEqual((await gatewayOf(neva.test_gateway_id)).credentials, seeded, 'nobody could read what was there')
})

test('the shops of the first account are as the contract wants them', async () => {
  const settings = async (shop_id: number) => (await findShop(t.ctx, shop_id))?.settings
  for (const [shop_id, three_d_secure] of [
    [361, 'off'],
    [362, 'auto'],
  ] as const) {
    assert.deepEqual(await settings(shop_id), {
      ...defaultShopSettings,
      test_mode: true,
      raw_card_data: true,
      return_token: 'always',
      rate_limit: null,
      three_d_secure,
    })
  }
  const [inTest, live] = [await settings(363), await settings(364)]
  assert.deepEqual([inTest?.automatic_cascading, inTest?.test_mode], [true, true])
  assert.deepEqual([live?.automatic_cascading, live?.test_mode, live?.raw_card_data], [true, false, true])
  const rule = demoAccounts[0]?.scheme.rules.find(({ id }) => id === 'cards-test')
  assert.deepEqual(
    rule?.strategy.routes.map(({ gateway_id }) => gateway_id),
    [408, 409, 410],
  )
  const names = demoGateways.filter(({ gateway_id }) => [408, 409, 410].includes(gateway_id)).map(({ name }) => name)
  assert.deepEqual(names, ['Test gateway A', 'Test gateway B', 'Test gateway C'])
})

test('the credentials that the demo gives out open the shops, and their keys check what is signed', async () => {
  const app = await createServer(t.ctx, [demoRoutes])
  const { shops } = (await app.inject('/demo/credentials.json')).json()
  assert.deepEqual(
    shops.map((shop: { shop_id: number }) => shop.shop_id),
    [361, 362, 363, 364],
  )
  for (const { shop_id, account_id, secret, public_key } of shops) {
    assert.equal(account_id, first)
    assert.ok(verifyShopSecret(await findShop(t.ctx, shop_id), secret))
    const signed = await signForShop(t.ctx, { account_id, shop_id }, 'a body')
    const signature = Buffer.from(signed.content_signature, 'base64')
    assert.ok(verify('sha256', Buffer.from('a body'), public_key, signature))
    assert.equal((await app.inject(`/demo/credentials.txt?shop=${shop_id}`)).body, `${shop_id}:${secret}\n`)
  }
  for (const wrong of ['1', '0361', 'x', '']) {
    assert.equal((await app.inject(`/demo/credentials.txt?shop=${wrong}`)).statusCode, 404, wrong)
  }
  await app.close()
})

test('a start gives a shop back the secret that the demo tells, and keeps its key pair', async () => {
  const before = await findShop(t.ctx, 362)
  const secret = (await rotateShopSecret(t.ctx, 362)) ?? ''
  await seedDemo(t.ctx, urls)
  const after = await findShop(t.ctx, 362)
  assert.equal(verifyShopSecret(after, secret), false)
  assert.deepEqual(after, before)
})

test('notifications nobody else asked for go where the demo says', async () => {
  const notifications = 'http://127.0.0.1:4001/shop/notifications'
  await seedDemo(t.ctx, { ...urls, notifications })
  assert.equal((await findShop(t.ctx, 361))?.settings.notification_url, notifications)
  await seedDemo(t.ctx, urls)
  assert.equal((await findShop(t.ctx, 361))?.settings.notification_url, null)
})

test('production has no demo paths', async () => {
  const ctx = { ...t.ctx, config: { ...t.ctx.config, mode: 'production' as const } }
  const app = await createServer(ctx, [demoRoutes])
  for (const path of ['/demo/credentials.json', '/demo/credentials.txt'])
    assert.equal((await app.inject(path)).statusCode, 404)
  await app.close()
})
