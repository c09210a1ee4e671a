/** What a merchant's settings change in its documents, seen over the API. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { forgetAccount } from '../../apps/server/src/accounts/find-account.ts'
import { createPayment, readPayment } from '../payer.ts'
import { type Answer, startWorld, type World } from '../world.ts'

let world: World
let usual: { options: Answer; website: string | null; name: string }
before(async () => {
  world = await startWorld()
  const [row] = await world.ctx.sql`select options, website, name from accounts where id = ${world.account.id}`
  usual = row as typeof usual
})
beforeEach(() => set({}))
after(() => world.close())

/** The usual settings but for these. */
async function set(changes: { options?: object; website?: string | null }): Promise<void> {
  const { sql } = world.ctx
  const options = { ...usual.options, ...changes.options }
  const website = changes.website === undefined ? usual.website : changes.website
  await sql`update accounts set options = ${sql.json(options)}, website = ${website} where id = ${world.account.id}`
  forgetAccount(world.ctx, world.account.id)
}

async function sell(attributes: Answer): Promise<Answer> {
  const card = { card_number: '5519283812030000', cvv: '123', exp_month: '12', exp_year: '31' }
  const response = await fetch(`${world.url}/payment/sale`, {
    method: 'POST',
    headers: { authorization: `Bearer ${attributes.flow_data.metadata.token}` },
    body: JSON.stringify(card),
  })
  return response.json()
}

test('a descriptor is made of its template, once and for good', async () => {
  await set({ options: { descriptor: '{account_name}: {description} {reference_id} {id} {created} {other}' } })
  const { id, attributes } = await createPayment(world, { reference_id: 'order-7', description: 'Tea {id}' })
  const descriptor = `${usual.name}: Tea {id} order-7 ${id} ${attributes.created} {other}`
  assert.equal(attributes.descriptor, descriptor)
  await set({})
  assert.equal((await readPayment(world, id)).descriptor, descriptor)
})

test('a merchant without a website has no address in its metadata, and its own one stays', async () => {
  await set({ website: null })
  assert.deepEqual((await createPayment(world)).attributes.metadata, [])
  const metadata = { merchant_url: 'https://mine.example', n: 1 }
  assert.deepEqual((await createPayment(world, { metadata })).attributes.metadata, metadata)
  const profile = await world.call('GET', '/account/profile')
  assert.equal(profile.body.data.attributes.website, null)
})

test('a merchant that hides card details is shown none, on any API', async () => {
  await set({ options: { hide_card_details: true } })
  const { id, attributes } = await createPayment(world)
  assert.equal((await sell(attributes)).data.attributes.status, 'processed')
  assert.deepEqual((await readPayment(world, id)).payload, { token: null, client_ip: '' })
})

test('the lifetime of the account is that of its payments and their tokens', async () => {
  await set({ options: { invoice_lifetime_minutes: 10 } })
  const { attributes } = await createPayment(world)
  const claims = JSON.parse(Buffer.from(attributes.flow_data.metadata.token.split('.')[1], 'base64url').toString())
  assert.equal(claims.exp, attributes.created + 600)
})

test('a customer who is switched off: the payment is stored and fails, and nothing is sent to a gateway', async () => {
  const customer = { reference_id: 'blocked' }
  await createPayment(world, { customer })
  await world.ctx.sql`update customers set payment_enabled = false where reference_id = 'blocked'`
  for (const service of [
    { service: 'payment_card_usd_hpp' },
    { service: 'test_usd_test', service_fields: { status: 'success' } },
    { service: 'paypal_usd_hpp' },
  ]) {
    const { id, attributes } = await createPayment(world, { customer, ...service })
    assert.deepEqual(
      [attributes.status, attributes.resolution, attributes.flow_data],
      ['process_failed', 'customer_blocked', []],
      service.service,
    )
    assert.equal(attributes.hpp_url, `${world.url}/redirect/hpp/?cpi=${id}`)
    const attempts = await world.call('GET', `/payment-invoices/${id}/attempts`)
    assert.deepEqual(attempts.body.data, [])
    assert.equal((await readPayment(world, id)).status, 'process_failed')
  }
  const other = await createPayment(world, { customer: { reference_id: 'welcome' } })
  assert.equal(other.attributes.status, 'process_pending')
})

test('the callback of such a payment says that it failed, and nothing before', async () => {
  const customer = { reference_id: 'blocked too' }
  await createPayment(world, { customer })
  await world.ctx.sql`update customers set payment_enabled = false where reference_id = 'blocked too'`
  const { id } = await createPayment(world, { customer, callback_url: 'http://127.0.0.1:1/' })
  const { callback_logs } = await readPayment(world, id)
  const told = Object.values(callback_logs).map((log) => (log as Answer).transaction_status)
  assert.deepEqual(told, ['process_failed'])
})
