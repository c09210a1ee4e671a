import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Errors } from 'typebox/value'
import { type Answer, startWorld, type World } from '../../../../tests/world.ts'
import { paymentListReply, paymentReply } from './resource-schema.ts'

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.close())

const wish = { service: 'payment_card_usd_hpp', currency: 'USD', amount: 100, test_mode: true }

/** The sample of the published documentation, but for values that must be new. */
const sample = (reference_id: string): Answer => ({
  data: {
    type: 'payment-invoices',
    attributes: {
      reference_id,
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
        metadata: { key1: 'value1' },
      },
      metadata: { key: 'value' },
      return_url: 'https://example.com',
      return_urls: {
        success: 'https://example.com/1',
        pending: 'https://example.com/2',
        fail: 'https://example.com/3',
      },
      expires: new Date(Date.now() + 3_600_000).toISOString(),
    },
  },
})

const create = (body: unknown) => world.call('POST', '/api/payment-invoices', body)

/** Reads until the payment has the status. */
async function reach(id: string, status: string): Promise<Answer> {
  for (let tries = 0; tries < 200; tries += 1) {
    const { body } = await world.call('GET', `/api/payment-invoices/${id}`)
    if (body.data.attributes.status === status) return body.data
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`payment ${id} does not get ${status}`)
}

async function counts(): Promise<Answer> {
  const [row] = await world.ctx
    .sql`select (select count(*) from payments)::int as payments, (select count(*) from customers)::int as customers`
  return { ...row }
}

async function paid(amount = 100): Promise<Answer> {
  const { body } = await create({ ...wish, amount, service: 'test_usd_test', service_fields: { status: 'success' } })
  return reach(body.data.id, 'processed')
}

test('201: the sample request gets the sample document, and the read is the same without its link', async () => {
  const { status, body } = await create(sample('sample-1'))
  assert.equal(status, 201)
  assert.deepEqual([...Errors(paymentReply, body)], [])
  const { attributes, relationships } = body.data
  assert.deepEqual(
    [attributes.status, attributes.resolution, attributes.source, attributes.reference_id],
    ['process_pending', 'ok', 'merchant_api', 'sample-1'],
  )
  assert.deepEqual(attributes.metadata, { key: 'value', merchant_url: 'https://lets.doc.it' })
  assert.equal(attributes.hpp_url, `${world.url}/redirect/hpp/?cpi=${body.data.id}`)
  assert.match(attributes.flow_data.action, /\/hpp\/cgi_[0-9A-Za-z]{16}$/)
  assert.equal(attributes.created, attributes.updated)
  assert.match(relationships.customer.data.id, /^cus_/)

  for (const prefix of ['/api', '']) {
    const read = await world.call('GET', `${prefix}/payment-invoices/${body.data.id}`)
    const { hpp_url: _, ...rest } = attributes
    assert.deepEqual(read, { status: 200, body: { data: { ...body.data, attributes: rest } } })
  }
})

test('201: flat bodies and bare data are the same request; the answer names its place', async () => {
  const response = await fetch(`${world.url}/payment-invoices`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${world.account.id}:${world.account.api_key}`).toString('base64')}`,
    },
    body: JSON.stringify(wish),
  })
  const body = (await response.json()) as Answer
  assert.deepEqual([response.status, response.headers.get('location')], [201, `/api/payment-invoices/${body.data.id}`])
  assert.match(body.data.attributes.reference_id, /^[0-9a-f]{8}-[0-9a-f]{4}-4/)
  assert.equal((await create({ data: wish })).status, 201)
})

test('201: a word of the test service decides how the payment ends', async () => {
  for (const [word, status, resolution] of [
    ['success', 'processed', 'ok'],
    ['fail', 'process_failed', 'general_fatal_error'],
  ] as const) {
    const { body } = await create({ ...wish, service: 'test_usd_test', service_fields: { status: word } })
    assert.equal(body.data.attributes.status, 'process_pending')
    const end = await reach(body.data.id, status)
    assert.deepEqual([...Errors(paymentReply, { data: end })], [])
    assert.equal(end.attributes.resolution, resolution)
  }
})

test('400: a body that is no JSON object, and queries that cannot be read', async () => {
  const authorization = `Basic ${Buffer.from(`${world.account.id}:${world.account.api_key}`).toString('base64')}`
  for (const body of ['{', '[]', '"x"', 'amount=1']) {
    const response = await fetch(`${world.url}/api/payment-invoices`, {
      method: 'POST',
      headers: { authorization },
      body,
    })
    assert.equal(response.status, 400, body)
  }
  for (const query of ['filter[colour]=red', 'sort=name', 'page[size]=0', 'page[before]=cpi_0000000000000000']) {
    assert.equal((await world.call('GET', `/api/payment-invoices?${query}`)).status, 400, query)
  }
})

test('404: unknown and malformed ids, on every path with an id', async () => {
  for (const id of ['cpi_0000000000000000', 'cpi_1', 'x', `coma_${'0'.repeat(16)}`]) {
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/attempts'],
      ['POST', '/refund'],
    ] as const) {
      const answer = await world.call(method, `/api/payment-invoices/${id}${path}`, method === 'POST' ? {} : undefined)
      assert.deepEqual(
        answer,
        { status: 404, body: { errors: [{ status: 'Not Found', code: '404' }] } },
        `${method} ${id}${path}`,
      )
    }
  }
})

