import type { Context } from '../context.ts'
import { firstIdAt } from '../ids.ts'
import { deleteOldEvents } from './table.ts'

/** Long enough to look into a payment that somebody complains of; what came of the news stands with its attempt for good. */
const retention_days = 30
const day_ms = 86_400_000
const batch = 1000

/**
 * Forgets events past the retention time, whatever became of them; one that still waits to be read stays. Anybody may send
 * events, so without an end to their time the table would be for strangers to fill.
 */
export async function clearOldEvents(ctx: Pick<Context, 'sql' | 'now'>, signal: AbortSignal): Promise<void> {
  const before = firstIdAt('provider_event', new Date(ctx.now().getTime() - retention_days * day_ms))
  let deleted = batch
  while (deleted === batch && !signal.aborted) deleted = await deleteOldEvents(ctx.sql, before, batch)
}
