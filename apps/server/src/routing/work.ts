/** Routing's share of a worker: counts are thrown away once no window looks at them any more. */
import type { Context } from '../context.ts'
import type { RunningWork } from '../jobs/run-due-work.ts'
import { runPeriodically } from '../jobs/run-periodically.ts'
import { deleteResults } from './health-table.ts'
import { deleteCounts } from './statistics-table.ts'

const schedule = '0 */10 * * * *'
/** Longer than any breaker's window. */
const resultsKept_ms = 2 * 3_600_000
/** Longer than the 24 hours of strategy conversion. */
const countsKept_ms = 48 * 3_600_000

export function startRoutingWork(ctx: Pick<Context, 'sql' | 'now' | 'events'>): RunningWork {
  return runPeriodically({
    schedule,
    async round() {
      const now = ctx.now().getTime()
      await deleteResults(ctx.sql, new Date(now - resultsKept_ms))
      await deleteCounts(ctx.sql, new Date(now - countsKept_ms))
    },
    onFault: (error) => ctx.events.fault('old gateway counts', error),
  })
}
