/** Routing's share of a worker: results of gateways are thrown away once no window looks at them any more. */
import { Cron } from 'croner'
import type { Context } from '../context.ts'
import type { RunningWork } from '../jobs/run-due-work.ts'
import { deleteResults } from './health-table.ts'

const schedule = '0 */10 * * * *'
/** Longer than any breaker's window. */
const kept_ms = 2 * 3_600_000

export function startRoutingWork(ctx: Pick<Context, 'sql' | 'now' | 'events'>): RunningWork {
  let inHand: Promise<void> | null = null
  const run = (): void => {
    inHand ??= deleteResults(ctx.sql, new Date(ctx.now().getTime() - kept_ms))
      .catch((error: unknown) => ctx.events.fault('gateway results', error))
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
