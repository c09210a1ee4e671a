/** SQL of connection_skips. */
import type { Database } from '../database/connect.ts'

export type SkipLine = {
  readonly gateway_id: number
  readonly reason: string
  /** ISO time of a whole hour. */
  readonly hour: string
  readonly payments: number
}

/** Adds to what is counted; rows in one order, so that two processes never wait for each other in a circle. */
export async function addSkips(sql: Database, lines: readonly SkipLine[]): Promise<void> {
  await sql`
    insert into connection_skips (gateway_id, reason, hour, payments)
    select gateway_id, reason, hour, payments from json_to_recordset(${JSON.stringify(lines)}::json)
      as line (gateway_id integer, reason text, hour timestamptz, payments integer)
    order by gateway_id, reason, hour
    on conflict (gateway_id, reason, hour) do update set payments = connection_skips.payments + excluded.payments`
}

export type SkipCount = { readonly gateway_id: number; readonly reason: string; readonly payments: number }

/** By gateway and reason, of hours from `since` on; most frequent first. */
export async function sumSkips(sql: Database, gateway_ids: readonly number[], since: Date): Promise<SkipCount[]> {
  return sql<SkipCount[]>`
    select gateway_id, reason, sum(payments)::integer as payments from connection_skips
    where gateway_id = any (${[...gateway_ids]}) and hour >= ${since}
    group by gateway_id, reason order by payments desc, gateway_id, reason`
}

/** Forgets what these connections were left out for before that. */
export async function deleteSkips(sql: Database, gateway_ids: readonly number[], before: Date): Promise<void> {
  await sql`delete from connection_skips where gateway_id = any (${[...gateway_ids]}) and hour < ${before}`
}
