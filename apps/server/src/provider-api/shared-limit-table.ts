/** SQL of shared_limits. */
import type { Sql } from '../database/connect.ts'

export type Take = {
  readonly key: string
  /** In which one is refilled. */
  readonly step_ms: number
  readonly window_ms: number
  readonly now: Date
}

/**
 * One out of a bucket, if there is one left; `full_at` as it was before. Clears away two buckets that are full, whosever they are, so
 * that strangers' inventions cannot fill the table.
 */
export async function takeFromBucket(
  sql: Sql,
  { key, step_ms, window_ms, now }: Take,
): Promise<{ readonly isTaken: boolean; readonly full_at: Date | null }> {
  const step = sql`make_interval(secs => ${step_ms / 1000}::float8)`
  const [row] = await sql<{ isTaken: boolean; full_at: Date | null }[]>`
    with cleared as (
      delete from shared_limits where key in (
        select key from shared_limits where full_at < ${now} and key <> ${key} order by full_at limit 2 for update skip locked)
    ), taken as (
      insert into shared_limits as bucket (key, full_at) values (${key}, ${now}::timestamptz + ${step})
      on conflict (key) do update set full_at = greatest(bucket.full_at, ${now}) + ${step}
        where greatest(bucket.full_at, ${now}) + ${step} <= ${now}::timestamptz + make_interval(secs => ${window_ms / 1000}::float8)
      returning key
    )
    select exists (select from taken) as "isTaken", (select full_at from shared_limits where key = ${key}) as full_at`
  return row!
}
