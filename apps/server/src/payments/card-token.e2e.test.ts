import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Answer, startWorld, type World } from '../../../../tests/world.ts'
import { getAccount } from '../accounts/find-account.ts'
import { chooseService } from './choose-service.ts'
import { loadState } from './find-payment.ts'
import { submitCard } from './submit-card.ts'

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.close())

const card = { card_number: '5519283812030000', cvv: '123', exp_month: '12', exp_year: '2030' }

async function create(changes: Record<string, unknown>): Promise<{ status: number; body: Answer }> {
  const base = {
    amount: 50,
    currency: 'USD',
    service: 'payment_card_usd_hpp',
    test_mode: true,
    customer: { reference_id: 'anna' },
  }
  return world.call('POST', '/api/payment-invoices', { ...base, ...changes })
}

async function sell(invoice: Answer, attributes: Record<string, unknown>): Promise<{ status: number; body: Answer }> {
  const response = await fetch(`${world.url}/payment/sale`, {
    method: 'POST',
    headers: { authorization: `Bearer ${invoice.data.attributes.flow_data.metadata.token}` },
    body: JSON.stringify({ data: { type: 'sale-operation', attributes } }),
  })
  return { status: response.status, body: (await response.json()) as Answer }
}

const read = async (id: string): Promise<Answer> =>
  (await world.call('GET', `/api/payment-invoices/${id}`)).body.data.attributes

async function savedCard(): Promise<string> {
  const { body } = await create({ gateway_options: { cardgate: { tokenize: true } } })
  assert.equal((await sell(body, card)).body.data.attributes.status, 'processed')
  const { payload } = await read(body.data.id)
  assert.match(payload.token, /^tok_[0-9A-Za-z]{32}$/)
  return payload.token
}

test('a token of a paid card pays again with the security code alone, at the gateway that knows it', async () => {
  const token = await savedCard()
  const again = await create({ token, amount: 20 })
  assert.equal(again.status, 201)
  assert.equal((await sell(again.body, { cvv: '123' })).body.data.attributes.status, 'processed')
  const { payload, original_data } = await read(again.body.data.id)
  assert.deepEqual([payload.token, payload.payment_card.mask], [null, '551928******0000'])
  assert.equal(original_data.merchant_id, 'host2hostTest')
})

test('with `instant` the saved card is charged without the payer', async () => {
  const token = await savedCard()
  const { body } = await create({ token, amount: 20, gateway_options: { cardgate: { instant: true } } })
  const { attributes } = body.data
  assert.deepEqual([attributes.status, attributes.processed_amount], ['processed', 20])
})

test('a token is good for its own customer, in its own mode, for cards only', async () => {
  const token = await savedCard()
  const refused = { status: 422, body: { errors: { token: 'This value is not a valid token.' } } }
  assert.deepEqual(await create({ token, customer: { reference_id: 'somebody else' } }), refused)
  assert.deepEqual(await create({ token, customer: null }), refused)
  assert.deepEqual(await create({ token, test_mode: false }), refused)
  assert.deepEqual(await create({ token, service: 'paypal_usd_hpp' }), refused)
  assert.deepEqual(await create({ token: `${token}x` }), refused)
})

test('after a failed try with a saved card another method is not bound to the gateway of the card', async () => {
  const token = await savedCard()
  const { body } = await create({ token, amount: 20 })
  const { ctx, simulators } = world
  const account = await getAccount(ctx, world.account.id)
  simulators.control.setScript('first', { answer: 'decline', code: '51' })
  try {
    const state = await loadState(ctx, account.id, body.data.id)
    const submission = { card: null, cvv: '123', browser: {}, client_ip: null, payer_on_page: true }
    const tried = await submitCard(ctx, account, state.payment, submission, 10_000)
    assert.equal(tried.payment.status, 'process_pending')
    const chosen = await chooseService(ctx, account, tried, 'paypal_usd_hpp', {})
    assert.match(chosen.flow_data?.action ?? '', /\/redirect\/pay\//)
  } finally {
    simulators.control.reset()
  }
})

test('without `tokenize` no card is kept', async () => {
  const { body } = await create({})
  await sell(body, card)
  assert.equal((await read(body.data.id)).payload.token, null)
})
