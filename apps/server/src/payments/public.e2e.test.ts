import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Errors } from 'typebox/value'
import { type Answer, startWorld, type World } from '../../../../tests/world.ts'
import { demoAccounts } from '../../demo/accounts.ts'
import { forgetAccount } from '../accounts/find-account.ts'
import { demoKeys } from '../demo/demo-keys.ts'
import { publicPaymentListReply, publicPaymentReply } from './resource-schema.ts'

let world: World
let public_key = ''
let live_key = ''
let other_key = ''
before(async () => {
  world = await startWorld()
  const [first, , third] = demoAccounts
  if (!first || !third) throw new Error('the demo world has too few merchants')
  public_key = world.account.test_public_key
  live_key = demoKeys(world.ctx, first).live.public_key
  other_key = demoKeys(world.ctx, third).test.public_key
})
after(() => world.close())

const wish = { service: 'payment_card_usd_hpp', currency: 'USD', amount: 123.45, description: 'Invoice Example' }

async function call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<{ status: number; body: Answer }> {
  const response = await fetch(`${world.url}/public-api${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: await response.json() }
}

function post(fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${world.url}/public-api/payment-invoices/process`, {
    method: 'POST',
    redirect: 'manual',
    headers: { accept: 'text/html,*/*', ...headers },
    body: new URLSearchParams(fields),
  })
}

const form = (): Record<string, string> => ({
  public_key,
  currency: 'USD',
  amount: '100',
  service: 'payment_card_usd_hpp',
})

test('201: the sample request gets the sample document, and the read is the same without its link', async () => {
  const { status, body } = await call('POST', '/payment-invoices', { ...wish, public_key, reference_id: 'page-1' })
  assert.equal(status, 201)
  assert.deepEqual([...Errors(publicPaymentReply, body)], [])
  const { data } = body
  assert.deepEqual(
    [data.amount, data.status, data.resolution, data.has_return_url, data.test_mode],
    [123.45, 'process_pending', 'OK', false, true],
  )
  assert.equal(data.hpp_url, `${world.url}/redirect/hpp/?cpi=${data.id}`)
  const { hpp_url: _, ...rest } = data
  for (const query of ['', `?public_key=${public_key}`]) {
    assert.deepEqual(await call('GET', `/payment-invoices/${data.id}${query}`), { status: 200, body: { data: rest } })
  }
  const stored = await world.call('GET', `/api/payment-invoices/${data.id}`)
  assert.deepEqual(
    [stored.body.data.attributes.source, stored.body.data.attributes.flow_data],
    ['platform_public_api', data.active_payment.payload],
  )
})

test('404: an unknown id, and a key of the other mode or of another account', async () => {
  const { body } = await call('POST', '/payment-invoices', { ...wish, public_key })
  for (const path of [
    `/${body.data.id}?public_key=${live_key}`,
    `/${body.data.id}?public_key=${other_key}`,
    '/cpi_0000000000000000',
    '/x',
  ]) {
    assert.equal((await call('GET', `/payment-invoices${path}`)).status, 404, path)
  }
})

test('401: a missing or unknown key, where one is needed', async () => {
  const unknown = `pk_test_${'x'.repeat(43)}`
  assert.equal((await call('POST', '/payment-invoices', wish)).status, 401)
  assert.equal((await call('POST', '/payment-invoices', { ...wish, public_key: unknown })).status, 401)
  assert.equal((await call('GET', '/payment-invoices?filter[reference_id]=x')).status, 401)
  assert.equal((await call('GET', `/payment-invoices/cpi_0000000000000000?public_key=${unknown}`)).status, 401)
})

test('409: a repeated reference gets the stored payment with its link, in this view', async () => {
  const first = (await call('POST', '/payment-invoices', { ...wish, public_key, reference_id: 'again' })).body
  assert.deepEqual(await call('POST', '/payment-invoices', { public_key, reference_id: 'again' }), {
    status: 409,
    body: first,
  })
})

