/** Answers 400 to 422, each with its whole body, and which of two reasons wins. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { InjectOptions } from 'fastify'
import { type CheckReply, createCheckReply } from '../../../../tests/check-reply.ts'
import { basic, type SampleApi, startSampleApi } from './sample-api.ts'

let api: SampleApi
let check: CheckReply
before(async () => {
  api = await startSampleApi({ config: { trusted_proxies: ['127.0.0.1'] } })
  check = createCheckReply(api.app.swagger())
})
after(() => api.close())

const authorized = () => ({ authorization: api.accounts.active.authorization })
const key = () => api.accounts.active.keys.test.public_key

/** Sends, checks status and body, and that the document describes the answer. */
async function refused(request: InjectOptions, status: number, body?: unknown): Promise<Record<string, unknown>> {
  const reply = await api.app.inject(request)
  const name = `${request.method ?? 'GET'} ${String(request.url).slice(0, 80)}`
  assert.equal(reply.statusCode, status, `${name}: ${reply.body.slice(0, 300)}`)
  if (body !== undefined) assert.deepEqual(reply.json(), body, name)
  if (status !== 404 && status !== 405) {
    const content_type = String(reply.headers['content-type'])
    check(request.method ?? 'GET', String(request.url), { status, content_type, body: reply.body })
  }
  return reply.headers
}

const problem = (status: string, code: string) => ({ errors: [{ status, code }] })
const post = (
  url: string,
  payload: string | Buffer,
  headers: Record<string, string> = authorized(),
): InjectOptions => ({
  method: 'POST',
  url,
  payload,
  headers,
})

test('400: bodies that cannot be read, on both APIs', async () => {
  const broken: (string | Buffer)[] = [
    '{',
    '[]',
    '"x"',
    'null',
    'a=1',
    '{"__proto__":{}}',
    '{"constructor":{"prototype":{}}}',
    `{"a":${'['.repeat(200_000)}`,
    Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]),
    Buffer.from([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x7d]),
  ]
  for (const payload of broken) {
    await refused(post('/api/payment-invoices', payload), 400)
    await refused(post('/public-api/payment-invoices', payload, {}), 400)
  }
  await refused(
    post('/api/payment-invoices', 'amount=1', { ...authorized(), 'content-type': 'application/x-www-form-urlencoded' }),
    400,
  )
  await refused(post('/api/payment-invoices', '{'), 400, {
    errors: [
      { status: 'Bad Request', code: '400', title: 'Invalid JSON', detail: 'The request body is not valid JSON.' },
    ],
  })
})

test('400: queries and forms that cannot be read', async () => {
  const texts = [
    '__proto__[a]=1',
    'a[constructor][prototype][b]=1',
    'a=%zz',
    'a=%ff',
    'a[b][c][d][e][f][g][h]=1',
    'a[1000]=1',
  ]
  for (const text of texts) {
    await refused({ url: `/api/payment-services?${text}`, headers: authorized() }, 400)
    await refused({ url: `/public-api/payment-invoices/cpi_x?${text}` }, 400)
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    await refused(post('/public-api/payment-invoices', `${text}&public_key=${key()}`, form), 400)
  }
  assert.equal(({} as { a?: unknown }).a, undefined)
})

test('401: every wrong credential gets the same answer', async () => {
  const { active, new: other } = api.accounts
  const wrong = [
    undefined,
    '',
    'Basic',
    `Bearer ${active.keys.api_key}`,
    basic(active.id, ''),
    basic(active.id, `${active.keys.api_key}x`),
    basic(active.id, other.keys.api_key),
    basic('coma_0000000000000000', active.keys.api_key),
    basic(active.id.toUpperCase(), active.keys.api_key),
    basic(active.id, active.keys.live.private_key),
    basic(active.id, active.keys.live.public_key),
    basic("coma_' or 1=1 --", 'x'),
    basic('coma_\0', 'x'),
  ]
  for (const authorization of wrong) {
    const headers = authorization === undefined ? {} : { authorization }
    for (const url of ['/api/payment-services', '/payment-services']) {
      const sent = await refused({ url, headers }, 401, problem('Unauthorized', '401'))
      assert.equal(sent['www-authenticate'], 'Basic realm="Cascad"')
    }
  }
})

