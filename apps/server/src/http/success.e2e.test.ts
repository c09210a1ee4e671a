/** Answers 200, 201, 204, 302 and the headers of every answer. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type SampleApi, startSampleApi } from './sample-api.ts'

let api: SampleApi
before(async () => {
  api = await startSampleApi()
})
after(() => api.close())

const authorized = () => ({ authorization: api.accounts.active.authorization })

test('200: private paths answer alike with and without the prefix, a slash, a bare question mark, include', async () => {
  const bodies = new Set<string>()
  for (const url of [
    '/api/payment-services',
    '/payment-services',
    '/api/payment-services/',
    '/payment-services/?',
    '/api/payment-services?',
  ]) {
    const reply = await api.app.inject({ url, headers: authorized() })
    assert.equal(reply.statusCode, 200, url)
    bodies.add(reply.body)
  }
  assert.equal(bodies.size, 1)
  const included = await api.app.inject({ url: '/api/payment-services?include=a,b', headers: authorized() })
  assert.equal(included.statusCode, 200)
})

test('200: a GET with a body is answered, the body ignored', async () => {
  const reply = await api.app.inject({
    method: 'GET',
    url: '/api/payment-services',
    headers: { ...authorized(), 'content-type': 'application/json' },
    payload: '{ not json',
  })
  assert.deepEqual([reply.statusCode, reply.json().body], [200, {}])
})

test('200: HEAD is GET without the body', async () => {
  const [get, head] = await Promise.all(
    (['GET', 'HEAD'] as const).map((method) =>
      api.app.inject({ method, url: '/api/payment-services', headers: { ...authorized(), 'x-request-id': 'same' } }),
    ),
  )
  assert.equal(head!.statusCode, 200)
  assert.equal(head!.body, '')
  const { date: _one, ...headersOfHead } = head!.headers
  const { date: _two, ...headersOfGet } = get!.headers
  assert.deepEqual(headersOfHead, headersOfGet)
})

test('200: numbers written raw arrive to the digit', async () => {
  const reply = await api.app.inject({ url: '/api/payment-services', headers: authorized() })
  assert.match(reply.body, /"amount":123\.10[,}]/)
})

test('201: JSON counts whatever the Content-Type says, and an empty body is an empty object', async () => {
  for (const type of [
    'application/json',
    'application/vnd.api+json',
    'text/plain',
    'image/png',
    'not a type;;',
    undefined,
  ]) {
    const headers = { ...authorized(), ...(type === undefined ? {} : { 'content-type': type }) }
    const reply = await api.app.inject({
      method: 'POST',
      url: '/payment-invoices',
      headers,
      payload: '\uFEFF{"a":1.50}',
    })
    assert.deepEqual([reply.statusCode, reply.body], [201, '{"data":{"attributes":{"a":1.50}}}'], type)
    const empty = await api.app.inject({ method: 'POST', url: '/payment-invoices', headers })
    assert.deepEqual([empty.statusCode, empty.body], [201, '{"data":{"attributes":{}}}'], type)
  }
  const reply = await api.app.inject({ method: 'POST', url: '/payment-invoices', headers: authorized() })
  assert.equal(reply.headers.location, '/api/payment-invoices/cpi_new')
})

test('201: a form on the public API, its empty fields left out; JSON under the type of a form', async () => {
  const public_key = api.accounts.active.keys.test.public_key
  const post = (payload: string) =>
    api.app.inject({
      method: 'POST',
      url: '/public-api/payment-invoices',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' },
      payload,
    })
  const form = await post(`public_key=${public_key}&customer[address][country]=UA&customer[email]=&amount=10.50`)
  assert.deepEqual(
    [form.statusCode, form.json().data.attributes],
    [201, { public_key, customer: { address: { country: 'UA' } }, amount: '10.50' }],
  )
  const json = await post(JSON.stringify({ public_key, amount: 10.5 }))
  assert.deepEqual([json.statusCode, json.json().data.attributes.amount], [201, 10.5])
})

test('200: a public read by id needs no key, and knows whose key was sent', async () => {
  const { active } = api.accounts
  const read = async (query: string) => (await api.app.inject(`/public-api/payment-invoices/cpi_x${query}`)).json()
  assert.deepEqual(await read(''), { account: null, test_mode: null })
  assert.deepEqual(await read(`?public_key=${active.keys.test.public_key}`), { account: active.id, test_mode: true })
  assert.deepEqual(await read(`?public_key=${active.keys.live.public_key}`), { account: active.id, test_mode: false })
})

test('204: OPTIONS where pages of other origins call, 405 elsewhere', async () => {
  for (const url of [
    '/public-api/payment-invoices',
    '/public-api/anything?x',
    '/public-api',
    '/payment/sale',
    '/payment/sale/',
  ]) {
    const reply = await api.app.inject({ method: 'OPTIONS', url })
    assert.equal(reply.statusCode, 204, url)
    assert.equal(reply.body, '')
    assert.equal(reply.headers['access-control-allow-origin'], '*')
    assert.equal(reply.headers['access-control-allow-methods'], 'GET, POST, OPTIONS')
    assert.equal(reply.headers['access-control-allow-headers'], 'Content-Type, Authorization')
  }
  const elsewhere = await api.app.inject({ method: 'OPTIONS', url: '/api/payment-services' })
  assert.equal(elsewhere.statusCode, 405)
})

test('302: a redirect has a place and no body', async () => {
  const reply = await api.app.inject({
    method: 'POST',
    url: '/public-api/payment-invoices/process',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: `public_key=${api.accounts.active.keys.test.public_key}`,
  })
  assert.deepEqual([reply.statusCode, reply.headers.location, reply.body], [302, 'https://pay.example/hpp', ''])
})

test('every answer carries the headers of the contract, errors included', async () => {
  const asked = [
    { url: '/api/payment-services', headers: authorized() },
    { url: '/api/payment-services' },
    { url: '/api/nothing' },
    { method: 'DELETE' as const, url: '/payment-services' },
    { method: 'POST' as const, url: '/public-api/payment-invoices', payload: '{' },
    { url: '/public-api/payment-invoices/%zz' },
  ]
  for (const request of asked) {
    const { headers } = await api.app.inject(request)
    assert.equal(headers['content-type'], 'application/json; charset=utf-8', request.url)
    assert.equal(headers['cache-control'], 'no-store', request.url)
    assert.equal(headers['x-content-type-options'], 'nosniff', request.url)
    assert.equal(headers['referrer-policy'], 'no-referrer', request.url)
    assert.match(String(headers['x-request-id']), /^[A-Za-z0-9_-]{1,64}$/, request.url)
    assert.equal(headers['access-control-allow-origin'], request.url.startsWith('/public-api') ? '*' : undefined)
    assert.equal(headers['x-powered-by'], undefined)
  }
})

test('a good request id is echoed, another one replaced', async () => {
  const idOf = async (sent: string) =>
    (await api.app.inject({ url: '/health/live', headers: { 'x-request-id': sent } })).headers['x-request-id']
  for (const sent of ['a', 'A-b_9', 'x'.repeat(64)]) assert.equal(await idOf(sent), sent)
  for (const sent of ['', 'a b', 'x'.repeat(65), 'é', 'a,b']) assert.notEqual(await idOf(sent), sent)
})
