/** Holds at the simulated Stripe: captured once, cancelled, authenticated, checked; in Stripe's words. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { createSimulators, type Simulators } from '../simulators.ts'

let simulators: Simulators
before(async () => {
  simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1' })
})
beforeEach(() => simulators.control.reset())
after(() => simulators.close())

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely by tests
type Answer = { readonly status: number; readonly body: any }

async function post(path: string, fields: object = {}, key?: string): Promise<Answer> {
  const response = await fetch(`${simulators.url}/stripe/v1${path}`, {
    method: 'POST',
    headers: { authorization: 'Bearer sim_key_stripe', ...(key !== undefined && { 'idempotency-key': key }) },
    body: new URLSearchParams(fields as Record<string, string>),
  })
  return { status: response.status, body: await response.json() }
}

let serial = 0
function fresh(): string {
  serial += 1
  return `hold-${serial}`
}

const intent = (number: string, more: object = {}, reference = fresh()) =>
  post('/payment_intents', {
    amount: '1000',
    currency: 'usd',
    confirm: 'true',
    'payment_method_data[type]': 'card',
    'payment_method_data[card][number]': number,
    'payment_method_data[card][exp_month]': '12',
    'payment_method_data[card][exp_year]': '2049',
    'payment_method_data[card][cvc]': '123',
    'metadata[cascad_reference]': reference,
    'metadata[cascad_exponent]': '2',
    return_url: 'http://127.0.0.1:1/back',
    'expand[0]': 'latest_charge',
    ...more,
  })

const hold = (reference?: string) => intent('4242424242424242', { capture_method: 'manual' }, reference)
const capture = (id: string, amount: string, mark = fresh(), key = mark) =>
  post(`/payment_intents/${id}/capture`, { amount_to_capture: amount, 'metadata[cascad_capture]': mark }, key)

test('a hold takes nothing; its one capture takes a part and releases the rest', async () => {
  const reference = fresh()
  const { body: held } = await hold(reference)
  assert.deepEqual(
    [held.status, held.capture_method, held.amount_capturable, held.amount_received, held.latest_charge.captured],
    ['requires_capture', 'manual', 1000, 0, false],
  )
  assert.equal(simulators.control.taken(reference), 0n)
  const taken = await capture(held.id, '400', 'first')
  assert.deepEqual(
    [taken.status, taken.body.status, taken.body.amount_capturable, taken.body.amount_received],
    [200, 'succeeded', 0, 400],
  )
  assert.equal(taken.body.metadata.cascad_capture, 'first')
  assert.equal(simulators.control.taken(reference), 400n)
  assert.deepEqual((await capture(held.id, '400', 'first')).body, taken.body)
  const second = await capture(held.id, '1')
  assert.deepEqual([second.status, second.body.error.code], [400, 'payment_intent_unexpected_state'])
  assert.equal(second.body.error.payment_intent.status, 'succeeded')
  assert.equal(simulators.control.taken(reference), 400n)
})

test('captures at once: one takes the money, whatever the others wanted', async () => {
  const reference = fresh()
  const { body: held } = await hold(reference)
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => capture(held.id, String(900 + i))))
  assert.equal(answers.filter(({ status }) => status === 200).length, 1)
  const winner = answers.find(({ status }) => status === 200)
  assert.equal(simulators.control.taken(reference), BigInt(winner?.body.amount_received))
})

test('what Stripe refuses to capture is refused', async () => {
  const { body: held } = await hold()
  const refused = async (fields: object) => (await post(`/payment_intents/${held.id}/capture`, fields)).body.error?.code
  assert.equal(await refused({ amount_to_capture: '1001' }), 'amount_too_large')
  assert.equal(await refused({ amount_to_capture: '0' }), 'parameter_invalid_integer')
  assert.equal(await refused({ amount_to_capture: '1.5' }), 'parameter_invalid_integer')
  assert.equal(await refused({ colour: 'red' }), 'parameter_unknown')
  const multi = await post(`/payment_intents/${held.id}/capture`, { amount_to_capture: '1', final_capture: 'false' })
  assert.equal(multi.status, 400)
  assert.equal((await post('/payment_intents/pi_unknown/capture')).body.error.code, 'resource_missing')
  const { body: charged } = await intent('4242424242424242')
  assert.equal((await capture(charged.id, '1')).body.error.code, 'payment_intent_unexpected_state')
})

test('a hold is cancelled as a whole, once; afterwards nothing can be captured or refunded', async () => {
  const { body: held } = await hold()
  const cancelled = await post(`/payment_intents/${held.id}/cancel`, {}, 'cancel-1')
  assert.deepEqual([cancelled.body.status, cancelled.body.amount_capturable], ['canceled', 0])
  assert.equal((await post(`/payment_intents/${held.id}/cancel`, {}, 'cancel-1')).status, 200)
  const again = await post(`/payment_intents/${held.id}/cancel`)
  assert.equal(again.body.error.payment_intent.status, 'canceled')
  assert.equal((await capture(held.id, '1')).body.error.code, 'payment_intent_unexpected_state')
  assert.equal((await post('/refunds', { payment_intent: held.id })).status, 400)
})

test('a refund stops at what was captured', async () => {
  const reference = fresh()
  const { body: held } = await hold(reference)
  assert.equal((await post('/refunds', { payment_intent: held.id })).status, 400)
  await capture(held.id, '400')
  const refund = (amount: string) =>
    post('/refunds', { payment_intent: held.id, amount, 'metadata[cascad_reference]': fresh() })
  assert.equal((await refund('401')).status, 400)
  assert.equal((await refund('400')).body.status, 'succeeded')
  assert.equal(simulators.control.taken(reference), 0n)
})

test('the script loses, refuses or delays captures and cancels', async () => {
  const reference = fresh()
  const { body: held } = await hold(reference)
  simulators.control.setScript('stripe', { captures: 'error_before' })
  await assert.rejects(capture(held.id, '400', 'lost'), SyntaxError)
  assert.equal(simulators.control.taken(reference), 0n)
  simulators.control.setScript('stripe', { captures: 'decline' })
  assert.equal((await capture(held.id, '400')).body.error.code, 'capture_charge_authorization_expired')
  simulators.control.setScript('stripe', { captures: 'pending' })
  assert.equal((await capture(held.id, '400', 'waiting')).body.status, 'processing')
  assert.ok(simulators.control.decide('stripe', 'waiting', true))
  assert.equal(simulators.control.taken(reference), 400n)
  const { body: other } = await hold()
  simulators.control.setScript('stripe', { cancels: 'error_after' })
  await assert.rejects(post(`/payment_intents/${other.id}/cancel`, {}, 'gone'), SyntaxError)
  assert.equal((await post(`/payment_intents/${other.id}/cancel`, {}, 'gone')).body.status, 'canceled')
})

test('without a payer a bank that insists on authentication declines', async () => {
  for (const more of [{ off_session: 'true' }, { error_on_requires_action: 'true' }]) {
    const { status, body } = await intent('4000000000003220', more)
    assert.deepEqual([status, body.error.code], [402, 'authentication_required'])
    assert.equal((await intent('4242424242424242', more)).body.status, 'succeeded')
  }
  const both = await intent('4242424242424242', { off_session: 'true', setup_future_usage: 'off_session' })
  assert.equal(both.status, 400)
})

test('3-D Secure on request: with cards that take part', async () => {
  const wish = { 'payment_method_options[card][request_three_d_secure]': 'any' }
  assert.equal((await intent('4000000000003055')).body.status, 'succeeded')
  assert.equal((await intent('4000000000003055', wish)).body.status, 'requires_action')
  assert.equal((await intent('4242424242424242', wish)).body.status, 'succeeded')
  const broken = await intent('4000000000003097', wish)
  assert.equal(broken.body.error.code, 'payment_intent_authentication_failure')
})

test('a challenge ends in a hold that says how the payer was authenticated', async () => {
  const { body: asked } = await intent('4000002500003155', { capture_method: 'manual' })
  assert.equal(asked.status, 'requires_action')
  await fetch(asked.next_action.redirect_to_url.url, {
    method: 'POST',
    body: new URLSearchParams({ choice: 'confirm' }),
    redirect: 'manual',
  })
  const response = await fetch(`${simulators.url}/stripe/v1/payment_intents/${asked.id}?expand[0]=latest_charge`, {
    headers: { authorization: 'Bearer sim_key_stripe' },
  })
  const held = (await response.json()) as Answer['body']
  assert.equal(held.status, 'requires_capture')
  const { three_d_secure } = held.latest_charge.payment_method_details.card
  assert.deepEqual([three_d_secure.result, three_d_secure.electronic_commerce_indicator], ['authenticated', '05'])
})

test('address and code are checked where they were given', async () => {
  const address = {
    'payment_method_data[billing_details][address][line1]': 'Baker street 221b',
    'payment_method_data[billing_details][address][postal_code]': 'NW1',
  }
  const checks = (body: Answer['body']) => Object.values(body.latest_charge.payment_method_details.card.checks)
  assert.deepEqual(checks((await intent('4242424242424242')).body), [null, null, 'pass'])
  assert.deepEqual(checks((await intent('4242424242424242', address)).body), ['pass', 'pass', 'pass'])
  assert.deepEqual(checks((await intent('4000000000000028', address)).body), ['fail', 'pass', 'pass'])
  assert.deepEqual(checks((await intent('4000000000000101')).body), [null, null, 'fail'])
  const { error } = (await intent('4000000000000127', address)).body
  assert.deepEqual(Object.values(error.payment_method.card.checks), ['pass', 'pass', 'fail'])
  assert.equal(typeof error.payment_intent.latest_charge, 'string')
})

test('payment methods that stand for test cards, and the text for the statement', async () => {
  const named = { 'payment_method_data[card][number]': '', payment_method: 'pm_card_visa_chargeDeclinedLostCard' }
  assert.equal((await intent('', named)).body.error.decline_code, 'lost_card')
  const { body } = await intent('4242424242424242', { statement_descriptor_suffix: 'Order 17' })
  assert.equal(body.latest_charge.calculated_statement_descriptor, 'SIMULATED* ORDER 17')
  assert.equal((await intent('4242424242424242', { statement_descriptor_suffix: '123' })).status, 400)
})
