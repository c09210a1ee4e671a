/** SQL of shared_limits. */
import type { Sql } from '../database/connect.ts'

export type Take = {
  readonly key: string
  /** In which one is refilled. */
  readonly step_ms: number
  readonly window_ms: number
  readonly now: Date
}

/** One out of a bucket, if there is one left; `full_at` as it was before. `isNew` = there was no row of it. */
export async function takeFromBucket(
  sql: Sql,
  { key, step_ms, window_ms, now }: Take,
): Promise<{ readonly isTaken: boolean; readonly isNew: boolean; readonly full_at: Date | null }> {
  const step = sql`make_interval(secs => ${step_ms / 1000}::float8)`
  const [row] = await sql<{ isTaken: boolean; isNew: boolean; full_at: Date | null }[]>`
    with taken as (
      insert into shared_limits as bucket (key, full_at) values (${key}, ${now}::timestamptz + ${step})
      on conflict (key) do update set full_at = greatest(bucket.full_at, ${now}) + ${step}
        where greatest(bucket.full_at, ${now}) + ${step} <= ${now}::timestamptz + make_interval(secs => ${window_ms / 1000}::float8)
      returning bucket.xmax = 0 as is_new
    )
    select exists (select from taken) as "isTaken", coalesce((select is_new from taken), false) as "isNew",
      (select full_at from shared_limits where key = ${key}) as full_at`
  return row!
}

/**
 * Clears away a few buckets that are full, whosever they are. A statement of its own: one that also took from a bucket could wait for
 * another that waits for it.
 */
export async function deleteFullBuckets(sql: Sql, now: Date, limit: number): Promise<void> {
  await sql`
    delete from shared_limits where key in (
      select key from shared_limits where full_at < ${now} order by full_at limit ${limit} for update skip locked)`
}
