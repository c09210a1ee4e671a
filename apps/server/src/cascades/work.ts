import type { Context } from '../context.ts'
import type { RunningWork } from '../jobs/run-due-work.ts'
import { runPeriodically } from '../jobs/run-periodically.ts'
import { watchBalances } from './watch-balances.ts'

const schedule = '*/15 * * * * *'

/** The chore of providers: watching their balances. */
export function startCascadeWork(ctx: Pick<Context, 'sql' | 'now' | 'events' | 'config'>): RunningWork {
  return runPeriodically({
    schedule,
    async round(signal) {
      await watchBalances(ctx, signal)
    },
    onFault: (error) => ctx.events.fault('cascades.watch', error),
  })
}
