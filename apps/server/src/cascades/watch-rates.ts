import type { Context } from '../context.ts'
import { mailRateNews } from './mail-rates.ts'
import { changeStale, type StaleChange } from './rate-feed-table.ts'
import { fresh_ms } from './reference-rate.ts'

/**
 * Looks whether every pair of every feed has a fresh rate. That one has none any more is told once, however many processes look, and
 * once that it has one again; operators by mail in the same commit. Cascade API, section 10.
 */
export async function watchRates(ctx: Pick<Context, 'sql' | 'now' | 'events' | 'config'>): Promise<StaleChange[]> {
  const fresh_since = new Date(ctx.now().getTime() - fresh_ms)
  const changes = await ctx.sql.begin(async (tx) => {
    const found = await changeStale(tx, fresh_since)
    const news = found.map(({ stale, ...facts }) => ({ ...facts, alarm: stale ? 'stale' : 'back' }) as const)
    await mailRateNews(ctx, tx, news)
    return found
  })
  for (const { stale, ...facts } of changes)
    ctx.events.alarm(stale ? 'reference rate stale' : 'reference rate is back', facts)
  return changes
}
