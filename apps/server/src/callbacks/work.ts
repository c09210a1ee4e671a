/** The callbacks' share of a worker: delivering what is due, forgetting what is old. */
import { Cron } from 'croner'
import type { Context } from '../context.ts'
import type { RunningWork } from '../jobs/run-due-work.ts'
import { clearOldCallbacks } from './clear-old-callbacks.ts'
import { deliverDue } from './deliver-due.ts'

const clearing_schedule = '17 * * * *'

export function startCallbackWork(ctx: Context): RunningWork {
  const delivering = deliverDue(ctx)
  const stopping = new AbortController()
  // The first round looks at everything, the others at what has grown old since.
  let cleared_until = new Date(0)
  let clearing: Promise<void> | null = null
  const clear = (): void => {
    clearing ??= clearOldCallbacks(ctx, cleared_until, stopping.signal)
      .then((until) => {
        cleared_until = until
      })
      .catch((error: unknown) => ctx.events.fault('callback clearing', error))
      .finally(() => {
        clearing = null
      })
  }
  const job = new Cron(clearing_schedule, clear)
  return {
    async stop() {
      job.stop()
      stopping.abort()
      await Promise.all([delivering.stop(), clearing])
    },
    wake: delivering.wake,
  }
}
