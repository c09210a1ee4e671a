/** The dashboard's pages over HTTP with real sessions: payments, balance, orders, figures, team. Cascade API, section 16. */
import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { demoProviders } from '../../demo/providers.ts'
import { countSkips } from '../cascades/count-skips.ts'
import { decideTopUp } from '../cascades/decide-top-up.ts'
import { decideWithdrawal } from '../cascades/decide-withdrawal.ts'
import { createServer } from '../http/server.ts'
import { type RequisitesWorld, requisitesWorld } from '../payments/sample-requisites.ts'
import { addPerson } from './add-person.ts'
import { providerRoutes } from './routes.ts'
import { type Browser, type Document, signIn } from './sample-people.ts'

let world: RequisitesWorld
let app: FastifyInstance
let url: string
let owner: Browser
const volga = demoProviders[0]!
const credentials = { email: 'owner@pages.example', password: '' }

before(async () => {
  world = await requisitesWorld()
  const { ctx } = world
  app = await createServer(ctx, [providerRoutes])
  await app.listen({ host: '127.0.0.1', port: 0 })
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  Object.assign(ctx.config, { public_url: url })
  const given = { name: 'Owner', email: credentials.email, role: 'owner' } as const
  credentials.password = (await addPerson(ctx, volga.id, given, 'test'))?.initial_password ?? ''
  owner = await signIn(url, credentials)
})
after(async () => {
  await app.close()
  await world.close()
})

async function get(path: string, browser = owner): Promise<Document> {
  const answer = await browser.get(path)
  assert.equal(answer.status, 200, `${path}: ${answer.text}`)
  return answer.body
}

async function refused(path: string, body: object | null, status: number, browser = owner): Promise<Document> {
  const answer = body === null ? await browser.get(path) : await browser.post(path, body)
  assert.equal(answer.status, status, `${path}: ${answer.text}`)
  return answer.body.error
}

