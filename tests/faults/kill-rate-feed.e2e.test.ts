/** A worker that dies between the answer of a source of rates and its own commit: nothing is half done, and the next one asks. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { selectRate } from '../../apps/server/src/cascades/rate-table.ts'
import { feedAt, openSource, roubles, type Source } from '../../apps/server/src/cascades/sample-feeds.ts'
import { saveProviderRate } from '../../apps/server/src/cascades/save-rate.ts'
import { saveRateFeed } from '../../apps/server/src/cascades/save-rate-feed.ts'
import { until } from '../product/time.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
let source: Source
before(async () => {
  stage = await openStage()
  source = await openSource()
})
after(async () => {
  await source.close()
  await stage.close()
})

const kept = async (): Promise<string | undefined> =>
  (await selectRate(stage.sql, { source: 'market', ...roubles }))?.rate

for (const statements of ['undone', 'finished'] as const) {
  test(`killed before the commit, its statements ${statements}: the rate is as it was until the next worker has asked`, async () => {
    const { ctx } = stage.product
    source.says('{"rates":{"RUB":84.75}}')
    source.asked.length = 0
    const before = new Date(Date.now() - 60_000)
    await stage.sql`delete from provider_rates`
    assert.equal(await saveProviderRate(ctx, { source: 'market', ...roubles, rate: '84', as_of: before }), null)
    const door = await stage.hold((tx) => tx`select 1 from provider_rates where source = 'market' for update`)
    const feed = feedAt(source.url, { time_pointer: null, interval_s: 300 })
    assert.equal(await saveRateFeed(ctx, feed, 'operator'), null)
    await door.someoneWaits('worker')
    assert.equal(source.asked.length, 1)
    await stage.kill(stage.worker, statements, door)
    assert.equal(await kept(), '84')
    const [left] = await stage.sql`
      select leased_until is not null as leased, asked_at from rate_feeds join rate_feed_pairs using (source)`
    assert.deepEqual({ ...left }, { leased: true, asked_at: null })
    // As when the lease has run out.
    await stage.sql`update rate_feeds set leased_until = null`
    await stage.restart(stage.worker)
    await until('the next worker has kept the rate', async () => (await kept()) === '84.75')
    assert.equal(source.asked.length, 2)
    await stage.assertSound()
  })
}