test('401: missing, malformed, unknown and unequal public keys', async () => {
  const { keys } = api.accounts.active
  const unknown = `pk_test_${'A'.repeat(43)}`
  const wrong = [
    '',
    'x',
    unknown,
    keys.test.private_key,
    keys.api_key,
    `${keys.test.public_key} `,
    keys.test.public_key.replace('test', 'live'),
  ]
  for (const public_key of wrong) {
    await refused(
      post('/public-api/payment-invoices', JSON.stringify({ public_key }), {}),
      401,
      problem('Unauthorized', '401'),
    )
    await refused({ url: `/public-api/payment-invoices/cpi_x?public_key=${encodeURIComponent(public_key)}` }, 401)
  }
  for (const body of [
    {},
    { public_key: null },
    { public_key: 5 },
    { public_key: [key()] },
    { public_key: { a: key() } },
  ]) {
    await refused(post('/public-api/payment-invoices', JSON.stringify(body), {}), 401)
  }
  const url = `/public-api/payment-invoices?public_key=${keys.live.public_key}`
  await refused(post(url, JSON.stringify({ public_key: key() }), {}), 401)
  await refused(
    { url: `/public-api/payment-invoices?public_key=${key()}&public_key=${key()}&filter[reference_id]=a` },
    401,
  )
})

test('403: account states, by what the call does', async () => {
  const forbidden = problem('Forbidden', '403')
  for (const status of ['new', 'moderation_requested', 'moderation_pending', 'inactive', 'archived'] as const) {
    const { authorization, keys } = api.accounts[status]
    const closed = status === 'inactive' || status === 'archived'
    const public_key = keys.test.public_key
    await refused(post('/api/payment-invoices', '{}', { authorization }), 403, forbidden)
    await refused(post('/public-api/payment-invoices', JSON.stringify({ public_key }), {}), 403, forbidden)
    await refused(post('/public-api/payment-prerequest', JSON.stringify({ public_key }), {}), 403, forbidden)
    await refused({ url: '/api/payment-services', headers: { authorization } }, closed ? 403 : 200)
    await refused({ url: `/public-api/payment-invoices/cpi_x?public_key=${public_key}` }, closed ? 403 : 200)
    await refused(
      { url: `/public-api/payment-invoices?filter[reference_id]=a&public_key=${public_key}` },
      closed ? 403 : 200,
    )
  }
})

test('403: public creation forbidden, while the rest of the public API works', async () => {
  const body = JSON.stringify({ public_key: api.guarded.keys.live.public_key })
  await refused(post('/public-api/payment-invoices', body, {}), 403, problem('Forbidden', '403'))
  await refused(post('/public-api/payment-invoices/process', body, {}), 403, problem('Forbidden', '403'))
  await refused(post('/public-api/payment-prerequest', body, {}), 200)
})

test('403: the address of the client, behind the last trusted proxy', async () => {
  const from = (forwarded: string, remoteAddress = '127.0.0.1'): InjectOptions => ({
    url: '/api/payment-services',
    remoteAddress,
    headers: { authorization: api.guarded.authorization, 'x-forwarded-for': forwarded },
  })
  await refused(from('192.0.2.7'), 200)
  await refused(from('198.51.100.1, 192.0.2.7'), 200)
  await refused(from('192.0.2.7, 198.51.100.1'), 403, problem('Forbidden', '403'))
  await refused(from('192.0.2.7, nonsense'), 403)
  await refused(from('192.0.2.7', '198.51.100.1'), 403)
  await refused(from('198.51.100.1', '192.0.2.7'), 200)
})

test('404: unknown paths and resources, in JSON under the API', async () => {
  for (const url of [
    '/api',
    '/api/',
    '/api/nothing',
    '/public-api/nothing',
    '/Api/payment-services',
    '/api//payment-services',
    '/nothing',
    '/',
  ]) {
    await refused({ url }, 404, problem('Not Found', '404'))
    await refused({ method: 'POST', url, payload: '{' }, 404, problem('Not Found', '404'))
  }
  await refused({ url: '/api/nothing', headers: { accept: 'text/html' } }, 404, problem('Not Found', '404'))
  for (const id of ['cpi_0000000000000000', '%00', '..%2f', '%zz', 'x'.repeat(500), "'--"]) {
    await refused({ url: `/api/payment-invoices/${id}`, headers: authorized() }, 404, problem('Not Found', '404'))
  }
})

test('404: a browser gets a page where no API answers', async () => {
  const reply = await api.app.inject({ url: '/nothing', headers: { accept: 'text/html,*/*;q=0.8' } })
  assert.equal(reply.statusCode, 404)
  assert.equal(reply.headers['content-type'], 'text/html; charset=utf-8')
  assert.match(String(reply.headers['content-security-policy']), /default-src 'none'/)
})

