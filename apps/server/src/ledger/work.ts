import { Cron } from 'croner'
import type { Context } from '../context.ts'
import type { RunningWork } from '../jobs/run-due-work.ts'
import { foldBalances } from './fold-balances.ts'

// Every 5 s: a fold costs the same for one transfer as for a thousand, so a longer pause is cheaper, and reads stay exact.
const schedule = '*/5 * * * * *'

/** The ledger's periodic chore: folding. A round that takes longer than the pause delays the next one. */
export function startLedgerWork(ctx: Pick<Context, 'sql' | 'now' | 'events'>): RunningWork {
  const stopping = new AbortController()
  let inHand: Promise<void> | null = null
  const run = (): void => {
    if (inHand || stopping.signal.aborted) return
    inHand = foldBalances(ctx, stopping.signal)
      .then(
        () => {},
        (error: unknown) => ctx.events.fault('ledger.fold', error),
      )
      .finally(() => {
        inHand = null
      })
  }
  const job = new Cron(schedule, run)
  return {
    async stop() {
      job.stop()
      stopping.abort()
      await inHand
    },
    wake: run,
  }
}
