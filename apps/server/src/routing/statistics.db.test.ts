import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { countKey } from './rules/strategies/conversion.ts'
import { countRoute, flushCounts, forgetStatistics, recentStatistics } from './statistics.ts'

let world: TestContext
let time = new Date('2026-03-02T10:30:00Z')

before(async () => {
  world = await testContext({ now: () => time })
})
after(() => world.close())

const route = { gateway_id: 1, method: 'payment_card', currency: 'USD' }
const visa = { brand: 'visa', issuer_country: 'DE' }

function count(times: number, approved: number, card = visa, gateway_id = 1): void {
  for (let i = 0; i < times; i += 1)
    countRoute(world.ctx, { ...route, gateway_id, ...card }, { approved: i < approved ? 1 : 0, counted: 1 })
}

async function read() {
  await flushCounts(world.ctx)
  forgetStatistics(world.ctx)
  return recentStatistics(world.ctx)
}

test('attempts are added up by route and by kind of card, and leave the window after 24 hours', async () => {
  count(3, 2)
  count(2, 1, { brand: 'mastercard', issuer_country: '' })
  const first = await read()
  assert.deepEqual(first.get(countKey(route)), { approved: 3, counted: 5 })
  assert.deepEqual(first.get(countKey(route, visa)), { approved: 2, counted: 3 })
  time = new Date('2026-03-02T14:00:00Z')
  count(1, 1)
  assert.deepEqual((await read()).get(countKey(route)), { approved: 4, counted: 6 })
  time = new Date('2026-03-03T10:00:00Z')
  assert.deepEqual((await read()).get(countKey(route)), { approved: 1, counted: 1 })
})

test('a correction takes back what was counted when the attempt was unknown', async () => {
  countRoute(world.ctx, { ...route, gateway_id: 2, ...visa }, { approved: 0, counted: 1 })
  await flushCounts(world.ctx)
  countRoute(world.ctx, { ...route, gateway_id: 2, ...visa }, { approved: 0, counted: -1 })
  assert.deepEqual((await read()).get(countKey({ ...route, gateway_id: 2 })), { approved: 0, counted: 0 })
  time = new Date('2026-03-05T10:00:00Z')
  countRoute(world.ctx, { ...route, gateway_id: 2, ...visa }, { approved: 0, counted: -1 })
  assert.deepEqual((await read()).get(countKey({ ...route, gateway_id: 2 })), { approved: 0, counted: 0 })
})

test('what was read is kept for a while; payments do not ask again', async () => {
  const known = await read()
  count(5, 5)
  await flushCounts(world.ctx)
  assert.equal(await recentStatistics(world.ctx), known)
})
