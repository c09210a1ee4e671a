/** The callbacks' share of a worker: delivering what is due, forgetting what is old. */
import type { Context } from '../context.ts'
import type { RunningWork } from '../jobs/run-due-work.ts'
import { runPeriodically } from '../jobs/run-periodically.ts'
import { clearOldCallbacks } from './clear-old-callbacks.ts'
import { deliverDue } from './deliver-due.ts'

const clearing_schedule = '17 * * * *'

export function startCallbackWork(ctx: Context): RunningWork[] {
  // The first round looks at everything, the others at what has grown old since.
  let cleared_until = new Date(0)
  return [
    deliverDue(ctx),
    runPeriodically({
      schedule: clearing_schedule,
      async round(signal) {
        cleared_until = await clearOldCallbacks(ctx, cleared_until, signal)
      },
      onFault: (error) => ctx.events.fault('callback clearing', error),
    }),
  ]
}
