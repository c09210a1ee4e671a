/** Answers 429, 500 and 503, and that no bad input reaches 500. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { connect } from '../database/connect.ts'
import { type SampleApi, startSampleApi } from './sample-api.ts'

let api: SampleApi
let limited: SampleApi
let at = new Date('2026-03-01T10:00:00Z')
before(async () => {
  api = await startSampleApi()
  limited = await startSampleApi({ config: { rate_limits: true, trusted_proxies: ['127.0.0.1'] }, now: () => at })
})
after(async () => {
  await api.close()
  await limited.close()
})

async function faults(): Promise<number> {
  const metric = await api.ctx.events.registry.getSingleMetric('cascad_faults_total')!.get()
  return metric.values.reduce((sum, { value }) => sum + value, 0)
}

const create = (ending: string, from = api) =>
  from.app.inject({
    method: 'POST',
    url: '/api/payment-invoices',
    headers: { authorization: from.accounts.active.authorization },
    payload: JSON.stringify({ ending }),
  })

test('500: whatever is thrown, the body says nothing of it, and the fault is counted', async () => {
  const body = {
    errors: [{ status: 'internal_error', code: '500', title: 'internal_error', detail: 'Internal server error.' }],
  }
  for (const ending of ['fault', 'odd', 'unwritable']) {
    const counted = await faults()
    const reply = await create(ending)
    assert.deepEqual([reply.statusCode, reply.json()], [500, body], ending)
    assert.equal(await faults(), counted + 1, ending)
    assert.doesNotMatch(JSON.stringify(reply.headers), /hunter2|teapot/)
  }
})

test('503: the database is away', async () => {
  const reply = await create('lost database')
  assert.deepEqual(
    [reply.statusCode, reply.json()],
    [503, { errors: [{ status: 'Service Unavailable', code: '503' }] }],
  )
  assert.match(String(reply.headers['retry-after']), /^\d+$/)
})

test('200 and 503: live without the database, ready only with it', async () => {
  const status = async (url: string) => (await api.app.inject(url)).statusCode
  assert.deepEqual([await status('/health/live'), await status('/health/ready')], [200, 200])
  const { sql } = api.ctx
  const nowhere = connect('postgres://cascad@127.0.0.1:1/none', { connections_max: 1, application_name: 'test' })
  try {
    Object.assign(api.ctx, { sql: nowhere })
    assert.deepEqual([await status('/health/live'), await status('/health/ready')], [200, 503])
  } finally {
    Object.assign(api.ctx, { sql })
    await nowhere.end({ timeout: 1 })
  }
})

test('the numbers are for private networks only', async () => {
  const metrics = (remoteAddress: string) => api.app.inject({ url: '/metrics', remoteAddress })
  assert.match((await metrics('10.1.2.3')).body, /cascad_faults_total/)
  assert.equal((await metrics('8.8.8.8')).statusCode, 404)
})

test('429: 30 failed authentications a minute from one address, then also the right ones; others go on', async () => {
  const ask = (ip: string, authorization: string) =>
    limited.app.inject({ url: '/api/payment-services', headers: { authorization, 'x-forwarded-for': ip } })
  const right = limited.accounts.active.authorization
  for (let i = 0; i < 30; i += 1) assert.equal((await ask('198.51.100.1', `${right}x`)).statusCode, 401)
  const reply = await ask('198.51.100.1', right)
  assert.deepEqual([reply.statusCode, reply.json()], [429, { errors: [{ status: 'Too Many Requests', code: '429' }] }])
  assert.equal(reply.headers['retry-after'], '2')
  assert.equal((await ask('198.51.100.2', right)).statusCode, 200)
  const key = await limited.app.inject({
    url: `/public-api/payment-invoices/cpi_x?public_key=${limited.accounts.active.keys.test.public_key}`,
    headers: { 'x-forwarded-for': '198.51.100.1' },
  })
  assert.equal(key.statusCode, 429, 'guessing public keys is guessing as well')
  at = new Date(at.getTime() + 2_000)
  assert.equal((await ask('198.51.100.1', right)).statusCode, 200)
})

test('429: 300 public calls a minute from one address, before the body is looked at', async () => {
  const post = (ip: string) =>
    limited.app.inject({
      method: 'POST',
      url: '/public-api/payment-invoices',
      headers: { 'x-forwarded-for': ip },
      payload: '{',
    })
  for (let i = 0; i < 300; i += 1) assert.equal((await post('198.51.100.9')).statusCode, 400)
  const reply = await post('198.51.100.9')
  assert.equal(reply.statusCode, 429)
  assert.equal(reply.headers['retry-after'], '1')
  assert.equal((await post('198.51.100.10')).statusCode, 400)
})

test('429: 1200 private calls a minute of one account, from wherever', async () => {
  const { authorization } = limited.accounts.new
  let refused = 0
  for (let i = 0; i < 1201; i += 1) {
    const reply = await limited.app.inject({
      url: '/api/payment-services',
      headers: { authorization, 'x-forwarded-for': `203.0.113.${i % 250}` },
    })
    if (reply.statusCode === 429) refused += 1
  }
  assert.equal(refused, 1)
})

test('no request made of odd pieces is answered with 500', async () => {
  const counted = await faults()
  const odd = fc.constantFrom(
    '\0',
    '%00',
    '%zz',
    '__proto__',
    '[',
    ']',
    '{',
    '"',
    'é',
    '💶',
    '../',
    "'",
    'a'.repeat(300),
    '0',
    '-1',
    '1e999',
  )
  const text = fc.array(fc.oneof(odd, fc.string({ maxLength: 6 })), { maxLength: 6 }).map((pieces) => pieces.join(''))
  const url = fc.tuple(
    fc.constantFrom(
      '/api/payment-invoices/',
      '/payment-services?',
      '/public-api/payment-invoices/',
      '/public-api/payment-invoices?filter[',
      '/',
      '/hpp/',
    ),
    text.map((piece) => encodeURI(piece.toWellFormed()).replaceAll('#', '')),
  )
  const method = fc.constantFrom('GET', 'POST', 'HEAD', 'PUT', 'OPTIONS')
  await fc.assert(
    fc.asyncProperty(method, url, text, text, fc.boolean(), async (verb, [start, rest], payload, type, known) => {
      const reply = await api.app.inject({
        method: verb as 'GET',
        url: start + rest,
        headers: {
          ...(known ? { authorization: api.accounts.active.authorization } : {}),
          'content-type': type.replaceAll(/[^\x20-\x7e]/g, ''),
        },
        payload: payload.toWellFormed(),
      })
      assert.ok(reply.statusCode < 500, `${verb} ${start}${rest} → ${reply.statusCode}`)
    }),
    { numRuns: 400 },
  )
  assert.equal(await faults(), counted)
})
