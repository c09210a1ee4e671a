/**
 * Token buckets that all processes share: one row of PostgreSQL per bucket, holding the moment when it is full again, changed by one
 * statement. For what a person does by hand; the merchant APIs' limits stay in memory (`http/rate-limit.ts`). The session library's own
 * limiter reads and then writes, so that tries at the same time pass it together, and it knows addresses only.
 */
import { createHmac, hkdfSync } from 'node:crypto'
import type { Context } from '../context.ts'
import { Problem } from '../http/problem.ts'
import { deleteFullBuckets, takeFromBucket } from './shared-limit-table.ts'

export type SharedLimit = {
  /** Takes one; 429 with Retry-After when nothing is left, which takes nothing. */
  readonly take: (whom: string) => Promise<void>
}

export type Bucket = { readonly count: number; readonly window_ms: number }

/** `count` at once, refilled evenly over the window. Lets everything pass in installations whose limits are switched off. */
export function createSharedLimit(
  ctx: Pick<Context, 'sql' | 'now' | 'config' | 'secrets'>,
  name: string,
  { count, window_ms }: Bucket,
): SharedLimit {
  if (!ctx.config.rate_limits) return { async take() {} }
  // Whole milliseconds, rounded down: `count` of them never exceed the window.
  const step_ms = Math.floor(window_ms / count)
  const key = Buffer.from(hkdfSync('sha256', ctx.secrets.dashboardKey, '', 'shared limits', 32))
  return {
    async take(whom) {
      const now = ctx.now()
      // People type passwords into the field of the e-mail: what is kept cannot be turned back.
      const bucket = `${name}:${createHmac('sha256', key).update(`${name}\n${whom}`).digest('base64url')}`
      const { isTaken, isNew, full_at } = await takeFromBucket(ctx.sql, { key: bucket, step_ms, window_ms, now })
      // Two go for each that comes, so that strangers' inventions cannot fill the table.
      if (isNew) await deleteFullBuckets(ctx.sql, now, 2)
      if (isTaken) return
      const wait_ms = Math.min((full_at ?? now).getTime() + step_ms - window_ms - now.getTime(), window_ms)
      throw new Problem(429, { headers: { 'retry-after': String(Math.max(1, Math.ceil(wait_ms / 1000))) } })
    },
  }
}
