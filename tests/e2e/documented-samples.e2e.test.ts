import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Answer, startWorld, type World } from '../world.ts'

/** The requests of the published documentation, as a newcomer pastes them. */
const publicKey = 'pk_test_ClSQHi2T9WXuFa76WcwwBB6rspRpg6ANM69cS9zNOJy'

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.close())

const post = async (path: string, body: unknown): Promise<{ status: number; body: Answer }> => {
  const response = await fetch(world.url + path, { method: 'POST', body: JSON.stringify(body) })
  return { status: response.status, body: (await response.json()) as Answer }
}

test('the pre-request lists services, methods and the account', async () => {
  const { status, body } = await post('/public-api/payment-prerequest', { public_key: publicKey, currency: 'USD' })
  assert.equal(status, 200)
  assert.deepEqual(Object.keys(body.data), ['currency', 'test_mode', 'services', 'methods', 'account'])
  assert.deepEqual(body.data.services.payment_card_usd_hpp, {
    code: 'payment_card_usd_hpp',
    method: 'payment_card',
    flow: 'hpp',
    currency: 'USD',
    fields: [],
    amount_min: 0.01,
    amount_max: 1000000,
  })
  assert.equal(body.data.services.test_usd_test.fields[0].regexp, '^[a-zA-Z_]*$')
  assert.deepEqual([body.data.account.name, body.data.account.description], ['4Docs', '4Docs only'])
})

test('the public sample creates an invoice, and by its id it can be read', async () => {
  const sample = {
    public_key: publicKey,
    reference_id: '7135b08b-701b-4fbc-a7d2-b2763d96d415',
    description: 'Invoice Example',
    service: 'payment_card_usd_hpp',
    currency: 'USD',
    amount: 123.45,
  }
  const { status, body } = await post('/public-api/payment-invoices', sample)
  assert.equal(status, 201)
  assert.deepEqual(Object.keys(body.data), [
    'id',
    'serial_number',
    'created',
    'test_mode',
    'reference_id',
    'currency',
    'amount',
    'payment_amount',
    'processed_amount',
    'refunded_amount',
    'description',
    'has_return_url',
    'status',
    'resolution',
    'service',
    'service_method',
    'service_flow',
    'service_currency',
    'metadata',
    'hpp_url',
    'active_payment',
  ])
  const { amount, payment_amount, resolution, status: shown, has_return_url, metadata, active_payment } = body.data
  assert.deepEqual(
    [amount, payment_amount, shown, resolution, has_return_url],
    [123.45, 123.45, 'process_pending', 'OK', false],
  )
  assert.deepEqual(metadata, { merchant_url: 'https://lets.doc.it' })
  assert.deepEqual(
    [active_payment.payload.params, active_payment.status, active_payment.resolution],
    [[], 'invoked', 'OK'],
  )
  assert.equal((await post('/public-api/payment-invoices', sample)).status, 409)
  const read = await fetch(`${world.url}/public-api/payment-invoices/${body.data.id}`)
  const { hpp_url: _, ...stored } = body.data
  assert.deepEqual([read.status, await read.json()], [200, { data: stored }])
})

test('the private sample creates an invoice although its date is years old', async () => {
  const { status, body } = await world.call('POST', '/payment-invoices', {
    data: {
      type: 'payment-invoices',
      attributes: {
        reference_id: 'a30ebec4-035c-4fc5-8c48-b525ca601f37',
        amount: 100,
        currency: 'USD',
        service: 'payment_card_usd_hpp',
        flow: 'charge',
        test_mode: true,
        description: 'Invoice Example',
        gateway_options: { cardgate: { tokenize: false } },
        customer: {
          reference_id: '1203515',
          email: 'somename@domain.com',
          name: 'John Wick',
          phone: '+380987654321',
          metadata: { key1: 'value1', key2: 'value2' },
        },
        metadata: { key: 'value' },
        return_url: 'https://example.com',
        return_urls: {
          success: 'https://example.com/1',
          pending: 'https://example.com/2',
          fail: 'https://example.com/3',
        },
        callback_url: 'https://example.com',
        expires: '2020-12-13T15:52:00+00:00',
      },
    },
  })
  assert.equal(status, 201)
  const { attributes, relationships, links, type } = body.data
  assert.equal(type, 'payment-invoices')
  assert.deepEqual(attributes.metadata, { key: 'value', merchant_url: 'https://lets.doc.it' })
  assert.deepEqual(
    [
      attributes.payload,
      attributes.flow,
      attributes.payment_flow,
      attributes.callback_logs,
      attributes.processed_fee,
      attributes.fee,
      attributes.deposit,
    ],
    [null, 'hpp', 'charge', [], null, 0, 100],
  )
  assert.deepEqual(attributes.original_data.external_id, null)
  assert.match(relationships.customer.data.id, /^cus_/)
  assert.equal(links.self, `/api/payment-invoices/${body.data.id}`)
})

test('the account number of the documentation is taken, and so is one of digits', async () => {
  for (const account_number of ['UA213223130000026007233566001', '000123456789']) {
    const { status, body } = await world.call('POST', '/payment-invoices', {
      service: 'bank_transfer_usd_hpp',
      service_fields: { account_number },
      currency: 'USD',
      amount: 100,
      test_mode: true,
    })
    assert.deepEqual([status, body.data?.attributes.status], [201, 'process_pending'], JSON.stringify(body))
  }
})

test('the form of the documentation leads the payer on', async () => {
  const form = new URLSearchParams({
    public_key: publicKey,
    reference_id: 'form-1',
    currency: 'USD',
    amount: '100',
    service: 'paypal_usd_hpp',
    'customer[reference_id]': 'c1',
    'customer[name]': 'Test Customer',
    'customer[address][full_address]': 'Test Address',
  })
  const response = await fetch(`${world.url}/public-api/payment-invoices/process`, {
    method: 'POST',
    body: form,
    redirect: 'manual',
  })
  assert.equal(response.status, 302)
  assert.match(response.headers.get('location') ?? '', /\/redirect\/hpp\/\?cpi=cpi_/)
})

test('services are listed in pages and read by their id', async () => {
  const { status, body } = await world.call('GET', '/payment-services')
  assert.equal(status, 200)
  assert.equal(body.links.first, '/api/payment-services?page[number]=1&page[size]=20')
  const { body: one } = await world.call('GET', `/api/payment-services/${body.data[0].id}`)
  assert.deepEqual(one.data, body.data[0])
})

test('errors have the documented forms', async () => {
  const unauthorised = await fetch(`${world.url}/api/payment-invoices`)
  assert.deepEqual(
    [unauthorised.status, await unauthorised.json()],
    [401, { errors: [{ status: 'Unauthorized', code: '401' }] }],
  )
  const missing = await world.call('GET', '/api/payment-invoices/cpi_0000000000000000')
  assert.deepEqual([missing.status, missing.body], [404, { errors: [{ status: 'Not Found', code: '404' }] }])
  const amount = await world.call('POST', '/api/payment-invoices', {
    amount: 0,
    currency: 'USD',
    service: 'payment_card_usd_hpp',
    test_mode: true,
  })
  assert.deepEqual([amount.status, amount.body], [422, { errors: { amount: 'This value should be greater than 0.' } }])
})
