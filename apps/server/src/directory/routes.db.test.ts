import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { inflateSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { Value } from 'typebox/value'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { createAccount } from '../accounts/create-account.ts'
import type { AccountKeys } from '../accounts/keys.ts'
import { createServer } from '../http/server.ts'
import { saveExchangeRates } from './exchange-rate.ts'
import { forgetServices } from './find-service.ts'
import { loadStarterDirectory } from './load-starter.ts'
import { paymentPrerequestReply, paymentServiceListReply, paymentServiceReply } from './resource-schema.ts'
import { directoryRoutes } from './routes.ts'
import { freeTerms, saveAccountServices } from './save-account-services.ts'

let t: TestContext
let app: FastifyInstance
let id: string
let keys: AccountKeys
const codes = [
  'payment_card_usd_hpp',
  'test_usd_test',
  'payment_card_uah_hpp',
  'konbini_jpy_hpp',
  'bank_transfer_usd_hpp',
]

before(async () => {
  t = await testContext()
  await loadStarterDirectory(t.ctx)
  const made = await createAccount(t.ctx, {
    name: '4Docs',
    description: '4Docs only',
    base_currency: 'GBP',
    currencies: ['USD', 'GBP'],
  })
  id = made.account.id
  keys = made.keys
  await routeEverything(id)
  await saveAccountServices(t.ctx, id, codes)
  app = await createServer(t.ctx, [directoryRoutes])
})
after(async () => {
  await app.close()
  await t.close()
})

/** A gateway of every connector in test mode, and a scheme that may choose them all. */
async function routeEverything(account_id: string): Promise<void> {
  const routes: { gateway_id: number }[] = []
  const credentials: Record<string, object> = {
    test: { base_url: 'http://127.0.0.1:9' },
    acquirer: { base_url: 'http://127.0.0.1:9', terminal: 't', api_key: 'k', webhook_secret: 'w' },
    redirect: { base_url: 'http://127.0.0.1:9', shop: 's', secret: 'w' },
  }
  for (const [index, connector] of Object.keys(credentials).entries()) {
    const gateway_id = index + 1
    const encrypted = t.ctx.secrets.encrypt(JSON.stringify(credentials[connector]), `gateway:${gateway_id}`)
    await t.ctx.sql`
      insert into gateways (gateway_id, name, connector, test_mode, credentials_encrypted, merchant_account_id)
      values (${gateway_id}, ${connector}, ${connector}, true, ${encrypted}, 'ma_0000000000000001')`
    routes.push({ gateway_id })
  }
  const rule = {
    id: 'r',
    name: 'r',
    active: true,
    conditions: {},
    strategy: { type: 'priority', routes },
    cascade: {},
    on_empty: 'fail',
  }
  const scheme = { id: 's', name: 's', kind: 'payment', time_zone: 'UTC', rules: [rule], on_no_rule: 'fail' }
  await t.ctx.sql`insert into routing_schemes (account_id, id, name) values (${account_id}, 's', 's')`
  await t.ctx.sql`
    insert into routing_versions (account_id, scheme_id, number, kind, status, scheme)
    values (${account_id}, 's', 1, 'payment', 'published', ${JSON.stringify(scheme)}::json)`
}

const get = (path: string, key = keys.api_key) =>
  app.inject({ url: path, headers: { authorization: `Basic ${Buffer.from(`${id}:${key}`).toString('base64')}` } })
const prerequest = (body: object) =>
  app.inject({ method: 'POST', url: '/public-api/payment-prerequest', payload: body })

test('200: a page of services in the frame and the key order of the samples', async () => {
  const reply = await get('/api/payment-services?page[size]=3')
  assert.equal(reply.statusCode, 200)
  assert.match(
    reply.body,
    /^\{"meta":\{"total":10,"pages":4,"page":1\},"links":\{"first":"\/api\/payment-services\?page\[number\]=1&page\[size\]=3","next":"\/api\/payment-services\?page\[number\]=2&page\[size\]=3","last":"\/api\/payment-services\?page\[number\]=4&page\[size\]=3"\},"data":\[/,
  )
  assert.ok(Value.Check(paymentServiceListReply, reply.json()))
  const [first] = reply.json().data
  assert.equal(
    JSON.stringify(first),
    `{"type":"payment-services","id":"${first.id}","attributes":{"service":"payment_card_usd_hpp","service_method":"payment_card","service_currency":"USD","available":true,"active":true,"enabled":true,"amount_min":0.01,"amount_max":1000000,"fee_min":0,"fee_max":0,"fee_rate":0,"fee_fix":0,"reserve_lifetime":0,"reserve_rate":0,"currency":"GBP","test_mode":true},"relationships":{"payment-method":{"data":{"type":"payment-methods","id":"payment_card"}},"payment-service":{"data":{"type":"payment-services","id":"payment_card_usd_hpp"}}},"links":{"self":"/api/payment-services/${first.id}"}}`,
  )
})

test('200: following next reads every service once; the other prefix gives the same links', async () => {
  const seen: string[] = []
  let next = '/payment-services?page[size]=4'
  while (next !== '') {
    const page = (await get(next)).json()
    seen.push(...page.data.map((service: { id: string }) => service.id))
    next = page.links.next
    assert.ok(next === '' || next.startsWith('/api/payment-services?'), next)
  }
  assert.equal(seen.length, codes.length * 2)
  assert.equal(new Set(seen).size, seen.length)
})

test('200: prev from page 2 on, an empty page past the end, one page of nothing', async () => {
  const second = (await get('/api/payment-services?page[number]=2&page[size]=4')).json()
  assert.equal(second.links.prev, '/api/payment-services?page[number]=1&page[size]=4')
  const past = (await get('/api/payment-services?page[number]=9&page[size]=4')).json()
  assert.deepEqual([past.data, past.meta, past.links.next], [[], { total: 10, pages: 3, page: 9 }, ''])
  const nothing = (await get('/api/payment-services?filter[service]=none')).json()
  assert.deepEqual([nothing.data, nothing.meta], [[], { total: 0, pages: 1, page: 1 }])
})

test('200: filters narrow the list and stay in the links', async () => {
  const count = async (query: string) => (await get(`/api/payment-services?${query}`)).json().meta.total
  assert.equal(await count('filter[test_mode]=true'), 5)
  assert.equal(await count('filter[test_mode]=0&filter[service_method]=payment_card'), 2)
  assert.equal(await count('filter[service_currency]=jpy'), 2)
  assert.equal(await count('filter[currency]=GBP'), 10)
  assert.equal(await count('filter[available]=1'), 5)
  assert.equal(await count('filter[enabled]=false'), 0)
  assert.equal(await count('filter[service][eq]=test_usd_test'), 2)
  const page = (await get('/api/payment-services?filter[test_mode]=1&page[size]=2')).json()
  assert.equal(page.links.next, '/api/payment-services?page[number]=2&page[size]=2&filter[test_mode]=1')
})

test('200: one service is the same object as in the list', async () => {
  const [first] = (await get('/api/payment-services')).json().data
  const reply = await get(`/payment-services/${first.id}/?include=x`)
  assert.deepEqual(reply.json(), { data: first })
  assert.ok(Value.Check(paymentServiceReply, reply.json()))
})

test('200: fees, limits and reserve are exact numbers in shortest notation', async () => {
  await saveAccountServices(
    t.ctx,
    id,
    ['konbini_jpy_hpp'],
    {
      ...freeTerms,
      fee_rate: '2.75',
      fee_fix_minor: 10n,
      fee_max_minor: 1_234_567n,
      reserve_rate: null,
      reserve_lifetime_minutes: null,
    },
    [false],
  )
  const body = (await get('/api/payment-services?filter[service]=konbini_jpy_hpp&filter[test_mode]=false')).body
  assert.match(
    body,
    /"amount_min":120,"amount_max":300000,"fee_min":0,"fee_max":12345\.67,"fee_rate":2\.75,"fee_fix":0\.1,"reserve_lifetime":null,"reserve_rate":null,"currency":"GBP","test_mode":false/,
  )
})

test('400: every bad page, filter and sort', async () => {
  const bad = [
    'page[number]=0',
    'page[number]=x',
    'page[size]=101',
    'page[size]=',
    'page=2',
    'page[size]=1.5',
    'page[number][a]=1',
    'filter=x',
    'filter[unknown]=1',
    'filter[service]=',
    'filter[service][ne]=x',
    'filter[service][]=a&filter[service][]=b',
    'filter[test_mode]=maybe',
    'filter[service_currency]=EURO',
    'filter[currency][eq][a]=1',
    'filter[service][eq]=a&filter[service][in]=b',
    'sort=created',
    'filter[toString]=1',
    'filter[service]=%00',
  ]
  for (const query of bad) {
    const reply = await get(`/api/payment-services?${query}`)
    assert.equal(reply.statusCode, 400, query)
    assert.deepEqual([reply.json().errors[0].code, reply.json().errors[0].status], ['400', 'Bad Request'])
    assert.equal(typeof reply.json().errors[0].detail, 'string')
  }
})

test('401, 404, 405: no key, another account’s service, another method', async () => {
  assert.equal((await app.inject('/api/payment-services')).statusCode, 401)
  assert.equal((await get('/api/payment-services', 'wrong')).statusCode, 401)
  const other = await createAccount(t.ctx, { name: 'Other', base_currency: 'USD' })
  await saveAccountServices(t.ctx, other.account.id, ['test_usd_test'])
  const [row] = await t.ctx.sql`select id from account_payment_services where account_id = ${other.account.id} limit 1`
  for (const missing of [row?.id, 'comcps_0000000000000000', 'x', "'", '%00']) {
    assert.equal((await get(`/api/payment-services/${missing}`)).statusCode, 404, missing)
  }
  const posted = await app.inject({ method: 'POST', url: '/api/payment-services' })
  assert.deepEqual([posted.statusCode, posted.headers.allow], [405, 'GET'])
})

test('prerequest 200: the answer of the contract to the letter', async () => {
  const reply = await prerequest({ public_key: keys.test.public_key, currency: 'USD' })
  assert.equal(reply.statusCode, 200)
  assert.ok(Value.Check(paymentPrerequestReply, reply.json()))
  const assets = t.ctx.config.public_url
  const { data } = reply.json()
  assert.deepEqual(Object.keys(data), ['currency', 'test_mode', 'services', 'methods', 'account'])
  assert.deepEqual(Object.keys(data.services), ['payment_card_usd_hpp', 'test_usd_test', 'bank_transfer_usd_hpp'])
  assert.ok(
    reply.body.includes(
      '"payment_card_usd_hpp":{"code":"payment_card_usd_hpp","method":"payment_card","flow":"hpp","currency":"USD","fields":[],"amount_min":0.01,"amount_max":1000000}',
    ),
  )
  assert.ok(
    reply.body.includes(
      '"test_usd_test":{"code":"test_usd_test","method":"test","flow":"test","currency":"USD","fields":[{"key":"status","type":"string","label":{"ru":"Статус","en":"Status","uk":"Статус"},"example":null,"hint":{"ru":"Введите статус","en":"Enter Status","uk":"Введіть статус"},"regexp":"^[a-zA-Z_]*$","required":true,"position":0}],"amount_min":0.01,"amount_max":9999999}',
    ),
  )
  assert.ok(
    reply.body.includes(
      `"payment_card":{"code":"payment_card","category":"payment_card","description":"","name":{"en":"Payment card","ru":"Платежная карта","uk":"Платіжна карта"},"logo":"${assets}/payment_methods/payment_card/logo.svg","icon":"${assets}/payment_methods/payment_card/icon.svg","metadata":null,"position":null,"hide":null}`,
    ),
  )
  assert.ok(
    reply.body.includes(
      `"test":{"code":"test","category":"alternative","description":"","name":{"en":"Test","ru":"Тест","uk":"Тест"},"logo":"${assets}/payment_methods/test/logo.png","icon":"${assets}/payment_methods/test/icon.svg","metadata":null,"position":null,"hide":null}`,
    ),
  )
  assert.deepEqual([data.account.name, data.account.description, data.account.website], ['4Docs', '4Docs only', null])
  assert.match(data.account.icon, /\/images\/default\.svg\?\d{10}$/)
})

test('prerequest 200: backslashes of a pattern are doubled, the amount is ignored, forms are read, codes in small letters too', async () => {
  const reply = await app.inject({
    method: 'POST',
    url: '/public-api/payment-prerequest',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: `public_key=${keys.test.public_key}&currency=usd&amount=99999999999`,
  })
  assert.equal(reply.statusCode, 200)
  assert.equal(reply.json().data.currency, 'USD')
  assert.ok(reply.body.includes('"regexp":"^(\\\\\\\\d{4,17}|[A-Z]{2}\\\\\\\\d{2}[A-Z0-9]{11,30})$"'))
  const enveloped = await prerequest({ public_key: keys.test.public_key, data: { attributes: { currency: 'USD' } } })
  assert.deepEqual(enveloped.json(), reply.json())
})

test('prerequest 200: another currency is offered only with a rate; nothing to offer is []', async () => {
  const offered = async (currency: string) =>
    Object.keys((await prerequest({ public_key: keys.test.public_key, currency })).json().data.services)
  assert.deepEqual((await prerequest({ public_key: keys.test.public_key, currency: 'CHF' })).json().data.services, [])
  assert.deepEqual((await prerequest({ public_key: keys.test.public_key, currency: 'CHF' })).json().data.methods, [])
  await saveExchangeRates(t.ctx, id, [{ from: 'UAH', to: 'CHF', rate: '0.02' }])
  assert.deepEqual(await offered('CHF'), ['payment_card_uah_hpp'])
})

test('prerequest 200: what is not usable is not offered; live services without a live gateway are none', async () => {
  assert.deepEqual((await prerequest({ public_key: keys.live.public_key, currency: 'USD' })).json().data.services, [])
  await saveAccountServices(t.ctx, id, ['bank_transfer_usd_hpp'], { ...freeTerms, active: false }, [true])
  const { services, methods } = (await prerequest({ public_key: keys.test.public_key, currency: 'USD' })).json().data
  assert.deepEqual(Object.keys(services), ['payment_card_usd_hpp', 'test_usd_test'])
  assert.deepEqual(Object.keys(methods), ['payment_card', 'test'])
  await saveAccountServices(t.ctx, id, ['bank_transfer_usd_hpp'], freeTerms, [true])
  forgetServices(t.ctx)
})

test('prerequest 401, 403, 422: keys, states and currencies that will not do', async () => {
  for (const public_key of [undefined, '', 'x', keys.api_key, keys.test.private_key, 'pk_test_'.padEnd(51, 'a')]) {
    assert.equal((await prerequest({ public_key, currency: 'USD' })).statusCode, 401, public_key)
  }
  const waiting = await createAccount(t.ctx, { name: 'W', base_currency: 'USD', status: 'moderation_pending' })
  assert.equal((await prerequest({ public_key: waiting.keys.test.public_key, currency: 'USD' })).statusCode, 403)
  const errors = async (currency: unknown) =>
    (await prerequest({ public_key: keys.test.public_key, currency })).json().errors
  assert.deepEqual(await errors(undefined), { currency: 'This value should not be blank.' })
  assert.deepEqual(await errors(''), { currency: 'This value should not be blank.' })
  assert.deepEqual(await errors(7), { currency: 'This value should be of type string.' })
  assert.deepEqual(await errors('ABC'), { currency: 'This value is not a valid currency.' })
})

test('pictures: every method of the directory has the logo and the icon it names', async () => {
  for (const side of ['payment', 'payout']) {
    const rows = await t.ctx.sql<
      { logo: string; icon: string }[]
    >`select logo, icon from ${t.ctx.sql(`${side}_methods`)}`
    for (const path of rows.flatMap((row) => [row.logo, row.icon])) {
      const reply = await app.inject(path)
      assert.equal(reply.statusCode, 200, path)
      assert.equal(reply.headers['content-type'], path.endsWith('.png') ? 'image/png' : 'image/svg+xml')
      assert.match(String(reply.headers['content-security-policy']), /default-src 'none'/)
    }
  }
  assert.equal((await app.inject('/images/default.svg?1')).statusCode, 200)
  for (const missing of [
    '/payment_methods/none/logo.svg',
    '/payment_methods/payment_card/logo.png',
    '/payment_methods/%00/icon.svg',
  ]) {
    assert.equal((await app.inject(missing)).statusCode, 404, missing)
  }
})

test('pictures: the PNG holds as many rows as it says', async () => {
  const png = (await app.inject('/payment_methods/test/logo.png')).rawPayload
  assert.deepEqual([...png.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)]
  const start = png.indexOf('IDAT') + 4
  const rows = inflateSync(png.subarray(start, start + png.readUInt32BE(start - 8)))
  assert.equal(rows.length, (width + 1) * height)
})

test('pictures: a name from outside cannot become markup', async () => {
  await t.ctx.sql`
    insert into payment_methods (code, category, name, logo, icon)
    values ('evil', 'cash', ${JSON.stringify({ en: '"><script>alert(1)</script>' })}::json, '', '')`
  const { body } = await app.inject('/payment_methods/evil/logo.svg')
  assert.equal(body.includes('<script'), false)
})
