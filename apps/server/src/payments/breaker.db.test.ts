import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { createSimulators, type Simulators } from '../../../simulators/src/simulators.ts'
import { demoAccounts } from '../../demo/accounts.ts'
import { getAccount } from '../accounts/find-account.ts'
import { seedDemo } from '../demo/seed-demo.ts'
import { freshBreakers } from '../routing/breakers.ts'
import type { RoutingRecord } from '../routing/choice.ts'
import { flushResults } from '../routing/count-result.ts'
import { forgetRouting } from '../routing/load-routing.ts'
import { explainRun } from '../routing/rules/explain.ts'
import { countKey } from '../routing/rules/strategies/conversion.ts'
import { flushCounts, forgetStatistics, recentStatistics } from '../routing/statistics.ts'
import { loadState } from './find-payment.ts'
import { selectRuns } from './routing-runs-table.ts'
import { placeSample } from './sample-wish.ts'
import { submitCard } from './submit-card.ts'

let simulators: Simulators
let world: TestContext
let time = new Date()
let working: Buffer

before(async () => {
  simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1' })
  world = await testContext({ now: () => time })
  await seedDemo(world.ctx, { simulators: simulators.url })
  const [row] = await world.ctx.sql<{ credentials_encrypted: Buffer }[]>`
    select credentials_encrypted from gateways where gateway_id = 408`
  assert.ok(row)
  working = row.credentials_encrypted
})
after(async () => {
  await simulators.close()
  await world.close()
})

/** Takes the first acquirer off the network, or back. */
async function connectFirst(reachable: boolean): Promise<void> {
  const { ctx } = world
  const known = JSON.parse(ctx.secrets.decrypt(working, 'gateway:408')) as object
  const lost = ctx.secrets.encrypt(JSON.stringify({ ...known, base_url: 'http://127.0.0.1:1' }), 'gateway:408')
  await ctx.sql`update gateways set credentials_encrypted = ${reachable ? working : lost} where gateway_id = 408`
  forgetRouting(ctx)
}

/** Pays with a card that every gateway approves. Returns the gateways that were tried, in order, and the records. */
async function pay(): Promise<{ readonly tried: number[]; readonly records: RoutingRecord[] }> {
  const { ctx } = world
  const account = await getAccount(ctx, demoAccounts[0]?.settings.id ?? '')
  const payment = await placeSample(ctx, account)
  const card = { number: '5519283812030000', exp_month: '12', exp_year: '2030', cvv: '123', holder: null }
  const submission = { card, browser: {}, client_ip: '127.0.0.1', payer_on_page: false }
  const done = (await submitCard(ctx, account, payment, submission, 20_000)).payment
  assert.equal(done.status, 'processed')
  const { attempts } = await loadState(ctx, account.id, payment.id)
  const runs = await selectRuns(ctx.sql, account.id, payment.id)
  return { tried: attempts.map(({ gateway_id }) => gateway_id), records: runs.map(({ record }) => record) }
}

async function pass(seconds: number): Promise<void> {
  time = new Date(time.getTime() + seconds * 1000)
  await freshBreakers(world.ctx)
}

test('a gateway that cannot be reached is left out after five payments, tried by one at a time, and taken back', async () => {
  await connectFirst(false)
  for (let i = 0; i < 5; i += 1) assert.deepEqual((await pay()).tried, [408, 409])
  await flushResults(world.ctx)
  const { tried, records } = await pay()
  assert.deepEqual(tried, [409])
  const [record] = records
  assert.ok(record)
  const until = new Date(time.getTime() + 600_000).toISOString().slice(11, 19)
  assert.deepEqual(record.routes[0], { gateway_id: 408, result: 'breaker_open', detail: `open until ${until}Z` })
  assert.match(explainRun(record), new RegExp(`^408 skipped: breaker open until ${until}Z; 409 chosen`))

  await connectFirst(true)
  await pass(599)
  assert.deepEqual((await pay()).tried, [409])
  await pass(1)
  const together = await Promise.all(Array.from({ length: 6 }, () => pay()))
  assert.deepEqual(together.map(({ tried }) => tried[0]).sort(), [408, 409, 409, 409, 409, 409])
  for (let probe = 2; probe <= 3; probe += 1) {
    await pass(10)
    assert.deepEqual((await pay()).tried, [408])
    if (probe < 3) assert.deepEqual((await pay()).tried, [409])
  }
  assert.deepEqual(
    (await Promise.all([pay(), pay()])).map(({ tried }) => tried),
    [[408], [408]],
  )
})

test('what becomes of attempts is counted for the order by conversion', async () => {
  await flushCounts(world.ctx)
  forgetStatistics(world.ctx)
  const key = (gateway_id: number) => countKey({ gateway_id, method: 'payment_card', currency: 'USD' })
  const earlier = (await recentStatistics(world.ctx)).get(key(409))
  simulators.control.setScript('first', { answer: 'decline', code: '96' })
  try {
    await pay()
  } finally {
    simulators.control.reset()
  }
  await flushCounts(world.ctx)
  forgetStatistics(world.ctx)
  const statistics = await recentStatistics(world.ctx)
  // Whoever was not reached was not asked: the first acquirer's refused connections are no attempts of this kind.
  assert.deepEqual(statistics.get(key(408)), { approved: 5, counted: 6 })
  assert.equal(statistics.get(key(409))?.approved, (earlier?.approved ?? 0) + 1)
})

test('declines that test data asks for never open a breaker', async () => {
  simulators.control.setScript('first', { answer: 'decline', code: '96' })
  try {
    for (let i = 0; i < 8; i += 1) assert.deepEqual((await pay()).tried, [408, 409])
    await flushResults(world.ctx)
    assert.deepEqual((await pay()).tried, [408, 409])
  } finally {
    simulators.control.reset()
  }
})