describe('payments', () => {
  let issued: string
  /** What nobody here is to see in full. */
  let secrets: string[]
  before(async () => {
    world.script('volga', 'refuse:NO_REQUISITES')
    await world.search('2000')
    const state = await world.search('3900')
    issued = state.attempts.at(-1)!.id
    await world.apply(state, world.approved)
    secrets = world.desks.traders('volga').flatMap(({ owner, numbers }) => [owner, ...Object.values(numbers)])
    assert.ok(secrets.length > 0)
  })

  test('are listed newest first in their own mode, by pages and by filters', async () => {
    const { payments, cursor } = await get('/payments?mode=test')
    assert.deepEqual(
      payments.map((row: Document) => [row.state, row.amount, row.currency, row.reason]),
      [
        ['success', '3900.00', 'RUB', null],
        ['refused', '2000.00', 'RUB', 'NO_REQUISITES'],
      ],
    )
    assert.equal(cursor, null)
    const { settlement_amount, settlement_currency, rate, flags, method } = payments[0]
    assert.deepEqual(
      [settlement_amount, settlement_currency, rate, flags, method],
      ['45.614036', 'USDT', '85.5', [], 'card'],
    )
    assert.deepEqual((await get('/payments')).payments, [])
    const first = await get('/payments?mode=test&limit=1')
    const second = await get(`/payments?mode=test&limit=1&cursor=${first.cursor}`)
    assert.deepEqual([...first.payments, ...second.payments], payments)
    assert.equal(second.cursor, null)
    const only = async (query: string) =>
      (await get(`/payments?mode=test&${query}`)).payments.map((row: Document) => row.amount)
    assert.deepEqual(await only('state=refused'), ['2000.00'])
    assert.deepEqual(await only('state=refused,success&method=card'), ['3900.00', '2000.00'])
    assert.deepEqual(await only('amount=3900'), ['3900.00'])
    assert.deepEqual(await only('amount=3900.5'), [])
    assert.deepEqual(await only(`id=${payments[0].provider_reference}`), ['3900.00'])
    assert.deepEqual(await only(`id=${issued}`), ['3900.00'])
    assert.deepEqual(await only('flag=late'), [])
    assert.deepEqual(await only(`to=${encodeURIComponent(payments[0].requested_at)}`), ['2000.00'])
    assert.deepEqual(await only(`gateway_id=${volga.test_gateway_id}`), ['3900.00', '2000.00'])
  })

  test('are not found by what is no filter, and that is said', async () => {
    for (const [query, field] of [
      ['state=paid', 'state'],
      ['method=cash', 'method'],
      ['flag=late,orphan', 'flag'],
      ['from=yesterday', 'from'],
      ['cursor=1.2', 'cursor'],
      ['amount=ten', 'amount'],
      ['limit=0', 'limit'],
      ['mode=both', 'mode'],
      ['id=', 'id'],
    ] as const)
      assert.ok((await refused(`/payments?${query}`, null, 422)).fields[field], query)
    await refused('/payments?id=%00', null, 400)
  })

  test('have everything of their life: steps, calls with our reading, bookings', async () => {
    const { payment, timeline, calls, postings, appeals } = await get(`/payments/${issued}`)
    assert.deepEqual([payment.state, payment.answer_ms >= 0, payment.issued_at !== null], ['success', true, true])
    assert.deepEqual(
      postings.map((line: Document) => [line.kind, line.amount, line.change]),
      [
        ['provider_hold', '45.614036', '-45.614036'],
        ['provider_debit', '45.614036', '0.000000'],
      ],
    )
    assert.deepEqual(appeals, [])
    const [create] = calls
    assert.deepEqual(
      [create.event, create.http_status, create.request.event],
      ['CREATE_PAYMENT', 201, 'CascadeEvents.CREATE_PAYMENT'],
    )
    assert.ok(create.reading.length > 0)
    const events = timeline.map((step: Document) => step.event)
    for (const event of ['requested', 'issued', 'call', 'booking', 'paid']) assert.ok(events.includes(event), event)
    const times = timeline.map((step: Document) => step.at)
    assert.deepEqual(times, times.toSorted())
  })

  test('show no number, owner or key in full: not in lists, calls or files', async () => {
    const file = await owner.get('/payments.csv?mode=test')
    const told = [
      JSON.stringify(await get('/payments?mode=test')),
      JSON.stringify(await get(`/payments/${issued}`)),
      file.text,
    ]
    for (const text of told) {
      assert.match(text, /\d{6}\*{6}\d{4}/)
      for (const secret of [...secrets, ...secrets.map((one) => one.replaceAll(' ', '')), 'sim_cascade_key_volga'])
        assert.ok(!text.includes(secret), `${secret} stands in ${text.slice(0, 300)}`)
    }
  })

  test('come as a file, one line each', async () => {
    const { status, headers, text } = await owner.get('/payments.csv?mode=test&state=success')
    assert.equal(status, 200)
    assert.equal(headers.get('content-type'), 'text/csv; charset=utf-8')
    assert.equal(headers.get('content-disposition'), 'attachment; filename="payments-test.csv"')
    const [head = '', line = '', ...rest] = text.split('\r\n')
    assert.equal(head.split(',').length, 18)
    const values = line.split(',')
    assert.deepEqual([values[1], values[7], values[8], values[10]], [issued, '3900.00', 'RUB', '45.614036'])
    assert.deepEqual(rest, [''])
    await refused('/payments.csv?state=paid', null, 422)
  })

  test('are what the figures of the day are made of', async () => {
    const { today, balance, connections } = await get('/overview?mode=test')
    assert.deepEqual(
      [today.asked, today.given, today.paid, today.refused, today.issue_rate, today.payment_rate],
      [2, 1, 1, 1, 0.5, 1],
    )
    assert.deepEqual(balance, await get('/balance?mode=test'))
    assert.deepEqual(
      connections.map((one: Document) => [one.gateway_id, one.status, one.methods[0].breaker]),
      [[volga.test_gateway_id, 'active', 'closed']],
    )
    const { all, groups, series } = await get('/statistics?mode=test&window=1h&split=method')
    assert.deepEqual([all.asked, all.issued, all.paid, groups[0].key], [2, 1, 1, 'card'])
    assert.equal(series.length, 60)
    assert.equal((await get('/statistics')).all.issue_rate, null)
    for (const query of [
      'window=2h',
      'split=merchant',
      'from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z',
      'from=1&to=99999999',
    ])
      await refused(`/statistics?${query}`, null, 422)
  })

  test('that went elsewhere say why', async () => {
    countSkips(world.ctx, [
      { gateway_id: volga.test_gateway_id, reason: 'breaker_open' },
      { gateway_id: demoProviders[1]!.test_gateway_id, reason: 'rate_stale' },
    ])
    const { reasons, connections } = await get('/skips?mode=test')
    assert.deepEqual(reasons, [{ reason: 'breaker_open', payments: 1 }])
    assert.deepEqual(
      connections.map((one: Document) => [one.gateway_id, one.reasons]),
      [[volga.test_gateway_id, [{ reason: 'breaker_open', payments: 1 }]]],
    )
    assert.deepEqual((await get('/skips')).reasons, [])
  })
})

