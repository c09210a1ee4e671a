/** Real answers of the whole product, good and bad, held against its own OpenAPI document. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type CheckReply, createCheckReply } from '../check-reply.ts'
import { startWorld, type World } from '../world.ts'

let world: World
let check: CheckReply
before(async () => {
  world = await startWorld()
  check = createCheckReply(await (await fetch(`${world.url}/openapi.json`)).json())
})
after(() => world.close())

type Sent = { readonly method?: 'GET' | 'POST'; readonly headers?: Record<string, string>; readonly body?: unknown }

/** Sends, checks the status and holds the answer against the document. */
async function ask(path: string, status: number, { method = 'GET', headers = {}, body }: Sent = {}): Promise<string> {
  const reply = await fetch(world.url + path, {
    method,
    headers,
    redirect: 'manual',
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await reply.text()
  assert.equal(reply.status, status, `${method} ${path}: ${text.slice(0, 500)}`)
  check(method, path, { status, content_type: reply.headers.get('content-type'), body: text })
  return text
}

const authorized = () => ({
  authorization: `Basic ${Buffer.from(`${world.account.id}:${world.account.api_key}`).toString('base64')}`,
})
const read = (path: string, status = 200) => ask(path, status, { headers: authorized() })
const post = (path: string, status: number, body: unknown) =>
  ask(path, status, { method: 'POST', headers: authorized(), body })

const payment = (more: object = {}) => ({
  service: 'test_usd_test',
  currency: 'USD',
  amount: 100,
  test_mode: true,
  service_fields: { status: 'success' },
  customer: { reference_id: 'c1', email: 'payer@example.com', metadata: { a: [1] } },
  metadata: { order: 7 },
  ...more,
})

test('services, account, files and the operation of the server', async () => {
  const page = JSON.parse(await read('/api/payment-services?page[size]=100'))
  assert.ok(page.data.length > 5)
  await read(`/payment-services/${page.data[0].id}`)
  await read('/api/payment-services/comcps_0000000000000000', 404)
  await read('/api/payment-services?sort=created', 400)
  await read('/api/account/profile')
  await read('/api/account/balances')
  await ask('/api/account/balances', 401)
  for (const path of ['/health/live', '/health/ready', '/metrics', '/openapi.json', '/demo/credentials.json'])
    await ask(path, 200)
})

test('payments of the private API, in every state a call leaves them in', async () => {
  const services = JSON.parse(await read('/api/payment-services?page[size]=100&filter[test_mode]=true'))
  let created = 0
  for (const { attributes } of services.data) {
    const body = payment({ service: attributes.service, currency: 'USD', amount: 50 })
    const reply = await fetch(`${world.url}/api/payment-invoices`, {
      method: 'POST',
      headers: authorized(),
      body: JSON.stringify(body),
    })
    const text = await reply.text()
    assert.ok([201, 422].includes(reply.status), text)
    check('POST', '/api/payment-invoices', {
      status: reply.status,
      content_type: reply.headers.get('content-type'),
      body: text,
    })
    if (reply.status !== 201) continue
    created += 1
    await read(`/api/payment-invoices/${JSON.parse(text).data.id}`)
  }
  assert.ok(created > 3, `only ${created} services took a payment`)
  await post('/api/payment-invoices', 201, payment({ reference_id: 'document-1', service: 'payment_card_usd_hpp' }))
  await post('/api/payment-invoices', 409, payment({ reference_id: 'document-1', service: 'payment_card_usd_hpp' }))
  await post('/api/payment-invoices', 422, { amount: -1, customer: { email: 'x' } })
  await post('/api/payment-invoices', 400, '{')
  const list = JSON.parse(await read('/api/payment-invoices?page[size]=3&sort=amount'))
  assert.ok(list.links.next.startsWith('/api/payment-invoices?'))
  await read(list.links.next)
  await read('/api/payment-invoices?filter[nothing]=1', 400)
  await read(`/api/payment-invoices/${list.data[0].id}/attempts`)
  await post(`/api/payment-invoices/${list.data[0].id}/refund`, 409, { reference_id: 'r' })
  await post('/api/routing/simulate', 200, payment())
  await post('/api/routing/simulate', 422, {})
})

test('a payment that is processed and refunded', async () => {
  const { id } = JSON.parse(await post('/api/payment-invoices', 201, payment({ amount: 12.34 }))).data
  let status = ''
  for (let tries = 0; tries < 2000 && status !== 'processed'; tries += 1) {
    status = JSON.parse(await read(`/api/payment-invoices/${id}`)).data.attributes.status
    if (status !== 'processed') await new Promise((resolve) => setTimeout(resolve, 25))
  }
  assert.equal(status, 'processed')
  await read(`/api/payment-invoices/${id}/attempts`)
  await post(`/api/payment-invoices/${id}/refund`, 422, {})
  await post(`/api/payment-invoices/${id}/refund`, 200, {
    data: { type: 'refund', attributes: { amount: 2.34, reference_id: 'r1' } },
  })
  await post(`/api/payment-invoices/${id}/refund`, 409, { reference_id: 'r1' })
  await read(`/api/payment-invoices/${id}`)
})

test('the public API', async () => {
  const public_key = world.account.test_public_key
  const open = (path: string, status: number, body: unknown) => ask(path, status, { method: 'POST', body })
  await open('/public-api/payment-prerequest', 200, { public_key, currency: 'USD' })
  await open('/public-api/payment-prerequest', 422, { public_key })
  const created = JSON.parse(
    await open('/public-api/payment-invoices', 201, { public_key, ...payment({ reference_id: 'document-2' }) }),
  )
  await open('/public-api/payment-invoices', 409, { public_key, ...payment({ reference_id: 'document-2' }) })
  await open('/public-api/payment-invoices', 401, payment())
  await ask(`/public-api/payment-invoices/${created.data.id}`, 200)
  await ask(`/public-api/payment-invoices?public_key=${public_key}&filter[reference_id]=document-2`, 200)
  await ask(`/public-api/payment-invoices?public_key=${public_key}&filter[reference_id]=nobody`, 200)
  await ask(`/public-api/payment-invoices?public_key=${public_key}`, 400)
  await open('/public-api/payment-invoices/process', 302, { public_key, ...payment({ reference_id: 'document-3' }) })
  await open('/payment/sale', 401, {})
})

test('pages of the payer', async () => {
  const public_key = world.account.test_public_key
  await ask(`/hpp/?public_key=${public_key}&amount=10&currency=USD`, 200)
  await ask('/hpp/?public_key=x&amount=10&currency=USD', 401)
  await ask('/hpp/?cpi=cpi_0000000000000000', 404)
  await ask('/return?id=x', 404)
})
