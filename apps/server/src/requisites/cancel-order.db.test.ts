import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { cancelRequisites } from './cancel-requisites.ts'
import { type Desks, hour, minute, openDesks, second } from './sample-desks.ts'

let world: Desks
before(async () => {
  world = await openDesks()
})
afterEach(() => world.reset())
after(() => world.close())

const whole = 45_614_036n

describe('a cancellation', () => {
  test('that the provider declines is delivered; the questions go on', async () => {
    const state = await world.search('cancel:409')
    await cancelRequisites(world.ctx, world.account, state.payment)
    await world.pass(minute)
    const row = await world.row(state)
    assert.deepEqual(
      [row.state, row.cancel_status, row.cancel_tries, row.cancel_at],
      ['cancelled', 'declined', 1, null],
    )
    assert.ok(world.calls(row, 'GET_PAYMENT').length >= 5)
    assert.deepEqual(await world.casesOf(row), [])
  })

  test('without an answer is sent five times, under one key, and then a person looks at it', async () => {
    const state = await world.search('cancel:500')
    const start = world.now().getTime()
    await cancelRequisites(world.ctx, world.account, state.payment)
    await world.pass(14 * minute)
    assert.equal((await world.row(state)).cancel_status, 'needed')
    await world.pass(2 * hour)
    const row = await world.row(state)
    const sent = world.calls(row, 'CANCEL_PAYMENT').map((at) => (at.getTime() - start) / second)
    assert.deepEqual(sent, [0, 10, 60, 300, 900])
    assert.deepEqual([row.cancel_status, row.cancel_tries, row.cancel_at], ['undelivered', 5, null])
    assert.deepEqual(await world.casesOf(row), ['cancel_undelivered'])
    const keys = world.desks.calls('volga').filter(({ request }) => request.includes('CANCEL_PAYMENT'))
    assert.deepEqual([...new Set(keys.map(({ idempotency_key }) => idempotency_key))], [`cancel:${row.attempt_id}`])
    assert.ok(row.poll_at !== null)
  })

  test('is no proof that nobody paid: money that comes then waits for an operator, and is debited once', async () => {
    const before = await world.figures('volga')
    const state = await world.search('issue_cancel_success')
    await cancelRequisites(world.ctx, world.account, state.payment)
    assert.deepEqual(await world.figures('volga'), before)
    await world.pass(minute)
    const row = await world.row(state)
    assert.deepEqual([row.state, row.late], ['success', true])
    assert.equal((await world.load(state)).payment.status, 'terminated')
    assert.deepEqual(await world.casesOf(row), ['late_success'])
    assert.equal(before.total_minor - (await world.figures('volga')).total_minor, whole)
    await world.pass(80 * hour)
    assert.equal(before.total_minor - (await world.figures('volga')).total_minor, whole)
  })
})

describe('an order that nobody will pay', () => {
  test('is left alone when its id turns out to be that of requisites a payer sees', async () => {
    const seen = await world.search('issue')
    const { provider_reference } = await world.row(seen)
    const other = await world.search('missing:bank')
    // Two answers with one id, written in the same moment: neither knew of the other.
    await world.ctx.sql`
      update provider_payments set provider_reference = ${provider_reference}, cancel_at = ${world.now()}
      where payment_id = ${other.payment.id} and orphan`
    await world.pass(minute)
    assert.equal(world.calls(await world.row(seen), 'CANCEL_PAYMENT').length, 0)
    assert.equal((await world.row(seen)).state, 'issued')
  })

  test('is cancelled and asked about four times', async () => {
    const before = await world.figures('volga')
    const state = await world.search('missing:bank')
    const [row] = await world.rowsOf(state)
    assert.ok(row)
    assert.deepEqual([row.state, row.orphan], ['violation', true])
    const start = world.now().getTime()
    const minutes = (times: readonly Date[]): number[] => times.map((at) => (at.getTime() - start) / minute)
    await world.pass(100 * hour)
    assert.deepEqual(minutes(world.calls(row, 'CANCEL_PAYMENT')), [0])
    assert.deepEqual(minutes(world.calls(row, 'GET_PAYMENT')), [1, 5, 30, 60])
    const [end] = await world.rowsOf(state)
    assert.deepEqual([end?.state, end?.poll_at, end?.cancel_status], ['violation', null, 'delivered'])
    assert.deepEqual(await world.casesOf(row), [])
    assert.deepEqual(await world.figures('volga'), before)
  })

  test('and is paid all the same, is a case; nothing is booked', async () => {
    const before = await world.figures('volga')
    const state = await world.search('missing:owner')
    const [row] = await world.rowsOf(state)
    assert.ok(row)
    world.setPaid(row)
    await world.pass(2 * hour)
    assert.deepEqual(await world.casesOf(row), ['orphan_success'])
    assert.equal((await world.rowsOf(state))[0]?.state, 'violation')
    assert.deepEqual(await world.figures('volga'), before)
  })
})
