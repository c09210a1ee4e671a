/** SQL of the counts that strategy conversion orders by. */
import type { Database } from '../database/connect.ts'

export type CountLine = {
  readonly gateway_id: number
  readonly method: string
  readonly currency: string
  /** Empty = no card, or not known. */
  readonly brand: string
  readonly issuer_country: string
  /** ISO time of its beginning. */
  readonly hour: string
  readonly approved: number
  readonly counted: number
}

/** Adds to the hours. The lines are taken in the order of the key, so that two processes never wait for each other in a circle. */
export async function addCounts(sql: Database, lines: readonly CountLine[]): Promise<void> {
  await sql`
    insert into route_counts as old (gateway_id, method, currency, brand, issuer_country, hour, approved, counted)
    select gateway_id, method, currency, brand, issuer_country, hour, approved, counted
    from json_to_recordset(${JSON.stringify(lines)}::json) as line (gateway_id integer, method text, currency text, brand text,
      issuer_country text, hour timestamptz, approved integer, counted integer)
    order by hour, gateway_id, method collate "C", currency collate "C", brand collate "C", issuer_country collate "C"
    on conflict (hour, gateway_id, method, currency, brand, issuer_country)
      do update set approved = old.approved + excluded.approved, counted = old.counted + excluded.counted`
}

/** Sums of the hours from this one on. */
export async function sumCounts(sql: Database, from: Date): Promise<readonly Omit<CountLine, 'hour'>[]> {
  return sql<Omit<CountLine, 'hour'>[]>`
    select gateway_id, method, currency, brand, issuer_country, sum(approved)::integer as approved, sum(counted)::integer as counted
    from route_counts where hour >= ${from} group by gateway_id, method, currency, brand, issuer_country`
}

export async function deleteCounts(sql: Database, before: Date): Promise<void> {
  await sql`delete from route_counts where hour < ${before}`
}
