import type { Context } from '../context.ts'
import { changeStale, type StaleChange } from './rate-feed-table.ts'
import { fresh_ms } from './reference-rate.ts'

/**
 * Looks whether every pair of every feed has a fresh rate. That one has none any more is told once, however many processes look, and
 * once that it has one again. Cascade API, section 10.
 */
export async function watchRates(ctx: Pick<Context, 'sql' | 'now' | 'events'>): Promise<StaleChange[]> {
  const changes = await changeStale(ctx.sql, new Date(ctx.now().getTime() - fresh_ms))
  for (const { stale, ...facts } of changes)
    ctx.events.alarm(stale ? 'reference rate stale' : 'reference rate is back', facts)
  return changes
}
