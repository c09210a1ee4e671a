import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startWorld, type World } from '../../../../tests/world.ts'
import { readGateways } from '../routing/load-routing.ts'
import { operateGateway } from '../routing/operate-gateway.ts'

let world: World
before(async () => {
  world = await startWorld({ work: false })
})
after(() => world.close())

const facts = (changes: object = {}) => ({
  service: 'payment_card_usd_hpp',
  currency: 'USD',
  amount: 100,
  test_mode: true,
  card: { bin: '551928' },
  ...changes,
})
const simulate = (body: unknown) => world.call('POST', '/api/routing/simulate', body)

async function stored(): Promise<string> {
  const [row] = await world.ctx.sql`
    select (select count(*) from payments)::text || ' ' || (select count(*) from attempts)::text || ' '
      || (select count(*) from routing_runs)::text || ' ' || (select count(*) from gateway_results)::text || ' '
      || (select coalesce(sum(version), 0) from gateway_breakers)::text as counts`
  return row?.counts
}

test('200: the gateways in their order, the reasons in words and as a record, and nothing is stored or called', async () => {
  const counts = await stored()
  const { status, body } = await simulate({ data: { type: 'routing-simulations', attributes: facts() } })
  assert.equal(status, 200, JSON.stringify(body))
  const { attributes, id } = body.data
  assert.match(id, /^cpi_/)
  assert.deepEqual([attributes.chosen, attributes.failure, attributes.order], [408, null, [408, 409, 410]])
  assert.deepEqual([attributes.cascading, attributes.attempts_max], [true, 3])
  assert.equal(attributes.sentence, '408 chosen (priority 1)')
  assert.equal(attributes.record.payment_id, id)
  assert.equal(attributes.record.context['card.brand'], 'mastercard')
  assert.equal(await stored(), counts)
  assert.equal(world.simulators.control.ledger().length, 0)
})

test('200: it is the way a payment takes', async () => {
  const told = (await simulate(facts({ service: 'test_usd_test', service_fields: { status: 'success' }, card: null })))
    .body
  assert.equal(told.data.attributes.chosen, 400)
  assert.deepEqual([told.data.attributes.cascading, told.data.attributes.attempts_max], [false, 1])
})

test('200: what is excluded or was tried is left out, also as text, and told', async () => {
  const { body } = await simulate(facts({ excluded_gateways: ['408'], tried_gateways: [409] }))
  const { chosen, order, sentence, record } = body.data.attributes
  assert.deepEqual([chosen, order], [410, [410]])
  assert.equal(sentence, '408 skipped: excluded; 409 skipped: already tried; 410 chosen (priority 3)')
  assert.equal(record.run, 2)
  const none = (await simulate(facts({ excluded_gateways: [408, 409, 410] }))).body.data.attributes
  assert.deepEqual([none.chosen, none.order, none.failure], [null, [], 'strategy_configured_routes_were_filtered'])
})

test('200: the breaker speaks, and what only the operator may know stays with him', async () => {
  const gateway = (await readGateways(world.ctx)).get(408)
  assert.ok(gateway)
  await operateGateway(world.ctx, gateway, 'hold', 'ann')
  try {
    const { body } = await simulate(facts())
    assert.equal(
      body.data.attributes.sentence,
      '408 skipped: breaker held open by an operator; 409 chosen (priority 2)',
    )
    assert.doesNotMatch(JSON.stringify(body), /"(score|known|weight|draw)"/)
  } finally {
    await operateGateway(world.ctx, gateway, 'close', 'ann')
  }
})

test('200: the same payment is drawn the same again', async () => {
  const payment_id = 'cpi_0123456789abcdef'
  const [one, two] = [await simulate(facts({ payment_id })), await simulate(facts({ payment_id }))]
  assert.equal(one.body.data.id, payment_id)
  const { at: _, ...record } = one.body.data.attributes.record
  const { at: __, ...again } = two.body.data.attributes.record
  assert.deepEqual(record, again)
})

const blank = 'This value should not be blank.'
const invalid = 'This value is not valid.'
const integer = 'This value should be of type integer.'
const mistakes: readonly [what: string, sent: unknown, errors: Record<string, string>][] = [
  ['an empty body', {}, { service: blank, currency: blank, amount: blank }],
  ['an unknown service', facts({ service: 'nothing' }), { service: 'This service does not exist.' }],
  ['an unknown currency', facts({ currency: 'XXQ' }), { currency: 'This value is not a valid currency.' }],
  ['no amount of money', facts({ amount: 'much' }), { amount: 'This value is not a valid number.' }],
  ['too many decimals', facts({ amount: 1.001 }), { amount: 'This value should have no more than 2 decimal places.' }],
  ['a mode that is none', facts({ test_mode: 'perhaps' }), { test_mode: 'This value should be of type bool.' }],
  ['an unknown flow', facts({ flow: 'refund' }), { flow: 'This value is not one of the allowed choices.' }],
  ['a card that is text', facts({ card: '4111' }), { card: 'This value should be of type object.' }],
  ['a whole card number', facts({ card: { bin: '5519283812030000' } }), { 'card.bin': invalid }],
  [
    'a country that is none',
    facts({ card: { issuer_country: 'Germany' } }),
    { 'card.issuer_country': 'This value is not a valid country.' },
  ],
  ['a broken address', facts({ client_ip: '300.1.1.1' }), { client_ip: invalid }],
  [
    'an email that is none',
    facts({ customer: { email: 'x' } }),
    { 'customer.email': 'This value is not a valid email address.' },
  ],
  ['metadata that is a list', facts({ metadata: [1] }), { metadata: 'This value should be of type object.' }],
  ['gateways that are no list', facts({ excluded_gateways: 408 }), { excluded_gateways: invalid }],
  [
    'a gateway that is no number',
    facts({ tried_gateways: [409, 'first', 1.5] }),
    { 'tried_gateways.1': integer, 'tried_gateways.2': integer },
  ],
  [
    'more gateways than there may be',
    facts({ excluded_gateways: Array(101).fill(1) }),
    { excluded_gateways: 'This collection should contain no more than 100 elements.' },
  ],
  ['an unknown class', facts({ last_class: 'soft' }), { last_class: 'This value is not one of the allowed choices.' }],
  ['an id of something else', facts({ payment_id: 'coma_1' }), { payment_id: invalid }],
  [
    'another type',
    { data: { type: 'refund', attributes: facts() } },
    { type: 'This value is not one of the allowed choices.' },
  ],
]
for (const [what, sent, errors] of mistakes) {
  test(`422: ${what}`, async () => {
    const { status, body } = await simulate(sent)
    assert.deepEqual([status, body], [422, { errors }])
  })
}

test('401 without credentials, 405 for reading, 400 for what is no JSON', async () => {
  const url = `${world.url}/api/routing/simulate`
  assert.equal((await fetch(url, { method: 'POST', body: '{}' })).status, 401)
  assert.equal((await world.call('GET', '/api/routing/simulate')).status, 405)
  const authorization = `Basic ${Buffer.from(`${world.account.id}:${world.account.api_key}`).toString('base64')}`
  assert.equal((await fetch(url, { method: 'POST', headers: { authorization }, body: '{' })).status, 400)
})
