import assert from 'node:assert/strict'
import { request as httpRequest } from 'node:http'
import { after, before, test } from 'node:test'
import * as fc from 'fast-check'
import { startWorld, type World } from '../world.ts'

let world: World
let tables = 0
before(async () => {
  world = await startWorld({ work: false })
  tables = await countTables()
})
after(() => world.close())

async function countTables(): Promise<number> {
  const [row] = await world.ctx.sql<{ count: number }[]>`
    select count(*)::int as count from information_schema.tables where table_schema = 'public'`
  return row?.count ?? 0
}

const injections = [
  "'; drop table payments; --",
  "' or '1'='1",
  '1); delete from ledger_transfers; --',
  "\\'; select pg_sleep(5); --",
  '$1 $2 #{id} {{7*7}}',
  '%27%20or%201%3D1 %00 \u0000',
  "E'\\\\x41' || chr(39)",
  '{"$gt": ""}',
  '<script>alert(1)</script>"><img src=x onerror=alert(1)>',
  '../../../../etc/passwd',
  '\u202e\ud83d\ude00\ufeff',
  '*/ union select null, api_key_hash from accounts /*',
]

const wish = { amount: 10, currency: 'USD', service: 'payment_card_usd_hpp', test_mode: true }

/** Every path of a value in a request that creates an invoice. */
const paths = [
  'reference_id',
  'amount',
  'currency',
  'service',
  'flow',
  'test_mode',
  'description',
  'callback_url',
  'return_url',
  'return_urls.success',
  'return_urls.pending',
  'expires',
  'token',
  'customer.reference_id',
  'customer.email',
  'customer.name',
  'customer.phone',
  'customer.date_of_birth',
  'customer.individual_tax_id',
  'customer.address.country',
  'customer.address.city',
  'customer.address.full_address',
  'customer.metadata.key',
  'metadata.key',
  'service_fields.status',
  'gateway_options.cardgate.instant',
  'options.bypass_hpp',
]

function withValue(path: string, value: unknown): Record<string, unknown> {
  const [first = '', ...rest] = path.split('.')
  const inner = rest.length === 0 ? value : withValue(rest.join('.'), value)
  const customer =
    first === 'customer' && path !== 'customer.reference_id' ? { reference_id: 'x', ...(inner as object) } : inner
  return { ...wish, [first]: customer }
}

const onlyPart = (path: string, value: unknown): Record<string, unknown> => {
  const [first = '', ...rest] = path.split('.')
  return { [first]: rest.length === 0 ? value : onlyPart(rest.join('.'), value) }
}

/** The answer is one of the contract's: taken, or refused by name; never an error of ours. */
function assertPlain(status: number, what: string): void {
  assert.ok([200, 201, 302, 303, 400, 401, 403, 404, 405, 409, 413, 422].includes(status), `${what} answered ${status}`)
}

test('SQL, templates and scripts in every field of an invoice are text or refused', async () => {
  for (const path of paths) {
    for (const text of injections) {
      const { status, body } = await world.call('POST', '/api/payment-invoices', withValue(path, text))
      assertPlain(status, `${path} = ${text}`)
      if (status === 201 && path === 'description') {
        const read = await world.call('GET', `/api/payment-invoices/${body.data.id}`)
        assert.equal(read.body.data.attributes.description, text, 'what is taken comes back to the letter')
      }
    }
  }
  assert.equal(await countTables(), tables)
})

test('values of any type and shape in every field never break us', async () => {
  const shapes = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom<unknown>(null, -0, 1e308, 2 ** 53, [], {}, [[[]]]),
  )
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), shapes, async (path, value) => {
      const { status } = await world.call('POST', '/api/payment-invoices', withValue(path, value))
      assertPlain(status, `${path} = ${JSON.stringify(value)}`)
    }),
    { numRuns: 150 },
  )
})

test('the same in paths, filters, refunds and pages of the payer', async () => {
  const { body } = await world.call('POST', '/api/payment-invoices', wish)
  const id = body.data.id as string
  for (const text of injections) {
    const escaped = encodeURIComponent(text)
    const calls: [method: 'GET' | 'POST', path: string, body?: unknown][] = [
      ['GET', `/api/payment-invoices/${escaped}`],
      ['GET', `/api/payment-invoices?filter[reference_id]=${escaped}`],
      ['GET', `/api/payment-invoices?filter[status]=${escaped}&sort=${escaped}`],
      ['GET', `/api/payment-invoices?page[after]=${escaped}&page[size]=${escaped}`],
      ['GET', `/api/payment-services/${escaped}`],
      ['POST', `/api/payment-invoices/${id}/refund`, { reference_id: text, amount: text, description: text }],
      ['GET', `/public-api/payment-invoices/${escaped}`],
      ['GET', `/public-api/payment-invoices?public_key=${escaped}&filter[reference_id]=${escaped}`],
    ]
    for (const [method, path, sent] of calls) assertPlain((await world.call(method, path, sent)).status, path)
    for (const path of [
      `/hpp/?cpi=${escaped}`,
      `/hpp/?public_key=${escaped}&amount=${escaped}`,
      `/hpp/${escaped}`,
      `/hpp/state?cpi=${escaped}`,
      `/hpp/return/${escaped}`,
      `/return?id=${escaped}`,
      `/redirect/hpp/?cpi=${escaped}`,
    ]) {
      const response = await fetch(world.url + path, { redirect: 'manual' })
      assertPlain(response.status, path)
      const page = await response.text()
      assert.ok(
        !page.includes('<script>alert') && !page.includes('<img src=x'),
        `${path} shows what it was given as markup`,
      )
    }
    const headers = { authorization: `Basic ${Buffer.from(`${text}:${text}`).toString('base64')}` }
    assertPlain((await fetch(`${world.url}/api/account/balances`, { headers })).status, 'credentials')
    const event = await fetch(`${world.url}/provider-events/408`, { method: 'POST', body: text })
    assertPlain(event.status, 'provider event')
  }
  assert.equal(await countTables(), tables)
})

