/** The appeals' share of a worker: clocks, what providers are told, and old files. */
import type { Context } from '../context.ts'
import { type RunningWork, runDueWork } from '../jobs/run-due-work.ts'
import { runPeriodically } from '../jobs/run-periodically.ts'
import { advanceAppeal } from './advance-appeal.ts'
import { lease_ms } from './call-provider.ts'
import { deleteOldReceipts } from './delete-old-receipts.ts'
import { claimDueAppeals } from './table.ts'

const concurrency = 8
const idle_ms = 1_000
const deleting_schedule = '23 4 * * *'

export function startAppealWork(ctx: Context): RunningWork[] {
  return [
    runDueWork({
      name: 'appeals',
      claim: (limit) => {
        const now = ctx.now()
        return claimDueAppeals(ctx.sql, { now, leased_until: new Date(now.getTime() + lease_ms), limit })
      },
      handle: (appeal) => advanceAppeal(ctx, appeal),
      concurrency,
      idle_ms,
      onFault: (error) => ctx.events.fault('appeal work', error),
    }),
    runPeriodically({
      schedule: deleting_schedule,
      round: (signal) => deleteOldReceipts(ctx, signal),
      onFault: (error) => ctx.events.fault('receipt deletion', error),
    }),
  ]
}
