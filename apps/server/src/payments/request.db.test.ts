import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import type { Account } from '../accounts/account.ts'
import { getAccount } from '../accounts/find-account.ts'
import { seedDemo } from '../demo/seed-demo.ts'
import { type JsonObject, parseJson } from '../http/json.ts'
import { InvalidFields } from '../http/problem.ts'
import { placePayment } from './place-payment.ts'
import { type PaymentAsker, type PaymentRequest, readNewPayment, readPaymentKey } from './request.ts'

const now = new Date('2025-06-15T12:00:00.400Z')
const blank = 'This value should not be blank.'
const text = 'This value should be of type string.'
const bool = 'This value should be of type bool.'
const object = 'This value should be of type object.'
const invalid = 'This value is not valid.'
const url = 'This value is not a valid URL.'
const refused = 'This URL is not allowed.'
const window = 'This value should be between 14 minutes and 2 days from now.'
const tooLong = (limit: number): string => `This value is too long. The limit is ${limit} characters.`

const good: JsonObject = { service: 'payment_card_usd_hpp', currency: 'USD', amount: 100, test_mode: true }
const ownServer: PaymentAsker = { api: 'private' }
const page: PaymentAsker = { api: 'public', test_mode: true }

let world: TestContext
let account: Account

before(async () => {
  world = await testContext({ now: () => now })
  await seedDemo(world.ctx, { simulators: 'http://127.0.0.1:9' })
  account = await getAccount(world.ctx, 'coma_Demo4DocsAccount')
})
after(() => world.close())

async function read(attributes: JsonObject, asker = ownServer): Promise<PaymentRequest> {
  const source = asker.api === 'private' ? 'merchant_api' : 'platform_public_api'
  return readNewPayment(world.ctx, account, { attributes, key: readPaymentKey(attributes, asker), asker, source })
}

async function refusal(attributes: JsonObject, asker = ownServer): Promise<Readonly<Record<string, string>>> {
  try {
    await read(attributes, asker)
  } catch (error) {
    if (error instanceof InvalidFields) return error.fields
    throw error
  }
  return {}
}

const seconds = (from_now: number): number => Math.floor(now.getTime() / 1000) + from_now

test('a whole request is read to the last field', async () => {
  const customer = {
    reference_id: 1203515,
    email: 'somename@domain.com',
    name: 'John Wick',
    phone: '+380987654321',
    individual_tax_id: '12',
    date_of_birth: '1964-09-02',
    address: { country: 'ua', region: 'K', city: 'Kyiv', street: 'S', post_code: '1', full_address: 'F' },
    metadata: { key1: 'value1' },
  }
  const { wish, plan } = await read({
    ...good,
    reference_id: ' order 7 ',
    currency: 'usd',
    amount: '100.50',
    flow: 'verify',
    description: 'Example',
    customer,
    gateway_options: { cardgate: { tokenize: 'false', theme: 'dark' } },
    metadata: { deep: { list: [1, null] } },
    return_url: ' https://example.com ',
    return_urls: { pending: 'https://example.com/2', fail: 'https://example.com/3' },
    callback_url: 'https://example.com/cb',
    expires: '2025-06-15T14:00:00+01:30',
    options: { bypass_hpp: '1', unknown: 5 },
  })
  assert.deepEqual(wish, {
    reference_id: 'order 7',
    test_mode: true,
    payment_flow: 'verify',
    source: 'merchant_api',
    amount_minor: 10_050n,
    currency: 'USD',
    service: 'payment_card_usd_hpp',
    service_fields: {},
    description: 'Example',
    customer: { ...customer, reference_id: '1203515', address: { ...customer.address, country: 'UA' } },
    metadata: { deep: { list: [1, null] } },
    return_url: 'https://example.com',
    return_urls: { pending: 'https://example.com/2', fail: 'https://example.com/3' },
    callback_url: 'https://example.com/cb',
    gateway_options: { cardgate: { tokenize: false, theme: 'dark' } },
    options: { bypass_hpp: true },
    token: null,
    expires_at: new Date('2025-06-15T12:30:00Z'),
  })
  assert.equal(plan.payment_amount_minor, 10_050n)
})

test('what is not sent, or null, is null, and the mode is live', async () => {
  const nothing = Object.fromEntries(
    ['description', 'customer', 'metadata', 'expires', 'options', 'flow', 'reference_id'].map((name) => [name, null]),
  )
  const { wish } = await read({ ...good, ...nothing, test_mode: null })
  assert.deepEqual(
    [wish.reference_id, wish.test_mode, wish.payment_flow, wish.customer, wish.options, wish.expires_at],
    [null, false, 'charge', null, null, null],
  )
})

test('the public API decides mode by its key and ignores what only the server of a merchant may say', async () => {
  const own = { callback_url: 'no url', test_mode: 'maybe', gateway_options: 'x', token: 'x', flow: 'gift' }
  const { wish } = await read({ ...good, ...own }, page)
  assert.deepEqual([wish.test_mode, wish.payment_flow, wish.source], [true, 'charge', 'platform_public_api'])
  assert.deepEqual([wish.callback_url, wish.gateway_options, wish.token], [null, null, null])
})

