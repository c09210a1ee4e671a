/** From the source of rates to the payer: what a feed tells is what providers are told, and without it they are not asked. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { demoProviders } from '../../apps/server/demo/providers.ts'
import { listProviderPaymentsOf } from '../../apps/server/src/cascades/find-provider-payment.ts'
import { startRateFeedWork } from '../../apps/server/src/cascades/rate-feed-work.ts'
import { readSkips } from '../../apps/server/src/cascades/read-skips.ts'
import { feedAt, openSource, type Source } from '../../apps/server/src/cascades/sample-feeds.ts'
import { saveRateFeed } from '../../apps/server/src/cascades/save-rate-feed.ts'
import type { RunningWork } from '../../apps/server/src/jobs/run-due-work.ts'
import type { State } from '../../apps/server/src/payments/find-payment.ts'
import { type RequisitesWorld, requisitesWorld } from '../../apps/server/src/payments/sample-requisites.ts'
import { until } from '../product/time.ts'

let world: RequisitesWorld
let source: Source
let work: RunningWork[] = []
before(async () => {
  world = await requisitesWorld()
  source = await openSource()
  await world.ctx.sql`update provider_connections set rate_source = 'market'`
  work = startRateFeedWork(world.ctx)
})
beforeEach(() => world.reset())
after(async () => {
  await Promise.all(work.map((one) => one.stop()))
  await source.close()
  await world.close()
})

/** The feed is asked once more. When it begins and when it ends, no question is under way, and none is due for minutes. */
async function ask(): Promise<void> {
  const { sql } = world.ctx
  await until('no question is under way', async () => {
    const rows = await sql`select 1 from rate_feeds where leased_until is null and due_at > now()`
    return rows.length === 1
  })
  await sql`update rate_feed_pairs set asked_at = null`
  await sql`update rate_feeds set due_at = now()`
  for (const one of work) one.wake()
  await until('the feed was asked', async () => {
    const rows = await sql`select 1 from rate_feed_pairs where asked_at is not null`
    return rows.length === 1
  })
}

/** How often the connection was left out for want of a fresh rate. */
async function missed({ id, test_gateway_id }: (typeof demoProviders)[number]): Promise<number> {
  const { counts } = await readSkips(world.ctx, id, true)
  return counts.find((one) => one.gateway_id === test_gateway_id && one.reason === 'rate_stale')?.payments ?? 0
}

const rateOf = async (state: State): Promise<string | undefined> =>
  (await listProviderPaymentsOf(world.ctx.sql, state.payment.account_id, state.payment.id))[0]?.rate
const connectorsOf = ({ attempts }: State): string[] => attempts.map(({ connector }) => connector)
const asked = (): number => world.desks.payments('volga').length + world.desks.payments('neva').length

test('providers are asked at the rate of the feed while it is fresh, and not at all while it is missing', async () => {
  const { ctx } = world
  for (const desk of ['volga', 'neva'] as const) await world.setAvailable(desk, 1_000_000_000n)
  source.does((response) => void response.writeHead(503).end())
  const feed = feedAt(source.url, { time_pointer: null, interval_s: 300 })
  assert.equal(await saveRateFeed(ctx, feed, 'operator'), null)
  await ask()
  for (const [round, { rate, sent }] of [
    { rate: '90', sent: '90.9' },
    { rate: '90.1234', sent: '91.0246' },
  ].entries()) {
    const before = asked()
    const without = await world.search('3900')
    assert.deepEqual([connectorsOf(without), asked() - before], [['redirect'], 0])
    for (const provider of demoProviders) assert.equal(await missed(provider), round + 1, provider.name)
    source.says(`{"rates":{"RUB":${rate}}}`)
    await ask()
    const given = await world.search('3900')
    assert.deepEqual([connectorsOf(given), await rateOf(given)], [['cascade'], sent])
    // The source is gone, and more than ten minutes go by.
    source.does((response) => void response.writeHead(503).end())
    await ask()
    const [kept] = await ctx.sql`select trim_scale(rate)::text as rate from provider_rates where source = 'market'`
    assert.equal(kept?.rate, rate)
    await ctx.sql`update provider_rates set as_of = as_of - interval '601 seconds' where source = 'market'`
  }
})