test('422: all fields together, by dotted path', async () => {
  const { status, body } = await call('POST', '/payment-invoices', { public_key, amount: 0, customer: { name: 'x' } })
  assert.deepEqual(
    [status, body.errors],
    [
      422,
      {
        service: 'This value should not be blank.',
        currency: 'This value should not be blank.',
        amount: 'This value should be greater than 0.',
        'customer.reference_id': 'This value should not be blank.',
      },
    ],
  )
})

test('200: by reference the list holds the payment of the mode of the key, or nothing', async () => {
  const { body } = await call('POST', '/payment-invoices', { ...wish, public_key, reference_id: 'find me' })
  const { hpp_url: _, ...rest } = body.data
  const found = await call('GET', `/payment-invoices?filter[reference_id]=find%20me&public_key=${public_key}`)
  assert.deepEqual([...Errors(publicPaymentListReply, found.body)], [])
  assert.deepEqual(found.body, { data: [rest] })
  for (const key of [live_key, other_key]) {
    assert.deepEqual(await call('GET', `/payment-invoices?filter[reference_id]=find%20me&public_key=${key}`), {
      status: 200,
      body: { data: [] },
    })
  }
})

test('400: public lists are found by reference only', async () => {
  const queries = [
    '',
    'filter[status]=processed',
    'filter[reference_id]=',
    'filter=x',
    'filter[reference_id]=x&filter[status]=x',
    'filter[reference_id]=x&sort=created',
    'filter[reference_id][]=x',
  ]
  for (const query of queries)
    assert.equal((await call('GET', `/payment-invoices?${query}&public_key=${public_key}`)).status, 400, query)
})

test('302: a posted form leads to the checkout, its nested fields are read, empty ones are not sent', async () => {
  const fields = {
    'customer[reference_id]': 'c-1',
    'customer[name]': 'Test Customer',
    'customer[address][full_address]': 'Test Address',
    'customer[email]': '',
    description: '',
    reference_id: 'form-1',
    'metadata[order]': '7',
  }
  const response = await post({ ...form(), ...fields })
  const [stored] = await world.ctx
    .sql`select id, source, customer, metadata from payments where reference_id = 'form-1'`
  assert.deepEqual(
    [response.status, response.headers.get('location')],
    [302, `${world.url}/redirect/hpp/?cpi=${stored?.id}`],
  )
  assert.deepEqual(
    [stored?.source, stored?.customer.name, stored?.metadata],
    ['platform_public_api', 'Test Customer', { order: '7' }],
  )
  const [customer] = await world.ctx.sql`select address from customers where reference_id = 'c-1'`
  assert.deepEqual(customer?.address, { full_address: 'Test Address' })

  const again = await post({ ...form(), reference_id: 'form-1', amount: '5' })
  assert.deepEqual([again.status, again.headers.get('location')], [302, `${world.url}/redirect/hpp/?cpi=${stored?.id}`])
})

test('a refused form is a page for a browser and JSON for whoever asks for it', async () => {
  const page = await post({ ...form(), amount: '<b>0</b>' })
  assert.deepEqual([page.status, page.headers.get('content-type')], [422, 'text/html; charset=utf-8'])
  const text = await page.text()
  assert.equal(text.includes('This value is not a valid number.') && !text.includes('<b>0'), true)
  const json = await post({ ...form(), amount: '0' }, { accept: 'application/json' })
  assert.deepEqual(
    [json.status, await json.json()],
    [422, { errors: { amount: 'This value should be greater than 0.' } }],
  )
  assert.deepEqual(await call('POST', '/payment-invoices/process', { ...form(), amount: 0 }), {
    status: 422,
    body: { errors: { amount: 'This value should be greater than 0.' } },
  })
  assert.equal((await post({ ...form(), public_key: 'x' })).status, 401)
})

test('403: an account that forbids creation with its public key', async () => {
  await world.ctx
    .sql`update accounts set options = (options::jsonb || '{"forbid_public_creation": true}')::json where id = ${world.account.id}`
  forgetAccount(world.ctx, world.account.id)
  const { status } = await call('POST', '/payment-invoices', { ...wish, public_key })
  const page = await post(form())
  assert.deepEqual([status, page.status], [403, 403])
})
