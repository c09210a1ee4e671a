/** The test console and the conformance run over HTTP, against every behaviour of a desk that answers. */
import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { stepForms } from '../../../simulators/src/traders/step.ts'
import { createServer } from '../http/server.ts'
import { providerRoutes } from './routes.ts'
import { openDashboard, path } from './sample-desk.ts'

const { world, browsers, tryOut, connection } = openDashboard()

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
      world().desks.script('volga', { steps: [step] })
      const created = await fire('CREATE_PAYMENT', asking)
      assert.match(created.result, /^(issued|refused|violation|unknown)$/)
      assert.equal(created.state, created.result)
      const id = created.reference ?? world().desks.payments('volga').at(-1)?.id ?? 'never-issued'
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
    assert.ok(!JSON.stringify(call).includes(world().desks.credentials('volga').api_key))
  })

  test('nothing it does is a payment, a hold, or a count', async () => {
    const { sql } = world().ctx
    const counted = async () => {
      const [row] = await sql`
        select (select count(*) from provider_payments)::integer as payments, (select count(*) from provider_settlements)::integer as holds,
          (select count(*) from ledger_transfers)::integer as transfers, (select count(*) from gateway_results)::integer as results`
      return row
    }
    const before = await counted()
    await fire('CREATE_PAYMENT', asking)
    await tryOut('trading')
    await browsers.trading.post(`${path}/conformance`, { amount: '3900', amount_above_max: '1000000.01' })
    assert.deepEqual(await counted(), before)
  })
})

describe('the conformance run', () => {
  test('lists K1 to K12; an owner has what it finds put into the settings, a trader is told', async () => {
    const { desks } = world()
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

test('an endpoint is not called as often as somebody likes', async () => {
  const { ctx } = world()
  const app = await createServer({ ...ctx, config: { ...ctx.config, rate_limits: true } }, [providerRoutes])
  try {
    await app.listen({ host: '127.0.0.1', port: 0 })
    const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
    const run = async () => {
      const cookie = [...browsers.owner.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const headers = { cookie, origin: url, 'content-type': 'application/json' }
      const body = '{"endpoint":"pending"}'
      return (await fetch(`${url}/provider-api${path}/conformance`, { method: 'POST', headers, body })).status
    }
    const statuses: number[] = []
    for (let tries = 0; tries < 5; tries += 1) statuses.push(await run())
    assert.deepEqual(statuses, [409, 409, 409, 409, 429])
  } finally {
    await app.close()
  }
})
