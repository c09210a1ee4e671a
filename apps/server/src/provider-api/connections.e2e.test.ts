/** Connections and the console over HTTP: who may do what, and what payments do meanwhile. Cascade API, B20 and B23. */
import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { stepForms } from '../../../simulators/src/traders/step.ts'
import { demoProviders } from '../../demo/providers.ts'
import { addConnection, save } from '../cascades/sample-connections.ts'
import { createServer } from '../http/server.ts'
import { type RequisitesWorld, requisitesWorld } from '../payments/sample-requisites.ts'
import { addPerson } from './add-person.ts'
import { type Role, roles } from './person.ts'
import { providerRoutes } from './routes.ts'
import { type Browser, signIn } from './sample-people.ts'

const [volga, neva] = demoProviders
const gateway_id = volga?.test_gateway_id ?? 0
const stranger_id = 795
let world: RequisitesWorld
let app: FastifyInstance
const browsers = {} as Record<Role, Browser>

before(async () => {
  world = await requisitesWorld()
  const { ctx } = world
  app = await createServer(ctx, [providerRoutes])
  await app.listen({ host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  Object.assign(ctx.config, { public_url: url })
  for (const role of roles) {
    const given = { name: role, email: `${role}@volga-test.example`, role }
    const added = await addPerson(ctx, volga?.id ?? '', given, 'test')
    browsers[role] = await signIn(url, { email: given.email, password: added?.initial_password ?? '' })
  }
  await addConnection(ctx, stranger_id, true)
})
beforeEach(async () => {
  await world.reset()
  // Back to the desk volga, whatever the test before has done.
  const { ctx, desks } = world
  await ctx.sql`update provider_connections set pending_encrypted = null, pending_at = null where gateway_id = ${gateway_id}`
  await save(ctx, gateway_id, { ...desks.credentials('volga'), event_form: 'prefixed' })
  const { body } = await browsers.owner.get('/connections?mode=test')
  if (body.connections[0].pending) assert.equal((await test_('owner')).body.activated, true)
  await ctx.sql`update provider_connections set credentials_at = null`
  await world.reset()
})
after(async () => {
  await app.close()
  await world.close()
})

const path = `/connections/${gateway_id}`
const test_ = (role: Role, body: object = {}) => browsers[role].post(`${path}/test`, body)
const connection = async () => (await browsers.viewer.get('/connections?mode=test')).body.connections[0]
const audit = () =>
  world.ctx.sql`select person, action, detail from provider_audit where provider_id = ${volga?.id ?? ''} order by id`
const deskOf = async (state: Awaited<ReturnType<RequisitesWorld['search']>>) =>
  state.attempts.map((one) => one.gateway_id)

describe('who may', () => {
  const calls: readonly (readonly [string, string, object, readonly Role[]])[] = [
    ['GET', '/connections', {}, ['owner', 'trading', 'finance', 'viewer']],
    ['PUT', path, { finalise_grace_s: 60 }, ['owner']],
    ['POST', `${path}/credentials`, { generate_key: true }, ['owner']],
    ['POST', `${path}/test`, { endpoint: 'current' }, ['owner', 'trading']],
    ['POST', `${path}/console`, { event: 'GET_PAYMENT', data: { id: 'x' } }, ['owner', 'trading']],
  ]
  for (const [method, where, body, allowed] of calls) {
    test(`${method} ${where.replace(String(gateway_id), ':id')}`, async () => {
      for (const role of roles) {
        const answer = await browsers[role].call(method, where, method === 'GET' ? undefined : body)
        assert.equal(answer.status, allowed.includes(role) ? 200 : 403, `${role}: ${answer.text}`)
      }
    })
  }

  test("nobody another provider's connection, nor one that is not there", async () => {
    for (const id of [stranger_id, neva?.test_gateway_id, 408, 999_999, '0', 'x', '%00']) {
      const { owner } = browsers
      assert.equal((await owner.call('PUT', `/connections/${id}`, {})).status, 404, String(id))
      for (const what of ['credentials', 'test', 'conformance'])
        assert.equal(
          (await owner.post(`/connections/${id}/${what}`, { ...(what === 'credentials' && { drop: true }) })).status,
          404,
        )
      assert.equal((await owner.post(`/connections/${id}/console`, { event: 'x', data: {} })).status, 404)
    }
    const seen = (await browsers.owner.get('/connections?mode=test')).body.connections
    assert.deepEqual(
      seen.map((one: { gateway_id: number }) => one.gateway_id),
      [gateway_id],
    )
  })

  test('every change is written down with its person, and never what the key is', async () => {
    await world.ctx.sql`truncate provider_audit`
    const { body } = await browsers.owner.post(`${path}/credentials`, { generate_key: true })
    await browsers.owner.call('PUT', path, { request_gap_ms: 0 })
    await test_('trading', { endpoint: 'current' })
    const rows = await audit()
    assert.deepEqual(
      rows.map(({ person, action }) => [person, action]),
      [
        ['owner@volga-test.example', 'connection.credentials'],
        ['owner@volga-test.example', 'connection.change'],
        ['trading@volga-test.example', 'connection.test'],
      ],
    )
    assert.ok(!JSON.stringify(rows).includes(body.api_key))
    assert.deepEqual(rows[2]?.detail, {
      gateway_id: String(gateway_id),
      passed: true,
      activated: false,
      endpoint: 'current',
    })
  })
})

describe('what is wrong is said by field', () => {
  test('of settings, of an endpoint, of the data of an event', async () => {
    const { owner } = browsers
    const settings = await owner.call('PUT', path, {
      finalise_grace_s: 111,
      methods: [{ method: 'card', limits: { min: '5', max: '4' } }],
    })
    assert.deepEqual(
      [settings.status, Object.keys(settings.body.error.fields).sort()],
      [422, ['finalise_grace_s', 'methods.0.limits.max']],
    )
    const endpoint = await owner.post(`${path}/credentials`, {
      endpoint_url: 'ftp://x',
      api_key: 'with blank in the middle',
    })
    assert.deepEqual(
      [endpoint.status, Object.keys(endpoint.body.error.fields).sort()],
      [422, ['api_key', 'endpoint_url']],
    )
    const operator = await owner.call('PUT', path, { rate_margin_percent: '50' })
    assert.equal(operator.status, 422, 'what only the operator agrees to')
    const data = await owner.post(`${path}/console`, { event: 'CREATE_PAYMENT', data: { amount: 'x', method: 'cash' } })
    assert.deepEqual(Object.keys(data.body.error.fields).sort(), [
      'data.amount',
      'data.currency',
      'data.currencyRate',
      'data.method',
    ])
    const event = await owner.post(`${path}/console`, { event: 'DELETE_EVERYTHING', data: {} })
    assert.deepEqual(Object.keys(event.body.error.fields), ['event'])
    const pending = await owner.post(`${path}/console`, {
      event: 'GET_PAYMENT',
      data: { id: 'x' },
      endpoint: 'pending',
    })
    assert.deepEqual([pending.status, pending.body.error.code], [409, 'nothing_to_test'])
  })
})

describe('B20: a changed endpoint or key', () => {
  test('is used by payments only after a passed test, and meanwhile they use the old one', async () => {
    const { desks } = world
    const changed = await browsers.owner.post(`${path}/credentials`, desks.credentials('neva'))
    assert.equal(changed.status, 200, changed.text)
    assert.equal(changed.body.api_key, null)
    assert.equal(changed.body.connection.pending.endpoint_url, desks.credentials('neva').endpoint_url)
    const before = await world.search('3900')
    assert.deepEqual(await deskOf(before), [gateway_id])
    assert.deepEqual([desks.payments('volga').length, desks.payments('neva').length], [1, 0], 'the old desk is asked')

    desks.script('neva', { steps: ['unauthorized'] })
    const failed = await test_('trading')
    assert.deepEqual([failed.body.passed, failed.body.activated], [false, false])
    await world.search('3901')
    assert.deepEqual([desks.payments('volga').length, desks.payments('neva').length], [2, 0])

    const passed = await test_('trading')
    assert.deepEqual([passed.body.passed, passed.body.activated, passed.body.endpoint], [true, true, 'pending'])
    await world.search('3902')
    assert.equal(desks.payments('volga').length, 2)
    assert.equal(desks.payments('neva').length, 2, 'the probe and the payment')
    const { endpoint, pending } = await connection()
    assert.equal(pending, null)
    assert.deepEqual(
      [endpoint.endpoint_url, endpoint.changed_by],
      [desks.credentials('neva').endpoint_url, 'trading@volga-test.example'],
    )
  })

  test('a rotated key: the provider takes both for a while, we change after the test', async () => {
    const { desks } = world
    const made = await browsers.owner.post(`${path}/credentials`, { generate_key: true })
    const { api_key } = made.body
    assert.equal((await test_('owner')).body.passed, false, 'the desk does not know the new key yet')
    assert.equal((await world.search('3900')).attempts[0]?.status, 'incomplete')
    desks.addDesk('rotating', { api_key })
    const { endpoint_url } = desks.credentials('rotating')
    await browsers.owner.post(`${path}/credentials`, { endpoint_url })
    assert.equal((await test_('owner')).body.activated, true)
    assert.equal((await world.search('3900')).attempts[0]?.status, 'incomplete')
    assert.equal(desks.payments('rotating').length, 2)
    assert.ok(!(await browsers.owner.get('/connections?mode=test')).text.includes(api_key), 'it was shown once')
  })

  test('another spelling of events waits as well', async () => {
    const { body } = await browsers.owner.call('PUT', path, { event_form: 'bare' })
    assert.deepEqual([body.event_form, body.pending.event_form], ['prefixed', 'bare'])
    await world.search('3900')
    assert.match(world.desks.calls('volga').at(-1)?.request ?? '', /"CascadeEvents\.CREATE_PAYMENT"/)
    assert.equal((await test_('owner')).body.activated, true)
    await world.search('3900')
    assert.match(world.desks.calls('volga').at(-1)?.request ?? '', /"CREATE_PAYMENT"/)
    assert.equal((await connection()).event_form, 'bare')
  })
})

describe('B23: a key that is refused', () => {
  test('keeps payments away with an alarm told once, until a console test passes', async () => {
    const { ctx, desks } = world
    const alarms: unknown[] = []
    const { alarm } = ctx.events
    ctx.events.alarm = (what, facts) => void alarms.push([what, facts.gateway_id])
    try {
      desks.script('volga', { steps: ['unauthorized'], repeat: null })
      const [first] = await Promise.all([world.search('3900'), world.search('3901'), world.search('3902')])
      assert.deepEqual(await deskOf(first), [gateway_id, neva?.test_gateway_id])
      assert.deepEqual(alarms, [['connection misconfigured', gateway_id]])
      const { misconfigured_at, misconfigured_reason } = await connection()
      assert.ok(misconfigured_at !== null && misconfigured_reason !== null)

      const asked = desks.calls('volga').length
      assert.deepEqual(await deskOf(await world.search('3903')), [neva?.test_gateway_id])
      assert.equal(desks.calls('volga').length, asked, 'it is not asked at all')
      assert.equal((await test_('owner')).body.passed, false)
      assert.deepEqual(await deskOf(await world.search('3904')), [neva?.test_gateway_id])

      desks.forgetScripts('volga')
      const event = { event: 'GET_PAYMENT', data: { id: 'x' } }
      await browsers.owner.post(`${path}/console`, event)
      assert.notEqual((await connection()).misconfigured_at, null, 'a single event proves nothing')
      assert.equal((await test_('owner')).body.passed, true)
      assert.equal((await connection()).misconfigured_at, null)
      assert.deepEqual(await deskOf(await world.search('3905')), [gateway_id])
    } finally {
      ctx.events.alarm = alarm
    }
  })
})

describe('the console', () => {
  const asking = { amount: '3900', method: 'card', currencyRate: '85.5', currency: 'RUB', transactionWindowInMin: 30 }
  const fire = async (event: string, data: object) => {
    const { status, body, text } = await browsers.trading.post(`${path}/console`, { event, data })
    assert.equal(status, 200, text)
    return body.calls[0]
  }
  // Those that never answer are in the connector's own test, where nobody waits so long for them.
  const answering = Object.keys(stepForms).filter((step) => !['timeout', 'late_answer', 'get'].includes(step))
  const steps = [
    ...answering,
    'get:404',
    'get:500',
    'get:garbage',
    'get:unknown_status',
    'appeal:500',
    'appeal:no_id',
    'close:500',
  ]

  for (const step of steps) {
    test(`every event is understood at a desk that does ${step}`, async () => {
      world.desks.script('volga', { steps: [step] })
      const created = await fire('CREATE_PAYMENT', asking)
      assert.match(created.result, /^(issued|refused|violation|unknown)$/)
      assert.equal(created.state, created.result)
      const id = created.reference ?? world.desks.payments('volga').at(-1)?.id ?? 'never-issued'
      assert.match((await fire('GET_PAYMENT', { id })).result, /^(pending|success|failed|appeal|poll_error)$/)
      const appeal = await fire('CREATE_APPEAL', { id, amount: 4000.0, url: 'https://a.example/r.pdf' })
      assert.match(appeal.result, /^(acknowledged|refused|undelivered)$/)
      for (const event of ['CONFIRM_APPEAL', 'CANCEL_APPEAL'])
        assert.match((await fire(event, { id: appeal.reference ?? id })).result, /^(delivered|refused|undelivered)$/)
      assert.match((await fire('CANCEL_PAYMENT', { id })).result, /^(delivered|declined|undelivered)$/)
    })
  }

  test('what it shows of requisites is masked, of the key nothing', async () => {
    const call = await fire('CREATE_PAYMENT', asking)
    assert.equal(call.request.headers['x-api-key'], '***')
    const answer = JSON.parse(call.answer)
    assert.match(answer.cardNumber, /^\d{6}\*{6}\d{4}$/)
    assert.match(answer.owner, /^\S\*\*\* \S\*\*\*$/)
    assert.equal(
      call.request.body,
      '{"event":"CascadeEvents.CREATE_PAYMENT","data":{"amount":3900,"method":"card","currencyRate":85.5,"currency":"RUB","transactionWindowInMin":30}}',
    )
    assert.ok(!JSON.stringify(call).includes(world.desks.credentials('volga').api_key))
  })

  test('nothing it does is a payment, a hold, or a count', async () => {
    const { sql } = world.ctx
    const counted = async () => {
      const [row] = await sql`
        select (select count(*) from provider_payments)::integer as payments, (select count(*) from provider_settlements)::integer as holds,
          (select count(*) from ledger_transfers)::integer as transfers, (select count(*) from gateway_results)::integer as results`
      return row
    }
    const before = await counted()
    await fire('CREATE_PAYMENT', asking)
    await test_('trading')
    await browsers.trading.post(`${path}/conformance`, { amount: '3900', amount_above_max: '1000000.01' })
    assert.deepEqual(await counted(), before)
  })
})

describe('the conformance run', () => {
  test('lists K1 to K12; an owner has what it finds put into the settings, a trader is told', async () => {
    const { desks } = world
    const wish = { amount: '3900', amount_above_max: '1000000.01' }
    await browsers.owner.call('PUT', path, { supports_idempotency_key: false })
    const traders = await browsers.trading.post(`${path}/conformance`, wish)
    assert.deepEqual([traders.status, traders.body.passed, traders.body.applied], [200, true, []])
    assert.deepEqual(traders.body.checks.map(({ id }: { id: string }) => id).sort(), [
      'K1',
      'K10',
      'K11',
      'K12',
      'K2',
      'K3',
      'K4',
      'K5',
      'K6',
      'K7',
      'K8',
      'K9',
    ])
    assert.equal(traders.body.supports_idempotency_key, true)
    assert.equal((await connection()).supports_idempotency_key, false)
    const owners = await browsers.owner.post(`${path}/conformance`, wish)
    assert.deepEqual(owners.body.applied, ['supports_idempotency_key'])
    assert.equal((await connection()).supports_idempotency_key, true)
    assert.ok(
      desks.payments('volga').every(({ status }) => status === 'failed'),
      'all are cancelled',
    )
  })

  test('what fails comes with what to do', async () => {
    await browsers.owner.post(`${path}/credentials`, { api_key: 'a-key-the-desk-does-not-know' })
    const { body } = await browsers.owner.post(`${path}/conformance`, { endpoint: 'pending', amount: '3900' })
    assert.equal(body.passed, false)
    for (const { passed, text, remedy } of body.checks) {
      assert.equal(text !== '', passed !== true)
      assert.equal(remedy !== '', passed === false)
    }
  })
})