test('405: known path, wrong method, with Allow; before credentials and body', async () => {
  const table: [string, string, string][] = [
    ['DELETE', '/api/payment-services', 'GET'],
    ['POST', '/payment-services/', 'GET'],
    ['PUT', '/api/payment-invoices', 'POST'],
    ['GET', '/api/payment-invoices', 'POST'],
    ['PATCH', '/api/payment-invoices/cpi_x?a=1', 'GET'],
    ['POST', '/public-api/payment-invoices/cpi_x', 'GET'],
    ['PUT', '/public-api/payment-invoices', 'GET, POST'],
    ['PROPFIND', '/api/payment-services', 'GET'],
    ['OPTIONS', '/api/payment-services', 'GET'],
    ['TRACE', '/api/payment-services', 'GET'],
  ]
  for (const [method, url, allow] of table) {
    const request = { method: method as 'POST', url, ...(method === 'TRACE' ? {} : { payload: '{' }) }
    const headers = await refused(request, 405, problem('Method Not Allowed', '405'))
    assert.equal(headers.allow, allow, `${method} ${url}`)
  }
})

test('409: the stored resource, without errors', async () => {
  const stored = { data: { type: 'payment-invoices', id: 'cpi_stored' } }
  await refused(post('/api/payment-invoices', '{"ending":"conflict"}'), 409, stored)
  await refused(
    post('/public-api/payment-invoices', JSON.stringify({ public_key: key(), ending: 'conflict' }), {}),
    409,
    stored,
  )
})

test('413: more than 1 MiB, by bytes', async () => {
  const of = (bytes: number): string => `{"a":"${'x'.repeat(bytes - 8)}"}`
  await refused(post('/api/payment-invoices', of(1_048_576)), 201)
  await refused(post('/api/payment-invoices', of(1_048_577)), 413, problem('Payload Too Large', '413'))
  await refused(post('/public-api/payment-invoices', of(1_048_577), {}), 413)
  await refused(post('/public-api/payment-invoices', `{"a":"${'é'.repeat(600_000)}"}`, {}), 413)
})

test('422: an object with one message per field', async () => {
  const fields = { errors: { amount: 'This value should not be blank.', 'customer.email': '<b>' } }
  await refused(post('/api/payment-invoices', '{"ending":"fields"}'), 422, fields)
  await refused(post('/api/payment-invoices', '{"data":{"type":"refund"}}'), 422, {
    errors: { type: 'This value is not one of the allowed choices.' },
  })
})

test('the first failing step of the private API decides', async () => {
  const { inactive, new: moderated } = api.accounts
  await refused({ method: 'PUT', url: '/api/payment-invoices', payload: '{' }, 405)
  await refused(post('/api/payment-invoices', 'x'.repeat(1_048_577), {}), 401)
  await refused(post('/api/payment-invoices?a=%zz', '{', { authorization: api.guarded.authorization }), 403)
  await refused(post('/api/payment-invoices?a=%zz', '{', { authorization: inactive.authorization }), 403)
  await refused(post('/api/payment-invoices', '{', { authorization: moderated.authorization }), 403)
  await refused({ url: '/api/payment-invoices/unknown?a=%zz', headers: authorized() }, 400)
})

test('the first failing step of the public API decides', async () => {
  await refused(post('/public-api/payment-invoices', '{', {}), 400)
  await refused(post('/public-api/payment-invoices?a=%zz', '{}', {}), 400)
  await refused({ url: '/public-api/payment-invoices' }, 400)
  await refused({ url: '/public-api/payment-invoices?filter[reference_id]=a' }, 401)
  const inactive = api.accounts.inactive.keys.live.public_key
  await refused(post('/public-api/payment-invoices', JSON.stringify({ public_key: inactive, data: 'x' }), {}), 403)
})

test('form post: an error page with the same status, JSON for who speaks JSON', async () => {
  const url = '/public-api/payment-invoices/process'
  const form = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html,*/*;q=0.8' }
  const endings: [string, number][] = [
    ['public_key=x', 401],
    [`public_key=${key()}&ending=fields`, 422],
    [`public_key=${key()}&__proto__[a]=1`, 400],
    [`public_key=${api.guarded.keys.test.public_key}`, 403],
  ]
  for (const [payload, status] of endings) {
    const page = await api.app.inject(post(url, payload, form))
    assert.deepEqual([page.statusCode, page.headers['content-type']], [status, 'text/html; charset=utf-8'])
    assert.match(page.body, /^<!doctype html>/)
    assert.ok(!page.body.includes('<b>'), 'escaped')
    const json = await api.app.inject(post(url, payload, { ...form, accept: 'application/json' }))
    assert.deepEqual([json.statusCode, json.headers['content-type']], [status, 'application/json; charset=utf-8'])
  }
  const sent = await api.app.inject(post(url, JSON.stringify({ public_key: 'x' }), { accept: 'text/html' }))
  assert.deepEqual([sent.statusCode, sent.json()], [401, problem('Unauthorized', '401')])
})