test('keys that reach a prototype are refused or plain, in forms, queries and JSON, and change no object', async () => {
  const key = world.account.test_public_key
  const bad = [
    'customer[__proto__][polluted]=1',
    '__proto__[polluted]=1',
    'constructor[prototype][polluted]=1',
    'customer[constructor][prototype][polluted]=1',
    'metadata[__proto__]=1&metadata[constructor]=2&metadata[toString]=3',
    'customer[address][__proto__][country]=US',
  ]
  const good = `public_key=${key}&amount=5&currency=USD&service=payment_card_usd_hpp`
  for (const text of bad) {
    const forms = [
      fetch(`${world.url}/public-api/payment-invoices/process`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `${good}&${text}`,
        redirect: 'manual',
      }),
      fetch(`${world.url}/hpp/?${good}&${text}`, { redirect: 'manual' }),
      fetch(`${world.url}/public-api/payment-invoices?${good}&${text}`),
    ]
    for (const { status } of await Promise.all(forms)) assertPlain(status, text)
  }
  const documents = [
    `{"amount":5,"currency":"USD","service":"payment_card_usd_hpp","test_mode":true,"metadata":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}`,
    `{"__proto__":{"polluted":1},"amount":5,"currency":"USD","service":"payment_card_usd_hpp","test_mode":true}`,
    `{"data":{"type":"payment-invoice","attributes":{"__proto__":{"amount":5},"customer":{"__proto__":{"reference_id":"x"}}}}}`,
  ]
  const authorization = `Basic ${btoa(`${world.account.id}:${world.account.api_key}`)}`
  for (const body of documents) {
    const { status } = await fetch(`${world.url}/api/payment-invoices`, {
      method: 'POST',
      headers: { authorization },
      body,
    })
    assertPlain(status, body)
  }
  assert.equal(({} as Record<string, unknown>).polluted, undefined)
  assert.equal((Object.prototype as unknown as Record<string, unknown>).amount, undefined)
})

test('bodies that are too large, too deep or no text are refused', async () => {
  const authorization = `Basic ${btoa(`${world.account.id}:${world.account.api_key}`)}`
  const post = async (body: string | Uint8Array<ArrayBuffer>): Promise<number> =>
    (await fetch(`${world.url}/api/payment-invoices`, { method: 'POST', headers: { authorization }, body })).status
  assert.equal(await post(JSON.stringify({ ...wish, description: 'x'.repeat(1_100_000) })), 413)
  assert.equal(await post(`{"metadata":${'['.repeat(100_000)}${']'.repeat(100_000)}}`), 400)
  assert.equal(await post(`{"metadata":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`), 400)
  assert.equal(await post(new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])), 400)
  assertPlain(await post(`{"amount": 1${'0'.repeat(400_000)}}`), 'a long number')
  assertPlain(
    await post(
      JSON.stringify(onlyPart('metadata', Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`k${i}`, i])))),
    ),
    'many keys',
  )
  const form = Array.from({ length: 2_000 }, (_, i) => `metadata[k${i}]=${i}`).join('&')
  const { status } = await fetch(`${world.url}/public-api/payment-invoices`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `public_key=${world.account.test_public_key}&${form}`,
  })
  assert.equal(status, 400)
})

test('headers that are too large or malformed are refused, and the next request is served', async () => {
  const ask = (headers: Record<string, string>): Promise<number | string> =>
    new Promise((resolve) => {
      const sent = httpRequest(`${world.url}/api/account/balances`, { headers, agent: false }, (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
      sent.on('error', (error) => resolve((error as NodeJS.ErrnoException).code ?? 'error'))
      sent.end()
    })
  assert.equal(await ask({ 'x-long': 'x'.repeat(20_000) }), 431)
  assert.equal(await ask({ authorization: `Basic ${'A'.repeat(15_000)}` }), 401)
  assert.equal(await ask({ authorization: 'Basic' }), 401)
  assert.equal(await ask({ authorization: `Basic ${btoa('no colon')}` }), 401)
  assert.equal(await ask({ authorization: `Bearer ${'x.'.repeat(500)}` }), 401)
  assert.equal((await world.call('GET', '/api/account/balances')).status, 200)
})

test('none of it was a fault', async () => {
  const metrics = await world.ctx.events.registry.getSingleMetricAsString('cascad_faults_total')
  assert.ok(!/^cascad_faults_total\{.*\} [1-9]/m.test(metrics), metrics)
})
