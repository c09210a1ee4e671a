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
type Answer = { readonly status: number; readonly replayed: boolean; readonly body: any }

async function ask(method: 'GET' | 'POST', path: string, fields: object = {}, key?: string): Promise<Answer> {
  const form = new URLSearchParams(fields as Record<string, string>)
  const response = await fetch(`${simulators.url}/stripe/v1${path}${method === 'GET' ? `?${form}` : ''}`, {
    method,
    headers: { authorization: 'Bearer sim_key_stripe', ...(key !== undefined && { 'idempotency-key': key }) },
    ...(method === 'POST' && { body: form }),
  })
  const replayed = response.headers.get('idempotent-replayed') === 'true'
  return { status: response.status, replayed, body: await response.json() }
}

let serial = 0
function fresh(): string {
  serial += 1
  return `ref-${serial}`
}

const terms = (reference: string, number = '4242424242424242', more: object = {}) => ({
  amount: '1000',
  currency: 'usd',
  confirm: 'true',
  'payment_method_data[type]': 'card',
  'payment_method_data[card][number]': number,
  'payment_method_data[card][exp_month]': '12',
  'payment_method_data[card][exp_year]': '2049',
  'metadata[cascad_reference]': reference,
  return_url: 'http://127.0.0.1:1/back?x=1',
  ...more,
})

const charge = (reference: string, number?: string, more: object = {}, key = reference) =>
  ask('POST', '/payment_intents', terms(reference, number, more), key)

test('a repeat under the key is the first answer, marked; other terms under it are refused', async () => {
  const reference = fresh()
  const first = await charge(reference, '4000000000003220')
  assert.equal(first.body.status, 'requires_action')
  const { url } = first.body.next_action.redirect_to_url
  const confirmed = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ choice: 'confirm' }),
    redirect: 'manual',
  })
  assert.match(
    confirmed.headers.get('location') ?? '',
    /^http:\/\/127\.0\.0\.1:1\/back\?x=1&payment_intent=pi_.+&redirect_status=succeeded$/,
  )
  const again = await charge(reference, '4000000000003220')
  assert.deepEqual(again, { ...first, replayed: true })
  assert.equal((await ask('GET', `/payment_intents/${first.body.id}`)).body.status, 'succeeded')
  const other = await charge(reference, '4000000000003220', { amount: '1001' })
  assert.deepEqual([other.status, other.body.error.type], [400, 'idempotency_error'])
  assert.equal(simulators.control.taken(reference), 1000n)
})

test('a key whose first request is still under way is a conflict', async () => {
  simulators.control.setScript('stripe', { delay_ms: 200 })
  const reference = fresh()
  const [one, other] = await Promise.all([charge(reference), charge(reference)])
  assert.deepEqual([one?.status, other?.status].sort(), [200, 409])
  assert.equal(simulators.control.taken(reference), 1000n)
})

const cards: readonly (readonly [number: string, decline_code: string, code: string])[] = [
  ['4000000000000002', 'generic_decline', 'card_declined'],
  ['4000000000009995', 'insufficient_funds', 'card_declined'],
  ['4000000000009987', 'lost_card', 'card_declined'],
  ['4000000000009979', 'stolen_card', 'card_declined'],
  ['4000000000000069', 'expired_card', 'expired_card'],
  ['4000000000000127', 'incorrect_cvc', 'incorrect_cvc'],
  ['4000000000000119', 'processing_error', 'processing_error'],
  ['4242424242424241', 'incorrect_number', 'incorrect_number'],
  ['4100000000000019', 'fraudulent', 'card_declined'],
]

for (const [number, decline_code, code] of cards) {
  test(`test card ${number.slice(-4)} is declined with ${decline_code}`, async () => {
    const { status, body } = await charge(fresh(), number)
    assert.deepEqual(
      [status, body.error.type, body.error.decline_code, body.error.code],
      [402, 'card_error', decline_code, code],
    )
    assert.equal(body.error.payment_intent.status, 'requires_payment_method')
  })
}

