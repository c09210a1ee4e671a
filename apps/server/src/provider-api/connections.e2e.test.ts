/** Connections over HTTP: who may do what, and what payments do meanwhile. Cascade API, B20 and B23. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { RequisitesWorld } from '../payments/sample-requisites.ts'
import { type Role, roles } from './person.ts'
import { gateway_id, next_gateway_id, openDashboard, path, provider_id, stranger_id } from './sample-desk.ts'

const { world, browsers, tryOut, connection } = openDashboard()
const audit = () =>
  world().ctx.sql`select person, action, detail from provider_audit where provider_id = ${provider_id} order by id`
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
    for (const id of [stranger_id, next_gateway_id, 408, 999_999, '0', 'x', '%00']) {
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
    await world().ctx.sql`truncate provider_audit`
    const { body } = await browsers.owner.post(`${path}/credentials`, { generate_key: true })
    await browsers.owner.call('PUT', path, { request_gap_ms: 0 })
    await tryOut('trading', { endpoint: 'current' })
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

test("below what balance to be told is the owner's to say, in the settlement currency", async () => {
  const { owner, finance } = browsers
  assert.equal((await finance.call('PUT', '/alerts', { low_balance_alert: '5' })).status, 403)
  for (const low_balance_alert of ['-1', '1.0000001', 'much', '1'.repeat(17)])
    assert.equal((await owner.call('PUT', '/alerts', { low_balance_alert })).status, 422, low_balance_alert)
  const saved = await owner.call('PUT', '/alerts', { low_balance_alert: '150.25' })
  assert.deepEqual(saved.body, { low_balance_alert: '150.250000' })
  assert.equal((await owner.get('/balance')).body.low_balance_alert, '150.250000')
})

describe('B20: a changed endpoint or key', () => {
  test('is used by payments only after a passed test, and meanwhile they use the old one', async () => {
    const { desks } = world()
    const changed = await browsers.owner.post(`${path}/credentials`, desks.credentials('neva'))
    assert.equal(changed.status, 200, changed.text)
    assert.equal(changed.body.api_key, null)
    assert.equal(changed.body.connection.pending.endpoint_url, desks.credentials('neva').endpoint_url)
    const before = await world().search('3900')
    assert.deepEqual(await deskOf(before), [gateway_id])
    assert.deepEqual([desks.payments('volga').length, desks.payments('neva').length], [1, 0], 'the old desk is asked')

    desks.script('neva', { steps: ['unauthorized'] })
    const failed = await tryOut('trading')
    assert.deepEqual([failed.body.passed, failed.body.activated], [false, false])
    await world().search('3901')
    assert.deepEqual([desks.payments('volga').length, desks.payments('neva').length], [2, 0])

    const passed = await tryOut('trading')
    assert.deepEqual([passed.body.passed, passed.body.activated, passed.body.endpoint], [true, true, 'pending'])
    await world().search('3902')
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
    const { desks } = world()
    const made = await browsers.owner.post(`${path}/credentials`, { generate_key: true })
    const { api_key } = made.body
    assert.equal((await tryOut('owner')).body.passed, false, 'the desk does not know the new key yet')
    assert.equal((await world().search('3900')).attempts[0]?.status, 'incomplete')
    desks.addDesk('rotating', { api_key })
    const { endpoint_url } = desks.credentials('rotating')
    await browsers.owner.post(`${path}/credentials`, { endpoint_url })
    assert.equal((await tryOut('owner')).body.activated, true)
    assert.equal((await world().search('3900')).attempts[0]?.status, 'incomplete')
    assert.equal(desks.payments('rotating').length, 2)
    assert.ok(!(await browsers.owner.get('/connections?mode=test')).text.includes(api_key), 'it was shown once')
  })

  test('another spelling of events waits as well', async () => {
    const { body } = await browsers.owner.call('PUT', path, { event_form: 'bare' })
    assert.deepEqual([body.event_form, body.pending.event_form], ['prefixed', 'bare'])
    await world().search('3900')
    assert.match(world().desks.calls('volga').at(-1)?.request ?? '', /"CascadeEvents\.CREATE_PAYMENT"/)
    assert.equal((await tryOut('owner')).body.activated, true)
    await world().search('3900')
    assert.match(world().desks.calls('volga').at(-1)?.request ?? '', /"CREATE_PAYMENT"/)
    assert.equal((await connection()).event_form, 'bare')
  })
})

describe('B23: a key that is refused', () => {
  test('keeps payments away with an alarm told once, until a console test passes', async () => {
    const { ctx, desks } = world()
    const alarms: unknown[] = []
    const { alarm } = ctx.events
    ctx.events.alarm = (what, facts) => void alarms.push([what, facts.gateway_id])
    try {
      desks.script('volga', { steps: ['unauthorized'], repeat: null })
      const atOnce = await Promise.all(['3900', '3901', '3902'].map((amount) => world().search(amount)))
      const tried = await Promise.all(atOnce.map(deskOf))
      // One of them meets the refusal; who begins after it was told is not sent there any more.
      assert.ok(tried.some((gateways) => gateways.length === 2))
      for (const gateways of tried)
        assert.deepEqual(gateways, gateways.length === 2 ? [gateway_id, next_gateway_id] : [next_gateway_id])
      assert.deepEqual(alarms, [['connection misconfigured', gateway_id]])
      const { misconfigured_at, misconfigured_reason } = await connection()
      assert.ok(misconfigured_at !== null && misconfigured_reason !== null)

      const asked = desks.calls('volga').length
      assert.deepEqual(await deskOf(await world().search('3903')), [next_gateway_id])
      assert.equal(desks.calls('volga').length, asked, 'it is not asked at all')
      assert.equal((await tryOut('owner')).body.passed, false)
      assert.deepEqual(await deskOf(await world().search('3904')), [next_gateway_id])

      desks.forgetScripts('volga')
      const event = { event: 'GET_PAYMENT', data: { id: 'x' } }
      await browsers.owner.post(`${path}/console`, event)
      assert.notEqual((await connection()).misconfigured_at, null, 'a single event proves nothing')
      assert.equal((await tryOut('owner')).body.passed, true)
      assert.equal((await connection()).misconfigured_at, null)
      assert.deepEqual(await deskOf(await world().search('3905')), [gateway_id])
    } finally {
      ctx.events.alarm = alarm
    }
  })
})
