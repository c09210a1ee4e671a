import type { Context } from '../context.ts'
import type { RunningWork } from '../jobs/run-due-work.ts'
import { runPeriodically } from '../jobs/run-periodically.ts'

const schedule = '23 * * * *'

/** Forgets changes that no process needs any more: nobody keeps settings for a day. By the clock that wrote them. */
export function startClearingSettingsChanges(ctx: Pick<Context, 'sql' | 'events'>): RunningWork {
  return runPeriodically({
    schedule,
    async round() {
      await ctx.sql`delete from settings_changes where changed_at < now() - interval '1 day'`
    },
    onFault: (error) => ctx.events.fault('old settings changes', error),
  })
}