test('409: a repeated reference gets the stored payment with its link, whatever else the request says', async () => {
  const first = (await create({ ...wish, reference_id: 'again' })).body
  const before = await counts()
  for (const change of [
    {},
    { amount: 7, customer: { reference_id: 'other' } },
    { amount: -1, service: null },
    { currency: 'QQQ' },
  ]) {
    assert.deepEqual(await create({ ...wish, ...change, reference_id: ' again ' }), { status: 409, body: first })
  }
  assert.deepEqual(await counts(), before)
  assert.equal(
    (await create({ ...wish, reference_id: 'again', test_mode: false })).status,
    201,
    'live references are separate',
  )
})

test('409: the link is gone once the payment is final', async () => {
  const payment = await paid()
  const { status, body } = await create({ ...wish, reference_id: payment.attributes.reference_id })
  assert.deepEqual(
    [status, body.data.attributes.status, Object.hasOwn(body.data.attributes, 'hpp_url')],
    [409, 'processed', false],
  )
})

test('409: of two hundred creations at once with one reference, one is new', async () => {
  const before = await counts()
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, i) => create({ ...wish, amount: i + 1, reference_id: 'storm' })),
  )
  const created = answers.filter(({ status }) => status === 201)
  assert.equal(created.length, 1)
  assert.equal(answers.filter(({ status }) => status === 409).length, 199)
  assert.deepEqual(new Set(answers.map(({ body }) => body.data.id)), new Set([created[0]?.body.data.id]))
  assert.deepEqual(await counts(), { ...before, payments: before.payments + 1 })
})

test('422: type, then reference and mode, then all fields together; nothing is written', async () => {
  const before = await counts()
  const answers: [body: unknown, errors: object][] = [
    [
      { data: { type: 'payout-invoices', attributes: { test_mode: 'x' } } },
      { type: 'This value is not one of the allowed choices.' },
    ],
    [{ test_mode: 'x', amount: -1 }, { test_mode: 'This value should be of type bool.' }],
    [{ ...wish, amount: 0 }, { amount: 'This value should be greater than 0.' }],
    [
      {},
      {
        service: 'This value should not be blank.',
        currency: 'This value should not be blank.',
        amount: 'This value should not be blank.',
      },
    ],
  ]
  for (const [body, errors] of answers) assert.deepEqual(await create(body), { status: 422, body: { errors } })
  assert.deepEqual(await counts(), before)
})

test('200: a list is followed by its links to the end and back', async () => {
  const { body: first } = await world.call('GET', '/api/payment-invoices?page[size]=3&filter[test_mode]=1')
  assert.deepEqual([...Errors(paymentListReply, first)], [])
  assert.deepEqual(
    [first.meta.count, first.meta.size, first.meta.after, first.meta.before],
    [3, 3, first.data[0].id, first.data[2].id],
  )
  assert.equal(
    first.links.next,
    `/api/payment-invoices?page[size]=3&filter[test_mode]=1&page[before]=${first.data[2].id}`,
  )
  const { body: second } = await world.call('GET', first.links.next)
  assert.equal(second.data[0].id < first.data[2].id, true)
  assert.deepEqual((await world.call('GET', second.links.prev)).body, first)
})

test('200: by reference the list has the very document of the single read, or is empty', async () => {
  const payment = await paid(7)
  const { body } = await world.call('GET', `/payment-invoices?filter[reference_id]=${payment.attributes.reference_id}`)
  assert.deepEqual(body, {
    meta: { count: 1, size: 20, before: payment.id, after: payment.id },
    links: { prev: '', next: '' },
    data: [payment],
  })
  const nothing = await world.call('GET', '/payment-invoices?filter[reference_id]=nobody')
  assert.deepEqual(nothing, {
    status: 200,
    body: { meta: { count: 0, size: 20, before: '', after: '' }, links: { prev: '', next: '' }, data: [] },
  })
})

test('200: a payment is refunded in parts until nothing is left', async () => {
  const { id } = await paid(10)
  const refund = (attributes: object) =>
    world.call('POST', `/api/payment-invoices/${id}/refund`, { data: { type: 'refund', id, attributes } })
  const part = await refund({ amount: 4, reference_id: 'r1', description: 'one of two' })
  assert.equal(part.status, 200)
  assert.deepEqual([...Errors(paymentReply, part.body)], [])
  const partly = await reach(id, 'partially_refunded')
  assert.deepEqual([partly.attributes.refunded_amount, partly.attributes.refunded_fee], [4, 0])

  assert.deepEqual((await refund({ amount: 1, reference_id: 'r1' })).status, 409, 'its reference is taken')
  assert.deepEqual(await refund({ amount: 6.01, reference_id: 'r2' }), {
    status: 422,
    body: { errors: { amount: 'This value should be less than or equal to 6.' } },
  })
  assert.deepEqual(await refund({ amount: 1 }), {
    status: 422,
    body: { errors: { reference_id: 'This value should not be blank.' } },
  })
  assert.deepEqual(
    (await world.call('POST', `/api/payment-invoices/${id}/refund`, { data: { type: 'payout' } })).status,
    422,
  )

  assert.equal((await refund({ reference_id: 'r3' })).status, 200)
  const whole = await reach(id, 'refunded')
  assert.equal(whole.attributes.refunded_amount, 10)
  const over = await refund({ reference_id: 'r4' })
  assert.deepEqual(over, { status: 409, body: { data: whole } })
})

test('409: a payment that is not paid cannot be refunded', async () => {
  const { body } = await create(wish)
  const { hpp_url: _, ...attributes } = body.data.attributes
  const answer = await world.call('POST', `/api/payment-invoices/${body.data.id}/refund`, { reference_id: 'r' })
  assert.deepEqual(answer, { status: 409, body: { data: { ...body.data, attributes } } })
})
