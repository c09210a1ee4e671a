/** The share of a worker in reference rates: asking where they come from, and telling when one is missing. */
import type { Context } from '../context.ts'
import { type RunningWork, runDueWork } from '../jobs/run-due-work.ts'
import { runPeriodically } from '../jobs/run-periodically.ts'
import { askRateFeed, claimRateFeeds } from './ask-rate-feed.ts'
import { watchRates } from './watch-rates.ts'

const watch_schedule = '7-59/15 * * * * *'

export function startRateFeedWork(ctx: Context): RunningWork[] {
  return [
    runDueWork({
      name: 'rate feeds',
      claim: (limit) => claimRateFeeds(ctx, limit),
      async handle(feed) {
        await askRateFeed(ctx, feed)
      },
      concurrency: 4,
      idle_ms: 2000,
      onFault: (error) => ctx.events.fault('rate feeds', error),
    }),
    runPeriodically({
      schedule: watch_schedule,
      async round() {
        await watchRates(ctx)
      },
      onFault: (error) => ctx.events.fault('rates.watch', error),
    }),
  ]
}