test('service fields come as a map or as lists, under either name, and only those that the service asks for are kept', async () => {
  const word = { ...good, service: 'test_usd_test' }
  const forms: JsonObject[] = [
    { service_fields: { status: 'success', card_number: '5123817234060000' } },
    { fields: { status: 'success' } },
    { service_fields: [{ key: 'status', value: 'success' }] },
    { service_fields: [{ status: 'success' }] },
    { service_fields: { status: 'success' }, fields: { status: 'never read' } },
  ]
  for (const form of forms)
    assert.deepEqual(
      (await read({ ...word, ...form })).wish.service_fields,
      { status: 'success' },
      JSON.stringify(form),
    )
})

test('the reference and the mode are checked before everything else', async () => {
  assert.deepEqual(await refusal({ reference_id: '', test_mode: 'maybe', amount: -1 }), {
    reference_id: blank,
    test_mode: bool,
  })
  assert.deepEqual(await refusal({ ...good, reference_id: 'x'.repeat(256) }), { reference_id: tooLong(255) })
  assert.deepEqual(await refusal({ ...good, reference_id: ['a'] }), { reference_id: text })
  assert.deepEqual(await refusal({ ...good, reference_id: 'a\0b' }), { reference_id: invalid })
})

const bad: [name: string, part: JsonObject, expected: Record<string, string>][] = [
  ['nothing', { service: null, currency: null, amount: null }, { service: blank, currency: blank, amount: blank }],
  ['blanks', { service: ' ', currency: '', amount: '' }, { service: blank, currency: blank, amount: blank }],
  [
    'types',
    { service: 5, currency: [], amount: true },
    { service: text, currency: text, amount: 'This value is not a valid number.' },
  ],
  ['an unknown service', { service: 'gold_usd_hpp' }, { service: 'This service does not exist.' }],
  ['an unknown currency', { currency: 'QQQ' }, { currency: 'This value is not a valid currency.' }],
  ['a currency without an account', { currency: 'CLP' }, { currency: 'This currency is not available.' }],
  ['no rate', { currency: 'EUR' }, { currency: 'There is no exchange rate for this service.' }],
  ['zero', { amount: 0 }, { amount: 'This value should be greater than 0.' }],
  ['less than zero', { amount: '-5' }, { amount: 'This value should be greater than 0.' }],
  ['too many decimals', { amount: '0.001' }, { amount: 'This value should have no more than 2 decimal places.' }],
  ['no number', { amount: '1,5' }, { amount: 'This value is not a valid number.' }],
  ['a list for a number', { amount: [1] }, { amount: 'This value is not a valid number.' }],
  [
    'above the limit of the service',
    { amount: 1000000.01 },
    { amount: 'This value should be less than or equal to 1000000.' },
  ],
  ['above every limit', { amount: 1e30 }, { amount: 'This value should be less than or equal to 1000000000.' }],
  ['a flow', { flow: 'gift' }, { flow: 'This value is not one of the allowed choices.' }],
  ['a long description', { description: 'x'.repeat(501) }, { description: tooLong(500) }],
  ['a description', { description: 7 }, { description: text }],
  ['a customer', { customer: 'John' }, { customer: object }],
  ['a customer without a reference', { customer: { name: 'John' } }, { 'customer.reference_id': blank }],
  ['metadata', { metadata: 'x' }, { metadata: object }],
  ['a return url', { return_url: 'example.com' }, { return_url: url }],
  ['a return url of another scheme', { return_url: 'javascript:alert(1)' }, { return_url: url }],
  ['a return url with a user', { return_url: 'https://me@example.com' }, { return_url: url }],
  ['no pending return url', { return_urls: { success: 'https://example.com' } }, { 'return_urls.pending': blank }],
  [
    'return urls',
    { return_urls: { pending: 'x', success: 1 } },
    { 'return_urls.success': text, 'return_urls.pending': url },
  ],
  ['a callback url', { callback_url: 'ftp://example.com' }, { callback_url: url }],
  ['a private callback url', { callback_url: 'https://169.254.169.254/x' }, { callback_url: refused }],
  ['a callback url of a private name', { callback_url: 'https://db.internal/' }, { callback_url: refused }],
  [
    'gateway options',
    { gateway_options: { cardgate: { tokenize: 'perhaps' } } },
    { 'gateway_options.cardgate.tokenize': bool },
  ],
  ['a card page', { gateway_options: { cardgate: 'x' } }, { 'gateway_options.cardgate': object }],
  [
    'options',
    { options: { bypass_hpp: 2, allow_partially: 'x' } },
    { 'options.allow_partially': bool, 'options.bypass_hpp': bool },
  ],
  ['no options', { options: 'x' }, { options: object }],
  ['a token', { token: 'tok' }, { token: 'This value is not a valid token.' }],
  ['a time', { expires: 'tomorrow' }, { expires: 'This value is not a valid datetime.' }],
  ['a time without an offset', { expires: '2025-06-16T12:00:00' }, { expires: 'This value is not a valid datetime.' }],
  ['too early an end', { expires: seconds(14 * 60 - 1) }, { expires: window }],
  ['too late an end', { expires: seconds(2 * 86_400 + 1) }, { expires: window }],
  ['service fields', { service_fields: 'x' }, { service_fields: object }],
]

