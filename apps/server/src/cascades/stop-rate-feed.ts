import type { Context } from '../context.ts'
import { switchFeedOff } from './rate-feed-table.ts'

/** Asks the source no more; its last rates are used until they are stale. `false` = there is no such feed, or it was off before. */
export async function stopRateFeed(ctx: Pick<Context, 'sql'>, source: string): Promise<boolean> {
  return switchFeedOff(ctx.sql, source)
}
