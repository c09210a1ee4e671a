import type { Context } from '../context.ts'
import type { RunningWork } from '../jobs/run-due-work.ts'
import { runPeriodically } from '../jobs/run-periodically.ts'
import { foldBalances } from './fold-balances.ts'

// Every 5 s: a fold costs the same for one transfer as for a thousand, so a longer pause is cheaper, and reads stay exact.
const schedule = '*/5 * * * * *'

/** The ledger's periodic chore: folding. A round that takes longer than the pause delays the next one. */
export function startLedgerWork(ctx: Pick<Context, 'sql' | 'now' | 'events'>): RunningWork {
  return runPeriodically({
    schedule,
    async round(signal) {
      await foldBalances(ctx, signal)
    },
    onFault: (error) => ctx.events.fault('ledger.fold', error),
  })
}