test('each bad input has one message on its own field, and all of them come together', async () => {
  for (const [name, part, expected] of bad) assert.deepEqual(await refusal({ ...good, ...part }), expected, name)
  const many = { amount: 0, flow: 'gift', description: 5, callback_url: 'x', expires: 'x' }
  assert.deepEqual(Object.keys(await refusal({ ...good, ...many })), [
    'amount',
    'flow',
    'description',
    'callback_url',
    'expires',
  ])
})

test('each part of a customer is checked', async () => {
  const customer: JsonObject = {
    reference_id: 'c',
    email: 'a@b',
    name: 'x'.repeat(256),
    phone: '0'.repeat(33),
    individual_tax_id: '1',
    date_of_birth: '2030-01-01',
    address: { country: 'Ukraine', region: 1, full_address: 'x'.repeat(256) },
    metadata: { ['k'.repeat(65)]: 1 },
  }
  assert.deepEqual(await refusal({ ...good, customer }), {
    'customer.email': 'This value is not a valid email address.',
    'customer.name': tooLong(255),
    'customer.phone': tooLong(32),
    'customer.individual_tax_id': 'This value is too short. The minimum is 2 characters.',
    'customer.date_of_birth': 'This value is not a valid date.',
    'customer.address.country': 'This value is not a valid country.',
    'customer.address.region': text,
    'customer.address.full_address': tooLong(255),
    'customer.metadata': tooLong(64),
  })
  assert.deepEqual(
    await refusal({ ...good, customer: { reference_id: 'c', address: 'x', date_of_birth: '2025-02-30' } }),
    {
      'customer.date_of_birth': 'This value is not a valid date.',
      'customer.address': object,
    },
  )
})

test('metadata has at most twenty keys and sixteen kibibytes', async () => {
  const keys = (count: number): JsonObject => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i]))
  assert.deepEqual(await refusal({ ...good, metadata: keys(20) }), {})
  assert.deepEqual(await refusal({ ...good, metadata: keys(21) }), {
    metadata: 'This collection should contain no more than 20 elements.',
  })
  assert.deepEqual(Object.keys(await refusal({ ...good, metadata: { a: 'x'.repeat(16_385) } })), ['metadata'])
})

test('the test service wants one of its words', async () => {
  const word = (service_fields: JsonObject) => refusal({ ...good, service: 'test_usd_test', service_fields })
  for (const nothing of [{}, { status: '' }, { status: null }]) {
    assert.deepEqual(await word(nothing), { 'service_fields.status': blank })
  }
  assert.deepEqual(await word({ status: 'maybe' }), { 'service_fields.status': invalid })
  assert.deepEqual(await word({ status: 'no-word' }), { 'service_fields.status': invalid })
  assert.deepEqual(await word({ status: ['x'] }), { 'service_fields.status': text })
  assert.deepEqual(await word({ status: 'SUCCESS' }), {})
})

test('an end may lie from fourteen minutes to two days ahead, both included, in either form', async () => {
  for (const expires of [
    seconds(14 * 60),
    seconds(2 * 86_400),
    String(seconds(3600)),
    '2025-06-15T12:14:00Z',
    '2025-06-17T12:00:00+00:00',
  ]) {
    assert.deepEqual(await refusal({ ...good, expires }), {}, String(expires))
  }
})

test('an amount keeps every digit of its literal', async () => {
  const attributes = parseJson(
    '{"service":"test_btc_test","currency":"BTC","amount":1.00000001,"test_mode":true,"service_fields":{"status":"fail"}}',
  )
  assert.equal((await read(attributes as JsonObject)).wish.amount_minor, 100_000_001n)
  assert.equal((await read({ ...good, amount: '10.000' })).wish.amount_minor, 1_000n)
  assert.equal(
    (
      await read(
        parseJson('{"service":"payment_card_usd_hpp","currency":"USD","amount":1.5e2,"test_mode":true}') as JsonObject,
      )
    ).wish.amount_minor,
    15_000n,
  )
})

test('a refused request writes nothing, not even its customer', async () => {
  const attributes = { ...good, customer: { reference_id: 'never' }, amount: 0 }
  await assert.rejects(
    placePayment(world.ctx, account, { attributes, asker: ownServer, source: 'merchant_api' }),
    InvalidFields,
  )
  const [rows] = await world.ctx.sql`
    select (select count(*) from payments)::int as payments, (select count(*) from customers)::int as customers,
      (select count(*) from callback_events)::int as callbacks`
  assert.deepEqual({ ...rows }, { payments: 0, customers: 0, callbacks: 0 })
})
