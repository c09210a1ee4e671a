/** A chore that comes round by the clock. Rounds of one process never overlap: a time that comes during a round is passed over. */
import { Cron } from 'croner'
import type { RunningWork } from './run-due-work.ts'

export type PeriodicWork = {
  /** In cron's form, with seconds or without; UTC. */
  readonly schedule: string
  /** One round, in bounded steps; begins no further step once the signal has come. */
  readonly round: (signal: AbortSignal) => Promise<void>
  readonly onFault: (error: unknown) => void
}

/** Starts the chore. `wake` runs a round now; `stop` begins no more and resolves when the round in hand has ended. */
export function runPeriodically(work: PeriodicWork): RunningWork {
  const stopping = new AbortController()
  let inHand: Promise<void> | null = null
  const run = (): void => {
    if (inHand || stopping.signal.aborted) return
    inHand = work
      .round(stopping.signal)
      .catch(work.onFault)
      .finally(() => {
        inHand = null
      })
  }
  const job = new Cron(work.schedule, { timezone: 'UTC' }, run)
  return {
    async stop() {
      job.stop()
      stopping.abort()
      await inHand
    },
    wake: run,
  }
}
