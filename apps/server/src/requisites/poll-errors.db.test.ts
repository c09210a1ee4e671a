import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { writeEvent } from '@cascad/provider-kit/write-event'
import { freezeAppeal } from '../cascades/freeze-appeal.ts'
import { pollSoon } from '../cascades/poll-soon.ts'
import { unfreezeAppeal } from '../cascades/unfreeze-appeal.ts'
import type { State } from '../payments/find-payment.ts'
import { flushResults } from '../routing/count-result.ts'
import { type Desks, hour, minute, openDesks, second } from './sample-desks.ts'

let world: Desks
before(async () => {
  world = await openDesks()
})
afterEach(() => world.reset())
after(() => world.close())

const status = async (of: State): Promise<string> => (await world.load(of)).payment.status
const gaps = (times: readonly Date[]): number[] =>
  times.slice(1).map((time, index) => time.getTime() - (times[index]?.getTime() ?? 0))

describe('a question without an answer', () => {
  for (const step of ['get:404', 'get:500', 'get:garbage', 'get:unknown_status']) {
    test(`${step}: changes nothing, is asked more and more slowly, and ends with the window`, async () => {
      const before = await world.figures('volga')
      const state = await world.search(step)
      const held = await world.figures('volga')
      const start = await world.row(state)
      await world.pass(31 * minute)
      const late = await world.row(state)
      assert.equal(late.state, 'issued')
      assert.equal(late.poll_errors, late.polls)
      assert.deepEqual(await world.figures('volga'), held)
      const asked = world.calls(start, 'GET_PAYMENT')
      const steps = gaps(asked)
      // Three questions at the pace of new requisites, then half as often, and so on to once in five minutes.
      assert.ok(steps.slice(0, 2).every((gap) => gap <= 11 * second))
      assert.ok(steps.slice(2, 5).every((gap) => gap >= 18 * second && gap <= 22 * second))
      assert.ok(steps.every((gap) => gap <= 5.5 * minute))
      assert.ok(asked.length < 40)
      await world.pass(minute)
      const over = await world.row(state)
      assert.deepEqual([over.state, over.ended_at], ['expired', over.finalise_at])
      assert.deepEqual(await world.figures('volga'), before)
      assert.equal(await status(state), 'process_failed')
      assert.deepEqual(await world.casesOf(over), step === 'get:404' ? ['provider_lost_payment'] : [])
    })
  }

  test('one answer brings the pace back', async () => {
    const state = await world.search('get:500')
    await world.pass(2 * minute)
    const row = await world.row(state)
    assert.ok(row.poll_errors >= 3)
    const payment = world.desks.find('volga')?.payments.get(row.provider_reference ?? '')
    assert.ok(payment)
    Object.assign(payment, { step: { name: 'issue', argument: '' } })
    await world.pass(2 * minute)
    const well = await world.row(state)
    assert.equal(well.poll_errors, 0)
    const steps = gaps(world.calls(row, 'GET_PAYMENT'))
    assert.ok((steps.at(-1) ?? 0) <= 11 * second, String(steps))
  })

  test('counts against the health of the gateway, an answer does not', async () => {
    const failures = async (): Promise<number> => {
      await flushResults(world.ctx)
      const [sum] = await world.ctx.sql<{ failures: string }[]>`
        select coalesce(sum(failures), 0)::text as failures from gateway_results`
      return Number(sum?.failures)
    }
    await world.search('issue_never')
    await world.pass(5 * minute)
    assert.equal(await failures(), 0)
    await world.search('get:500')
    await world.pass(5 * minute)
    assert.ok((await failures()) >= 3)
  })

  test('a provider that never answers: over at its time all the same', async () => {
    const state = await world.search('get:timeout')
    world.sleep(32 * minute)
    await world.work()
    const row = await world.row(state)
    assert.deepEqual([row.state, row.polls, row.poll_errors], ['expired', 1, 1])
  })

  test('a provider that is not there: asked on, cancelled later', async () => {
    const state = await world.search('issue')
    const connect = await world.unplug('volga')
    await world.pass(32 * minute)
    const over = await world.row(state)
    assert.deepEqual([over.state, over.cancel_status], ['expired', 'needed'])
    await connect()
    await world.pass(2 * minute)
    assert.equal((await world.row(state)).cancel_status, 'delivered')
  })
})

describe('three answers that the payment is not known', () => {
  test('within less than a minute are no case yet; other errors between them break the row', async () => {
    const state = await world.search('get:404')
    await world.pass(40 * second)
    const row = await world.row(state)
    assert.ok(row.polls >= 3)
    assert.deepEqual(await world.casesOf(row), [])
    const payment = world.desks.find('volga')?.payments.get(row.provider_reference ?? '')
    assert.ok(payment)
    Object.assign(payment, { step: { name: 'get', argument: '500' } })
    await world.pass(2 * minute)
    assert.deepEqual(await world.casesOf(row), [])
    Object.assign(payment, { step: { name: 'get', argument: '404' } })
    await world.pass(20 * minute)
    assert.deepEqual(await world.casesOf(row), ['provider_lost_payment'])
    assert.equal((await world.row(state)).state, 'issued')
  })
})

describe('an appeal that the provider speaks of', () => {
  test('where none of ours is open, is a case, and no money moves', async () => {
    const state = await world.search('issue_never')
    const row = await world.row(state)
    const figures = await world.figures('volga')
    await appealAt(row.provider_reference ?? '')
    await world.pass(minute)
    assert.deepEqual(await world.casesOf(row), ['unexpected_appeal'])
    assert.deepEqual([(await world.row(state)).state, await world.figures('volga')], ['issued', figures])
  })

  test('of ours is none, and keeps the questions coming until it closes', async () => {
    const state = await world.search('issue_never')
    await world.pass(80 * hour)
    const row = await world.row(state)
    assert.equal(row.poll_at, null)
    const of = { provider_id: row.provider_id, attempt_id: row.attempt_id, appeal_id: 'apl_0000000000000001' }
    const roubles = { amount_minor: 390_000n, exponent: 2 }
    await freezeAppeal(world.ctx.sql, await world.provider('volga'), of, roubles, world.now())
    const close = await appealAt(row.provider_reference ?? '')
    await pollSoon(world.ctx, row)
    const asked = world.calls(row, 'GET_PAYMENT').length
    await world.pass(5 * hour)
    assert.ok(world.calls(row, 'GET_PAYMENT').length - asked >= 20)
    await unfreezeAppeal(world.ctx.sql, of, world.now())
    // The provider is told a little later.
    await world.pass(20 * minute)
    await close()
    await world.pass(hour)
    assert.deepEqual(await world.casesOf(row), [])
    assert.equal((await world.row(state)).poll_at, null)
  })
})

/** Somebody opens an appeal at the desk; what is returned closes it. */
async function appealAt(id: string): Promise<() => Promise<void>> {
  const { endpoint_url, api_key } = world.desks.credentials('volga')
  const send = async (body: string): Promise<{ appealId: string }> => {
    const headers = { 'content-type': 'application/json', 'x-api-key': api_key }
    const answer = await fetch(endpoint_url, { method: 'POST', headers, body })
    assert.equal(answer.status, 200)
    return (await answer.json()) as { appealId: string }
  }
  const { appealId } = await send(writeEvent('CREATE_APPEAL', { id, amount: '3900', url: 'https://pay.example/r.pdf' }))
  return async () => void (await send(writeEvent('CANCEL_APPEAL', { id: appealId })))
}
