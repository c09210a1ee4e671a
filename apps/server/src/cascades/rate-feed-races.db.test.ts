/** Several workers on one database: one of them asks, and each piece of news is told once. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { until } from '../../../../tests/product/time.ts'
import { connect } from '../database/connect.ts'
import { claimRateFeeds } from './ask-rate-feed.ts'
import { startRateFeedWork } from './rate-feed-work.ts'
import { selectRate } from './rate-table.ts'
import { askDue, feedAt, feedWorld, roubles } from './sample-feeds.ts'
import { stopRateFeed } from './stop-rate-feed.ts'
import { watchRates } from './watch-rates.ts'

let world: Awaited<ReturnType<typeof feedWorld>>
before(async () => {
  world = await feedWorld()
})
beforeEach(() => world.reset())
after(() => world.close())

const ours = (changes: Parameters<typeof feedAt>[1] = {}) =>
  feedAt(`${world.source.url}/rates`, { time_pointer: null, ...changes })
const isFree = async (): Promise<boolean> => {
  const rows = await world.ctx.sql`select 1 from rate_feeds where leased_until is not null or due_at <= ${world.now()}`
  return rows.length === 0
}

test('of many who find a feed due, one asks', async () => {
  world.source.says('{"rates":{"RUB":84.6}}')
  await world.register(ours())
  for (let times = 1; times <= 20; times += 1) {
    world.pass(60)
    await Promise.all(Array.from({ length: 6 }, () => askDue(world.ctx)))
    assert.equal(world.source.asked.length, times)
  }
})

test('who waited for a claim while another asked finds nothing due any more', async () => {
  await world.register(ours())
  world.pass(60)
  const other = connect(world.database_url, { connections_max: 1, application_name: 'cascad-test' })
  try {
    let claimed: ReturnType<typeof claimRateFeeds> | undefined
    await other.begin(async (tx) => {
      // Another claims, asks, and has it done by now: a minute from now it is due again.
      const later = new Date(world.now().getTime() + 60_000)
      await tx`update rate_feeds set due_at = ${later}`
      claimed = claimRateFeeds(world.ctx, 10)
      await until('the claim waits', async () => {
        const rows = await world.ctx.sql`
          select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%rate_feeds%'`
        return rows.length === 1
      })
    })
    assert.equal((await claimed)?.length, 0)
  } finally {
    await other.end({ timeout: 1 })
  }
})

test('two workers ask once each time it is due, and stop with nothing in hand', async () => {
  world.source.says('{"rates":{"RUB":84.6}}')
  await world.register(ours())
  const work = [...startRateFeedWork(world.ctx), ...startRateFeedWork(world.ctx)]
  try {
    for (let times = 1; times <= 5; times += 1) {
      world.pass(60)
      for (const one of work) one.wake()
      await until(
        `the feed was asked ${times} times`,
        async () => world.source.asked.length >= times && (await isFree()),
      )
    }
  } finally {
    await Promise.all(work.map((one) => one.stop()))
  }
  assert.equal(world.source.asked.length, 5)
  assert.equal((await selectRate(world.ctx.sql, { source: 'market', ...roubles }))?.rate, '84.6')
})

test('of many who look, one tells that a rate is missing, and one that it is back', async () => {
  const pairs = ['RUB', 'EUR', 'USD', 'UAH'].map((to) => ({ from: 'USDT', to }))
  await world.register(ours({ pairs }))
  for (let times = 0; times < 5; times += 1) {
    for (const [text, isStale] of [
      ['{}', true],
      ['{"rates":{"RUB":84.6,"EUR":0.86,"USD":1,"UAH":41.8}}', false],
    ] as const) {
      world.source.says(text)
      await world.round(601)
      const told = (await Promise.all(Array.from({ length: 6 }, () => watchRates(world.ctx)))).flat()
      assert.deepEqual(
        told.map(({ to, stale }) => `${to} ${stale}`).sort(),
        pairs.map(({ to }) => `${to} ${isStale}`).sort(),
      )
    }
  }
})

test('asking, watching, registering and switching off at once never stop each other', async () => {
  const pairs = ['RUB', 'EUR', 'USD', 'UAH'].map((to) => ({ from: 'USDT', to }))
  world.source.says('{"rates":{"RUB":84.6,"EUR":0.86,"USD":1,"UAH":41.8}}')
  await world.register(ours({ pairs }))
  for (let times = 0; times < 15; times += 1) {
    world.pass(700)
    await Promise.all([
      askDue(world.ctx),
      watchRates(world.ctx),
      world.register(ours({ pairs: times % 2 === 0 ? pairs.slice(1) : pairs })),
      askDue(world.ctx),
      watchRates(world.ctx),
      ...(times % 3 === 0 ? [stopRateFeed(world.ctx, 'market')] : []),
    ])
  }
  await world.register(ours({ pairs }))
  await world.round()
  assert.deepEqual(
    (await world.viewOf('market')).pairs.map(({ to, rate, error }) => [to, rate, error]),
    [
      ['EUR', '0.86', null],
      ['RUB', '84.6', null],
      ['UAH', '41.8', null],
      ['USD', '1', null],
    ],
  )
})
