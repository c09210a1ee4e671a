/** An operator asks about a payment whose questions have ended long ago. Cascade API, 8.2. */
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { pollSoon } from '../cascades/poll-soon.ts'
import { type Desks, hour, openDesks, second } from './sample-desks.ts'

let world: Desks
before(async () => {
  world = await openDesks()
})
afterEach(() => world.reset())
after(() => world.close())

test('is answered at once, books what the provider says, and asks no further', async () => {
  const before = await world.figures('volga')
  const state = await world.search('issue_never')
  await world.pass(100 * hour)
  const row = await world.row(state)
  assert.deepEqual([row.state, row.poll_at], ['expired', null])
  const asked = world.calls(row, 'GET_PAYMENT').length
  assert.equal(await pollSoon(world.ctx, row), true)
  await world.pass(second)
  assert.equal(world.calls(row, 'GET_PAYMENT').length, asked + 1)
  await world.pass(10 * hour)
  assert.equal(world.calls(row, 'GET_PAYMENT').length, asked + 1)
  world.setPaid(row)
  await pollSoon(world.ctx, row)
  await world.pass(second)
  const [paid] = await world.rowsOf(state)
  assert.deepEqual([paid?.state, paid?.late], ['success', true])
  assert.equal(before.total_minor - (await world.figures('volga')).total_minor, 45_614_036n)
  assert.equal((await world.load(state)).payment.status, 'processed')
})
