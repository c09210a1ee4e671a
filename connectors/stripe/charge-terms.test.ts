/** What a charge asks of Stripe beside the amount. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChargeRequest } from '@cascad/connector'
import { sampleCard, sampleCharge } from '@cascad/connector/contract-suite'
import * as fc from 'fast-check'
import { descriptorSuffix } from './charge-terms.ts'
import type { Credentials } from './credentials.ts'
import connector from './index.ts'
import { answering, samples } from './sample-answers.ts'

const credentials: Credentials = { secret_key: 'sim_key_stripe', webhook_secret: 'sim_webhook_stripe' }

/** The form of the payment intent that a charge sends. */
async function sentFor(more: Partial<ChargeRequest<Credentials>>): Promise<Readonly<Record<string, string>>> {
  const asked = sampleCharge(credentials, { card: sampleCard, ...more })
  const cvc = [200, { id: 'cvctok_1', object: 'token' }] as const
  const paid = [200, samples.succeeded] as const
  const { send, sent } = answering(asked.reference, ...(more.cvv ? [cvc, paid] : [paid]))
  await connector.charge(asked, send)
  return Object.fromEntries(new URLSearchParams(sent.at(-1)?.body))
}

const wish = 'payment_method_options[card][request_three_d_secure]'
const number = 'payment_method_data[card][number]'
const cvc = 'payment_method_data[card][cvc]'

test('nothing but the card is asked for when nothing is wished', async () => {
  const form = await sentFor({})
  assert.deepEqual(
    [form.capture_method, form.return_url, form[number], form[cvc]],
    ['automatic', 'http://127.0.0.1:1/return', '5519283812030000', '739'],
  )
  for (const name of ['off_session', 'setup_future_usage', 'statement_descriptor_suffix', 'error_on_requires_action']) {
    assert.equal(form[name], undefined, name)
  }
  assert.equal(form[wish], undefined)
})

test('authentication: left to Stripe, asked for with every card, or a decline instead of a challenge', async () => {
  assert.equal((await sentFor({ three_ds: 'auto' }))[wish], undefined)
  assert.equal((await sentFor({ three_ds: 'required' }))[wish], 'any')
  const off = await sentFor({ three_ds: 'off' })
  assert.deepEqual([off.error_on_requires_action, off.return_url, off[wish]], ['true', undefined, undefined])
  const saved = { card: null, card_token: 'cus_1/pm_1', cvv: '739', three_ds: 'required' } as const
  const form = await sentFor(saved)
  assert.deepEqual([form[wish], form['payment_method_options[card][cvc_token]']], ['any', 'cvctok_1'])
})

test('a payment the merchant starts has no payer: off session, no code, no way back, nothing set up', async () => {
  const merchant = { initiator: 'merchant', three_ds: 'required', recurring: 'initial', want_card_token: true } as const
  const form = await sentFor(merchant)
  assert.equal(form.off_session, 'true')
  for (const name of [cvc, wish, 'return_url', 'setup_future_usage']) assert.equal(form[name], undefined, name)
  const saved = await sentFor({ ...merchant, recurring: 'recurring', card: null, card_token: 'cus_1/pm_1' })
  assert.deepEqual([saved.off_session, saved.customer, saved.payment_method], ['true', 'cus_1', 'pm_1'])
})

test('the first payment of a series sets the card up for payments without the payer', async () => {
  assert.equal((await sentFor({ recurring: 'initial' })).setup_future_usage, 'off_session')
  assert.equal((await sentFor({ want_card_token: true })).setup_future_usage, 'on_session')
  assert.equal((await sentFor({ recurring: 'recurring' })).setup_future_usage, undefined)
})

test('the billing address goes along for the bank to compare, empty parts left out', async () => {
  const billing_address = {
    first_name: 'John',
    last_name: 'Doe',
    country: 'GB',
    city: '',
    state: null,
    zip: 'NW1 6XE',
    address: 'Baker street 221b',
    phone: '+441',
  }
  const form = await sentFor({ billing_address, card: { ...sampleCard, holder: null } })
  const details = Object.entries(form).filter(([name]) => name.startsWith('payment_method_data[billing_details]'))
  assert.deepEqual(
    Object.fromEntries(
      details.map(([name, value]) => [name.slice('payment_method_data[billing_details]'.length), value]),
    ),
    {
      '[name]': 'John Doe',
      '[email]': 'anna@example.com',
      '[phone]': '+441',
      '[address][line1]': 'Baker street 221b',
      '[address][postal_code]': 'NW1 6XE',
      '[address][country]': 'GB',
    },
  )
})

test('the text for the statement is cut to what Stripe takes', async () => {
  assert.equal((await sentFor({ descriptor: 'Order 17' })).statement_descriptor_suffix, 'Order 17')
  assert.equal(descriptorSuffix('Café "Zoë" <*>'), 'Cafe Zoe')
  assert.equal(descriptorSuffix('2026-11-21'), null)
  assert.equal(descriptorSuffix('Кофейня'), null)
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'grapheme' })), (text) => {
      const suffix = descriptorSuffix(text)
      assert.ok(suffix === null || (/^[\x20-\x7e]{1,22}$/.test(suffix) && /[A-Za-z]/.test(suffix)))
      assert.doesNotMatch(suffix ?? '', /[<>\\'"*]/)
    }),
  )
})
