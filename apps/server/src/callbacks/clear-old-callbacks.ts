import type { Context } from '../context.ts'
import { clearOldBodies, deleteOldAttempts } from './table.ts'

const retention_days = 14
const day_ms = 86_400_000
const batch = 1000

/**
 * Forgets bodies and attempts past the retention time; events stay, because the logs of their payments show them. Begins at
 * `since`, and returns from where the next round may begin. Source: merchant API contract, 16.4.
 */
export async function clearOldCallbacks(
  ctx: Pick<Context, 'sql' | 'now'>,
  since: Date,
  signal: AbortSignal,
): Promise<Date> {
  const before = new Date(ctx.now().getTime() - retention_days * day_ms)
  for (const clear of [clearOldBodies, deleteOldAttempts]) {
    let cleared = batch
    while (cleared === batch) {
      if (signal.aborted) return since
      cleared = await clear(ctx.sql, { since, before, limit: batch })
    }
  }
  return before
}
