/** The Card API's share of a worker: forgetting what no rule asks for any more. */
import type { Context } from '../context.ts'
import type { RunningWork } from '../jobs/run-due-work.ts'
import { runPeriodically } from '../jobs/run-periodically.ts'
import { deleteForgotten } from './table.ts'

const schedule = '23 * * * *'
const step = 5_000

export function startCardApiWork(ctx: Context): RunningWork {
  return runPeriodically({
    schedule,
    round: (signal) => forgetRepeated(ctx, signal),
    onFault: (error) => ctx.events.fault('card api clearing', error),
  })
}

async function forgetRepeated(ctx: Context, signal: AbortSignal): Promise<void> {
  let gone = step
  while (gone > 0 && !signal.aborted) gone = await deleteForgotten(ctx.sql, ctx.now(), step)
}
