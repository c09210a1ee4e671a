import type { Context } from '../context.ts'
import { type RunningWork, runDueWork } from '../jobs/run-due-work.ts'
import { handleEvent } from './handle-event.ts'
import { claimDueEvents } from './table.ts'

const lease_ms = 60_000

/** The worker that reads stored provider events. */
export function startProviderEventWork(ctx: Context): RunningWork {
  return runDueWork({
    name: 'provider events',
    claim: (limit) => claimDueEvents(ctx.sql, ctx.now(), new Date(ctx.now().getTime() + lease_ms), limit),
    handle: (event) => handleEvent(ctx, event),
    concurrency: 16,
    idle_ms: 250,
    onFault: (error) => ctx.events.fault('provider event work', error),
  })
}
