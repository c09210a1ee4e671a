/** Payments of the second demo merchant in yen and dinars, which go to the simulated Stripe first: gateway 430. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { demoAccounts } from '../../apps/server/demo/accounts.ts'
import { demoKeys } from '../../apps/server/src/demo/demo-keys.ts'
import { until } from '../product/time.ts'
import { type Answer, startWorld, type World } from '../world.ts'

let world: World
let authorization = ''
before(async () => {
  world = await startWorld()
  const second = demoAccounts[1]!
  const { api_key } = demoKeys(world.ctx, second)
  authorization = `Basic ${Buffer.from(`${second.settings.id}:${api_key}`).toString('base64')}`
})
after(() => world.close())
beforeEach(() => {
  world.simulators.control.reset()
  world.simulators.control.setWebhook('stripe', `${world.url}/provider-events/430`)
})

const card = { card_number: '4242424242424242', cvv: '123', exp_month: '12', exp_year: '2030' }
const threeDsCard = { ...card, card_number: '4000000000003220' }

async function call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<{ status: number; body: Answer }> {
  const response = await fetch(world.url + path, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Answer }
}

async function create(amount: number, currency: 'JPY' | 'KWD', more: object = {}): Promise<Answer> {
  const service = `payment_card_${currency.toLowerCase()}_hpp`
  const customer = { reference_id: 'yuki' }
  const { status, body } = await call('POST', '/api/payment-invoices', {
    amount,
    currency,
    service,
    customer,
    test_mode: true,
    ...more,
  })
  assert.equal(status, 201, JSON.stringify(body))
  return body.data
}

async function sell(invoice: Answer, attributes: object): Promise<Answer> {
  const response = await fetch(`${world.url}/payment/sale`, {
    method: 'POST',
    headers: { authorization: `Bearer ${invoice.attributes.flow_data.metadata.token}` },
    body: JSON.stringify({ data: { type: 'sale-operation', attributes } }),
  })
  return ((await response.json()) as Answer).data.attributes
}

const read = async (id: string): Promise<Answer> =>
  (await call('GET', `/api/payment-invoices/${id}`)).body.data.attributes

async function gatewaysOf(id: string): Promise<unknown[]> {
  const rows = await world.ctx.sql`select gateway_id, status from attempts where payment_id = ${id} order by number`
  return rows.map((row) => [row.gateway_id, row.status])
}

const taken = (id: string, number = 1): bigint => world.simulators.control.taken(`${id.slice('cpi_'.length)}-${number}`)

test('yen are paid, and given back in part', async () => {
  const invoice = await create(500, 'JPY')
  assert.equal((await sell(invoice, card)).status, 'processed')
  assert.deepEqual(await gatewaysOf(invoice.id), [[430, 'approved']])
  assert.equal(taken(invoice.id), 500n)
  const refund = await call('POST', `/api/payment-invoices/${invoice.id}/refund`, {
    amount: 200,
    reference_id: 'refund-1',
  })
  assert.ok(refund.status < 300, JSON.stringify(refund.body))
  await until('the refund is done', async () => (await read(invoice.id)).refunded_amount === 200)
  assert.equal(taken(invoice.id), 300n)
})

test('after 3-D Secure the webhook alone tells, when the payer never comes back', async () => {
  const invoice = await create(1.23, 'KWD')
  const { status, auth_payload } = await sell(invoice, threeDsCard)
  assert.equal(status, 'process_pending')
  assert.match(auth_payload.action, /\/stripe\/3ds\//)
  const body = new URLSearchParams({ choice: 'confirm' })
  const answered = await fetch(auth_payload.action, { method: 'POST', body, redirect: 'manual' })
  assert.match(answered.headers.get('location') ?? '', /\/hpp\/return\/cpi_\w+\?.*payment_intent=pi_/)
  await until('the webhook is handled', async () => (await read(invoice.id)).status === 'processed')
  assert.equal(taken(invoice.id), 1230n)
  const events = await world.ctx
    .sql`select status from provider_events where gateway_id = 430 and body like ${`%${invoice.id.slice(4)}%`}`
  assert.deepEqual(
    events.map((event) => event.status),
    ['handled'],
  )
})

test('a challenge that the payer refuses ends the payment', async () => {
  const invoice = await create(700, 'JPY')
  const { auth_payload } = await sell(invoice, threeDsCard)
  await fetch(auth_payload.action, {
    method: 'POST',
    body: new URLSearchParams({ choice: 'decline' }),
    redirect: 'manual',
  })
  await until('the refusal is known', async () => (await read(invoice.id)).resolution === 'auth_fatal_error')
  assert.deepEqual(await gatewaysOf(invoice.id), [[430, 'declined']])
})

test('an amount Stripe cannot express, and a soft decline, go on to the next gateway', async () => {
  const fils = await create(1.234, 'KWD')
  assert.equal((await sell(fils, { ...card, card_number: '5519283812030000' })).status, 'processed')
  assert.deepEqual(await gatewaysOf(fils.id), [
    [430, 'declined'],
    [409, 'approved'],
  ])
  world.simulators.control.setScript('stripe', { answer: 'decline', code: '05' })
  const soft = await create(900, 'JPY')
  assert.equal((await sell(soft, { ...card, card_number: '5519283812030000' })).status, 'processed')
  assert.deepEqual(await gatewaysOf(soft.id), [
    [430, 'declined'],
    [409, 'approved'],
  ])
})

test('a charge whose answer is lost is found, not repeated', async () => {
  world.simulators.control.setScript('stripe', { answer: 'reset_after', notifications: 'none' })
  const invoice = await create(800, 'JPY')
  await sell(invoice, card)
  await until('the charge is found', async () => (await read(invoice.id)).status === 'processed')
  assert.deepEqual(await gatewaysOf(invoice.id), [[430, 'approved']])
  assert.equal(taken(invoice.id), 800n)
})

test('a saved card pays again with its security code', async () => {
  const invoice = await create(600, 'JPY', { gateway_options: { cardgate: { tokenize: true } } })
  assert.equal((await sell(invoice, card)).status, 'processed')
  const { token } = (await read(invoice.id)).payload
  const again = await create(650, 'JPY', { token })
  assert.equal((await sell(again, { cvv: '123' })).status, 'processed')
  assert.deepEqual(await gatewaysOf(again.id), [[430, 'approved']])
  assert.equal(taken(again.id), 650n)
})
