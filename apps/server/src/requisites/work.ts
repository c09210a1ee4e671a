/** Requisites' share of a worker: questions and cancellations that are due; what is old is forgotten. */
import { clearOldCalls } from '../cascades/clear-old-calls.ts'
import { eraseRequisites } from '../cascades/erase-requisites.ts'
import type { Context } from '../context.ts'
import { type RunningWork, runDueWork } from '../jobs/run-due-work.ts'
import { runPeriodically } from '../jobs/run-periodically.ts'
import { followPayment } from './follow-payment.ts'
import { claimDue } from './table.ts'

/** Longer than a cancellation and a question together; a dead worker's payment is taken up after it. */
const lease_ms = 60_000
const concurrency = 32
const idle_ms = 250
const clearing_schedule = '41 3 * * *'

export function startRequisitesWork(ctx: Context): RunningWork[] {
  return [
    runDueWork({
      name: 'requisites',
      claim(limit) {
        const now = ctx.now()
        return claimDue(ctx.sql, now, new Date(now.getTime() + lease_ms), limit)
      },
      handle: (row) => followPayment(ctx, row),
      concurrency,
      idle_ms,
      onFault: (error) => ctx.events.fault('requisites work', error),
    }),
    runPeriodically({
      schedule: clearing_schedule,
      async round(signal) {
        await clearOldCalls(ctx, signal)
        await eraseRequisites(ctx, signal)
      },
      onFault: (error) => ctx.events.fault('requisites clearing', error),
    }),
  ]
}
