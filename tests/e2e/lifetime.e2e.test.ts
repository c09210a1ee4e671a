/** The end of a payment's time, as merchant and payer meet it. The clock of the product is set forward. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, afterEach, before, test } from 'node:test'
import { createPayment, readPayment } from '../payer.ts'
import { type Answer, startWorld, type World } from '../world.ts'

const minute_ms = 60_000

let world: World
let ahead_ms = 0
const received: Answer[] = []
const merchant = createServer((request, response) => {
  let body = ''
  request.on('data', (part) => {
    body += part
  })
  request.on('end', () => {
    received.push(JSON.parse(body).data)
    response.end()
  })
})
let callback_url: string
before(async () => {
  await new Promise<void>((listening) => merchant.listen(0, '127.0.0.1', listening))
  callback_url = `http://127.0.0.1:${(merchant.address() as AddressInfo).port}/`
  world = await startWorld()
  Object.assign(world.ctx, { now: () => new Date(Date.now() + ahead_ms) })
})
afterEach(() => {
  ahead_ms = 0
})
after(async () => {
  await world.close()
  merchant.close()
})

async function until<T>(look: () => Promise<T>, done: (seen: T) => boolean): Promise<T> {
  for (let tries = 0; tries < 1000; tries += 1) {
    const seen = await look()
    if (done(seen)) return seen
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`still ${JSON.stringify(await look())}`)
}

const end = (id: string): Promise<Answer> =>
  until(
    () => readPayment(world, id),
    (attributes) => attributes.status !== 'process_pending',
  )

async function sell(attributes: Answer, card: object): Promise<{ status: number; body: Answer }> {
  const response = await fetch(`${world.url}/payment/sale`, {
    method: 'POST',
    headers: { authorization: `Bearer ${attributes.flow_data.metadata.token}` },
    body: JSON.stringify({ cvv: '123', exp_month: '12', exp_year: '31', card_number: '5519283812030000', ...card }),
  })
  return { status: response.status, body: await response.json() }
}

test('nobody came: failed as expired, nothing taken, the rest of the document as it was', async () => {
  const { id, attributes } = await createPayment(world, { callback_url, reference_id: 'abandoned' })
  ahead_ms = 30 * minute_ms + 1_000
  const ended = await end(id)
  const { hpp_url: _, ...created } = attributes
  assert.deepEqual(
    { ...ended, updated: 0, callback_logs: [] },
    { ...created, updated: 0, status: 'process_failed', resolution: 'expired' },
  )
  const told = await until(
    async () => received.filter((data) => data.id === id).map((data) => data.attributes.status),
    ({ length }) => length === 2,
  )
  assert.deepEqual(told.sort(), ['process_failed', 'process_pending'])
  const logs = await until(
    async () => Object.values((await readPayment(world, id)).callback_logs) as Answer[],
    (entries) => entries.every(({ status }) => status === 'done'),
  )
  assert.deepEqual(
    logs.map(({ transaction_status }) => transaction_status),
    ['process_pending', 'process_failed'],
  )
  const seen = (await (await fetch(`${world.url}/public-api/payment-invoices/${id}`)).json()) as Answer
  assert.deepEqual(
    [seen.data.status, seen.data.resolution, seen.data.active_payment.payload],
    ['process_failed', 'EXPIRED', attributes.flow_data],
  )
  const again = await world.call('POST', '/payment-invoices', { reference_id: 'abandoned', test_mode: true })
  assert.deepEqual([again.status, again.body.data.id, again.body.data.attributes.hpp_url], [409, id, undefined])
  assert.equal((await sell(attributes, {})).status, 401, 'the token ends with the payment')
  assert.equal((await world.call('POST', `/payment-invoices/${id}/refund`, { reference_id: 'r' })).status, 409)
})

test('a payment that a card or a word left open ends with its time', async () => {
  const word = await createPayment(world, { service: 'test_usd_test', service_fields: { status: 'pending' } })
  const card = await createPayment(world)
  assert.equal(
    (await sell(card.attributes, { exp_month: '07', exp_year: '77' })).body.data.attributes.status,
    'process_pending',
  )
  const bank = await createPayment(world)
  const asked = await sell(bank.attributes, { card_number: '5123817234060000' })
  assert.equal(asked.body.data.attributes.resolution, 'auth_3ds_required')
  ahead_ms = 30 * minute_ms + 1_000
  for (const { id } of [word, card, bank]) {
    const { status, resolution, processed_amount } = await end(id)
    assert.deepEqual([status, resolution, processed_amount], ['process_failed', 'expired', null])
  }
})

test('its own time counts where the merchant gave one, and a paid payment has no end', async () => {
  const expires = new Date(Date.now() + 60 * minute_ms).toISOString()
  const long = await createPayment(world, { expires })
  const paid = await createPayment(world)
  assert.equal((await sell(paid.attributes, {})).status, 201)
  const short = await createPayment(world)
  ahead_ms = 31 * minute_ms
  assert.equal((await end(short.id)).resolution, 'expired')
  assert.equal((await readPayment(world, long.id)).status, 'process_pending')
  ahead_ms = 61 * minute_ms
  assert.equal((await end(long.id)).resolution, 'expired')
  assert.equal((await readPayment(world, paid.id)).status, 'processed')
})