describe('the balance', () => {
  test('every booking has what was available before and after it; kinds and days add up', async () => {
    const { lines } = await get('/statement?mode=test')
    for (const [index, line] of lines.entries())
      if (index + 1 < lines.length) assert.equal(line.available_before, lines[index + 1].available_after)
    assert.equal(lines[0].available_after, (await get('/balance?mode=test')).available)
    const holds = (await get('/statement?mode=test&kind=provider_hold')).lines
    assert.deepEqual(
      holds,
      lines.filter((line: Document) => line.kind === 'provider_hold'),
    )
    assert.ok(holds.length > 0 && holds[0].attempt_id.startsWith('pay_'))
    const { days } = await get('/statement/days?mode=test')
    assert.equal(days.length, 1)
    assert.equal(days[0].change, lines[0].available_after)
    const csv = await owner.get('/statement.csv?mode=test')
    assert.equal(csv.text.split('\r\n').length, lines.length + 2)
    for (const query of ['kind=gift', 'cursor=x', 'to=never']) await refused(`/statement?${query}`, null, 422)
    await refused('/statement/days?from=1', null, 422)
  })

  test('a top-up is ordered and waits; it can be taken back until it is decided', async () => {
    const order = { amount: '250.5', reference: ' transfer 7 ' }
    const { status, body } = await owner.post('/top-ups?mode=test', order)
    assert.equal(status, 200)
    assert.deepEqual(
      [body.amount, body.currency, body.reference, body.status, body.ordered_by],
      ['250.500000', 'USDT', 'transfer 7', 'created', credentials.email],
    )
    assert.deepEqual((await get('/top-ups?mode=test')).top_ups[0], body)
    assert.ok((await get('/top-ups')).top_ups.every((one: Document) => one.id !== body.id))
    assert.equal((await owner.post(`/top-ups/${body.id}/cancel`)).body.status, 'cancelled')
    assert.equal((await refused(`/top-ups/${body.id}/cancel`, {}, 409)).code, 'too_late')
    await refused('/top-ups/top_0000000000000000/cancel', {}, 404)
    const next = (await owner.post('/top-ups?mode=test', order)).body
    await decideTopUp(world.ctx, volga.id, next.id, { status: 'confirmed', decided_by: 'op' })
    await refused(`/top-ups/${next.id}/cancel`, {}, 409)
    for (const amount of ['0', '-1', '1.0000001', '1000000000000', 'x', ''])
      assert.ok((await refused('/top-ups', { amount, reference: 'r' }, 422)).fields.amount, amount)
    assert.ok((await refused('/top-ups', { amount: '1', reference: '  ' }, 422)).fields.reference)
    const pages = await get('/top-ups?mode=test&limit=1')
    assert.notEqual((await get(`/top-ups?mode=test&limit=1&cursor=${pages.cursor}`)).top_ups[0].id, pages.top_ups[0].id)
    await refused('/top-ups?cursor=x', null, 422)
  })

  test('money leaves to a destination of yesterday, no more than there is, and comes back when cancelled in time', async () => {
    const { body: saved } = await owner.post('/destinations', { label: 'Wallet', address: 'TXYZabcdefgh1234' })
    assert.deepEqual([saved.label, saved.address], ['Wallet', '…1234'])
    const ask = (amount: string) => ({ amount, destination_id: saved.id })
    assert.equal((await refused('/withdrawals?mode=test', ask('10'), 409)).code, 'destination_too_new')
    await world.ctx.sql`update provider_destinations set created_at = created_at - interval '1 day'`
    assert.equal((await refused('/withdrawals?mode=test', ask('99999999'), 409)).code, 'balance_insufficient')
    for (const id of ['dst_0000000000000000', 'x'])
      assert.ok((await refused('/withdrawals', { amount: '1', destination_id: id }, 422)).fields.destination_id)
    const before_ = await get('/balance?mode=test')
    const { body } = await owner.post('/withdrawals?mode=test', ask('10'))
    assert.deepEqual([body.status, body.amount, body.destination_label], ['requested', '10.000000', 'Wallet'])
    assert.equal((await get('/balance?mode=test')).withdrawing, '10.000000')
    assert.equal((await owner.post(`/withdrawals/${body.id}/cancel`)).body.status, 'cancelled')
    assert.deepEqual(await get('/balance?mode=test'), before_)
    const { body: next } = await owner.post('/withdrawals?mode=test', ask('10'))
    await decideWithdrawal(world.ctx, volga.id, next.id, { step: 'approved', by: 'op' })
    assert.equal((await refused(`/withdrawals/${next.id}/cancel`, {}, 409)).code, 'too_late')
    assert.deepEqual(
      (await get('/withdrawals?mode=test')).withdrawals.map((one: Document) => one.status),
      ['approved', 'cancelled'],
    )
    assert.deepEqual((await get('/destinations')).destinations, [
      {
        ...saved,
        usable_from: (await get('/destinations')).destinations[0].usable_from,
        created_at: (await get('/destinations')).destinations[0].created_at,
      },
    ])
  })
})
