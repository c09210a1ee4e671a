/** Routing's share of a worker: counts are thrown away once no window looks at them any more. */
import { Cron } from 'croner'
import type { Context } from '../context.ts'
import type { RunningWork } from '../jobs/run-due-work.ts'
import { deleteResults } from './health-table.ts'
import { deleteCounts } from './statistics-table.ts'

const schedule = '0 */10 * * * *'
/** Longer than any breaker's window. */
const resultsKept_ms = 2 * 3_600_000
/** Longer than the 24 hours of strategy conversion. */
const countsKept_ms = 48 * 3_600_000

export function startRoutingWork(ctx: Pick<Context, 'sql' | 'now' | 'events'>): RunningWork {
  let inHand: Promise<void> | null = null
  const run = (): void => {
    inHand ??= tidy(ctx)
      .catch((error: unknown) => ctx.events.fault('old gateway counts', error))
      .finally(() => {
        inHand = null
      })
  }
  const job = new Cron(schedule, run)
  return {
    async stop() {
      job.stop()
      await inHand
    },
    wake: run,
  }
}

async function tidy(ctx: Pick<Context, 'sql' | 'now'>): Promise<void> {
  const now = ctx.now().getTime()
  await deleteResults(ctx.sql, new Date(now - resultsKept_ms))
  await deleteCounts(ctx.sql, new Date(now - countsKept_ms))
}
