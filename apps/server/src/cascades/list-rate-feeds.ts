import type { Context } from '../context.ts'
import type { FeedView } from './rate-feed.ts'
import { selectFeeds } from './rate-feed-table.ts'

/** By source, with those that are off. */
export async function listRateFeeds(ctx: Pick<Context, 'sql'>): Promise<FeedView[]> {
  return selectFeeds(ctx.sql)
}
