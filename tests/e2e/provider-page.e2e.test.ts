/** Methods whose page is the provider's: where the payer is sent, and what is said when the provider gives no page. */
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { createPayment, readPayment } from '../payer.ts'
import { startWorld, type World } from '../world.ts'

let world: World
before(async () => {
  world = await startWorld()
})
afterEach(() => world.simulators.control.reset())
after(() => world.close())

const paypal = { service: 'paypal_usd_hpp', amount: 25 }

test('the page of the provider is where the payer is sent', async () => {
  const { id, attributes } = await createPayment(world, paypal)
  const { action, method, params, metadata } = attributes.flow_data
  assert.deepEqual([method, params, metadata], ['GET', [], []])
  assert.ok(action.startsWith(world.simulators.url), action)
  const link = await fetch(`${world.url}/redirect/hpp/?cpi=${id}`, { redirect: 'manual' })
  assert.equal(link.headers.get('location'), action)
  const bypassing = await createPayment(world, { ...paypal, options: { bypass_hpp: true } })
  assert.equal(bypassing.attributes.hpp_url, bypassing.attributes.flow_data.action)
})

test('a provider that says no: the answer to the creation is the failure, with nowhere to send the payer', async () => {
  world.simulators.control.setScript('redirect', { answer: 'decline' })
  const { id, attributes } = await createPayment(world, paypal)
  assert.deepEqual([attributes.status, attributes.flow_data], ['process_failed', []])
  assert.notEqual(attributes.resolution, 'ok')
  const { hpp_url: _, ...created } = attributes
  const stored = await readPayment(world, id)
  assert.deepEqual({ ...stored, updated: 0 }, { ...created, updated: 0 })
  const page = await fetch(attributes.hpp_url)
  assert.match(await page.text(), /data-view="failed"/)
})

test('a provider that does not answer: the payment waits, and so does the page that the link leads to', async () => {
  world.simulators.control.setScript('redirect', { answer: 'error_before', lookups: 'error' })
  const { attributes } = await createPayment(world, paypal)
  assert.deepEqual([attributes.status, attributes.resolution, attributes.flow_data], ['process_pending', 'ok', []])
  assert.match(attributes.hpp_url, /\/redirect\/hpp\/\?cpi=cpi_/)
  const page = await fetch(attributes.hpp_url)
  assert.match(await page.text(), /data-view="waiting"/)
})
