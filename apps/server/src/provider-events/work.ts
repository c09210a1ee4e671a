/** The provider events' share of a worker: reading what was stored, forgetting what is old. */
import type { Context } from '../context.ts'
import { type RunningWork, runDueWork } from '../jobs/run-due-work.ts'
import { runPeriodically } from '../jobs/run-periodically.ts'
import { clearOldEvents } from './clear-old-events.ts'
import { handleEvent } from './handle-event.ts'
import { claimDueEvents } from './table.ts'

const lease_ms = 60_000
const clearing_schedule = '37 * * * *'

export function startProviderEventWork(ctx: Context): RunningWork[] {
  return [
    runDueWork({
      name: 'provider events',
      claim: (limit) => claimDueEvents(ctx.sql, ctx.now(), new Date(ctx.now().getTime() + lease_ms), limit),
      handle: (event) => handleEvent(ctx, event),
      concurrency: 16,
      idle_ms: 250,
      onFault: (error) => ctx.events.fault('provider event work', error),
    }),
    runPeriodically({
      schedule: clearing_schedule,
      round: (signal) => clearOldEvents(ctx, signal),
      onFault: (error) => ctx.events.fault('provider event clearing', error),
    }),
  ]
}
