import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Errors } from 'typebox/value'
import { type Answer, startWorld, type World } from '../../../../tests/world.ts'
import { forgetAccount } from '../accounts/find-account.ts'
import { attemptsReply } from './attempts-route.ts'
import { saleReply } from './sale-schema.ts'
import { sessionToken } from './session-token.ts'

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.close())

const good = { card_number: '5519283812030000', card_holder: 'John Wick', cvv: '123', exp_month: '12', exp_year: '31' }
const browser_info = { browser_ip: '203.0.113.9', browser_user_agent: 'Firefox', browser_color_depth: 24 }

type Session = { readonly id: string; readonly sid: string; readonly token: string }

async function session(): Promise<Session> {
  const wish = { service: 'payment_card_usd_hpp', currency: 'USD', amount: 100, test_mode: true }
  const { body } = await world.call('POST', '/api/payment-invoices', wish)
  return { id: body.data.id, ...body.data.attributes.flow_data.metadata }
}

async function sale(token: string, body: unknown): Promise<{ status: number; body: Answer }> {
  const response = await fetch(`${world.url}/payment/sale`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: response.status, body: await response.json() }
}

const enveloped = (attributes: object): object => ({ data: { type: 'sale-operation', attributes } })

async function attempts(id: string): Promise<Answer> {
  const { body } = await world.call('GET', `/api/payment-invoices/${id}/attempts`)
  assert.deepEqual([...Errors(attemptsReply, body)], [])
  return body
}

test('201: a card that is approved pays at once', async () => {
  const { id, sid, token } = await session()
  const { status, body } = await sale(token, enveloped({ ...good, browser_info }))
  assert.equal(status, 201)
  assert.deepEqual([...Errors(saleReply, body)], [])
  const { attributes } = body.data
  assert.deepEqual(
    [body.data.id, attributes.status, attributes.resolution, attributes.repeatable],
    [sid, 'processed', 'ok', false],
  )
  assert.deepEqual(attributes.active_payment, { status: 'processed', resolution: 'OK' })
  const { data } = (await world.call('GET', `/api/payment-invoices/${id}`)).body
  assert.deepEqual([data.attributes.status, data.attributes.payload.client_ip], ['processed', '203.0.113.9'])
  assert.equal(data.attributes.payload.payment_card.mask, '551928******0000')
})

test('201: a decline is an answer, and its whole way is explained', async () => {
  const { id, token } = await session()
  const { status, body } = await sale(token, {
    ...good,
    card_number: '4302912837020000',
    exp_month: '05',
    exp_year: '29',
  })
  const { attributes } = body.data
  assert.deepEqual([status, attributes.status, attributes.resolution], [201, 'process_failed', 'insufficient_funds'])
  const { data, meta } = await attempts(id)
  assert.deepEqual(
    data.map((attempt: Answer) => attempt.attributes.number),
    data.map((_: unknown, i: number) => i + 1),
  )
  assert.equal(data[0].attributes.status, 'declined')
  assert.match(data[0].attributes.decision, /^stop_/)
  assert.deepEqual(
    meta.runs[0].record.routes.map((route: Answer) => route.gateway_id),
    [408, 409, 410],
  )
  assert.equal(meta.runs[0].sentence, '408 chosen (priority 1)')
  assert.equal(JSON.stringify(meta).includes('score'), false)
})

test('201: a card that must be confirmed comes back with what the browser has to post', async () => {
  const { token } = await session()
  const { status, body } = await sale(token, { ...good, card_number: '5123817234060000' })
  assert.equal(status, 201)
  assert.deepEqual([...Errors(saleReply, body)], [])
  const { attributes } = body.data
  assert.deepEqual([attributes.status, attributes.resolution], ['process_pending', 'auth_3ds_required'])
  assert.equal(attributes.active_payment.status, 'authorize_required')
  assert.deepEqual([attributes.auth_payload.method, Object.keys(attributes.auth_payload.params)], ['POST', ['creq']])
  const again = await sale(token, good)
  assert.deepEqual([again.status, again.body], [409, body])
})

test('201: a wallet in test mode is approved', async () => {
  const { token } = await session()
  const { status, body } = await sale(token, enveloped({ google_pay: { signature: 'x' } }))
  assert.deepEqual([status, body.data.attributes.status], [201, 'processed'])
})

test('409: a paid session takes no second card, and many at once are charged once', async () => {
  const { id, token } = await session()
  const answers = await Promise.all(Array.from({ length: 8 }, () => sale(token, good)))
  assert.equal(answers.filter(({ status }) => status === 201).length, 1)
  assert.equal(answers.filter(({ status }) => status === 409).length, 7)
  assert.equal((await attempts(id)).data.length, 1)
  const late = await sale(token, enveloped({ card_number: 'wrong' }))
  assert.deepEqual([late.status, late.body.data.attributes.status], [409, 'processed'])
})

test('401: no token, a foreign one, one whose time is over, one of an unknown session', async () => {
  const { sid, token } = await session()
  const { secrets } = world.ctx
  const past = sessionToken(secrets, { sid, exp: Math.floor(Date.now() / 1000) - 1 })
  const unknown = sessionToken(secrets, { sid: 'cgi_0000000000000000', exp: 9_999_999_999 })
  for (const bad of [
    '',
    'x',
    `${token}x`,
    token.split('.').slice(0, 2).join('.'),
    past,
    unknown,
    world.account.api_key,
  ]) {
    assert.deepEqual(await sale(bad, good), {
      status: 401,
      body: { errors: [{ status: 'Unauthorized', code: '401' }] },
    })
  }
})

test('422: every bad field, and the session stays good', async () => {
  const { token } = await session()
  assert.deepEqual(await sale(token, enveloped({ ...good, card_number: '4111111111111112', cvv: '1' })), {
    status: 422,
    body: { errors: { card_number: 'This value is not valid.', cvv: 'This value is not valid.' } },
  })
  assert.equal((await sale(token, { data: { type: 'refund', attributes: good } })).status, 422)
  assert.equal((await sale(token, '{')).status, 400)
  assert.equal((await sale(token, enveloped(good))).status, 201)
})

test('403: host-to-host must be allowed for the account', async () => {
  const { token } = await session()
  await world.ctx
    .sql`update accounts set options = (options::jsonb || '{"allow_host_to_host": false}')::json where id = ${world.account.id}`
  forgetAccount(world.ctx, world.account.id)
  assert.equal((await sale(token, good)).status, 403)
})
