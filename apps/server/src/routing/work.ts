/** Routing's share of a worker: counts are thrown away once no window looks at them any more. */
import type { Context } from '../context.ts'
import type { RunningWork } from '../jobs/run-due-work.ts'
import { runPeriodically } from '../jobs/run-periodically.ts'
import { deleteResults } from './health-table.ts'
import { deleteOldCounts } from './network-table.ts'
import { deleteCounts } from './statistics-table.ts'

const schedule = '0 */10 * * * *'
/** Longer than any breaker's window. */
const resultsKept_ms = 2 * 3_600_000
/** Longer than the 24 hours of strategy conversion. */
const countsKept_ms = 48 * 3_600_000
/** Longer than the 30 days of the longest ceiling. */
const cardsKept_ms = 31 * 24 * 3_600_000
/** Attempts that count for nothing: longer than any decision takes. What a worker that was away missed goes with the rest. */
const freeKept_ms = 3_600_000
const freeSwept_ms = 24 * 3_600_000

export function startRoutingWork(ctx: Pick<Context, 'sql' | 'now' | 'events'>): RunningWork {
  return runPeriodically({
    schedule,
    async round() {
      const now = ctx.now().getTime()
      await deleteResults(ctx.sql, new Date(now - resultsKept_ms))
      await deleteCounts(ctx.sql, new Date(now - countsKept_ms))
      const free = { from: new Date(now - freeSwept_ms), before: new Date(now - freeKept_ms) }
      await deleteOldCounts(ctx.sql, new Date(now - cardsKept_ms), free)
    },
    onFault: (error) => ctx.events.fault('old gateway counts', error),
  })
}