test('the script decides what would be approved, by network code or by a decline code of its own', async () => {
  simulators.control.setScript('stripe', { answer: 'decline', code: '91', advice_code: '02' })
  const coded = (await charge(fresh())).body.error
  assert.deepEqual(
    [coded.decline_code, coded.network_decline_code, coded.network_advice_code],
    ['issuer_not_available', '91', '02'],
  )
  simulators.control.setScript('stripe', { code: null, reason: 'pickup_card' })
  assert.equal((await charge(fresh())).body.error.decline_code, 'pickup_card')
})

test('the search knows an intent later than the list', async () => {
  simulators.control.setScript('stripe', { lookup_delay_ms: 60_000 })
  const reference = fresh()
  const { body } = await charge(reference)
  const query = `metadata['cascad_reference']:'${reference}'`
  assert.deepEqual((await ask('GET', '/payment_intents/search', { query })).body.data, [])
  assert.equal((await ask('GET', '/payment_intents', { limit: '5' })).body.data[0].id, body.id)
})

test('requests that Stripe would refuse are refused', async () => {
  const refused = async (more: object) => (await charge(fresh(), undefined, more)).body.error?.code
  assert.equal(await refused({ 'payment_method_types[0]': 'card' }), 'payment_method_types_no_longer_supported')
  assert.equal(await refused({ colour: 'red' }), 'parameter_unknown')
  assert.equal(await refused({ amount: '10.00' }), 'parameter_invalid_integer')
  assert.equal(await refused({ currency: 'kwd', amount: '1234' }), 'invalid_charge_amount')
  assert.equal(await refused({ currency: 'ugx', amount: '150' }), 'invalid_charge_amount')
  const response = await fetch(`${simulators.url}/stripe/v1/payment_intents`)
  assert.equal(response.status, 401)
})

test('refunds stop at what was taken; a paid intent cannot be cancelled, an open one can', async () => {
  const { body: paid } = await charge(fresh())
  const refund = (amount: string) =>
    ask('POST', '/refunds', { payment_intent: paid.id, amount, 'metadata[cascad_reference]': fresh() })
  assert.equal((await refund('400')).body.status, 'succeeded')
  assert.equal((await refund('601')).status, 400)
  assert.equal((await refund('600')).body.status, 'succeeded')
  assert.equal((await refund('1')).body.error.code, 'charge_already_refunded')
  const listed = await ask('GET', '/refunds', { payment_intent: paid.id })
  assert.deepEqual(
    listed.body.data.map((one: { amount: number }) => one.amount),
    [600, 400],
  )
  assert.equal(
    (await ask('POST', `/payment_intents/${paid.id}/cancel`)).body.error.code,
    'payment_intent_unexpected_state',
  )
  const { body: open } = await charge(fresh(), '4000000000003220')
  assert.equal((await ask('POST', `/payment_intents/${open.id}/cancel`)).body.status, 'canceled')
})

test('the control page and the books show it, without card numbers', async () => {
  const reference = fresh()
  await charge(reference)
  const page = await (await fetch(`${simulators.url}/control`)).text()
  assert.match(page, /<section class="terminal" id="stripe"[\s\S]*Declined share/)
  const entry = simulators.control.ledger().find((one) => one.reference === reference)
  assert.deepEqual(
    [entry?.provider, entry?.terminal, entry?.card, entry?.net_amount],
    ['stripe', 'stripe', '424242******4242', '1000'],
  )
})

test('the issuer page belongs to its own charge and runs no script', async () => {
  const { body } = await charge(fresh(), '4000000000003220')
  const page = await (await fetch(body.next_action.redirect_to_url.url)).text()
  assert.match(page, /Confirm/)
  assert.doesNotMatch(page, /<script|4000000000003220/)
  assert.equal((await fetch(`${simulators.url}/stripe/3ds/unknown`)).status, 404)
})
