/** SQL of provider_calls. */
import type { Database } from '../database/connect.ts'

/** A call as it is kept: bodies masked. */
export type ProviderCall = {
  readonly id: string
  readonly provider_id: string
  readonly gateway_id: number
  /** `null` = a test of the endpoint. */
  readonly attempt_id: string | null
  /** Name of the event, such as `CREATE_PAYMENT`. */
  readonly event: string
  readonly at: Date
  readonly ms: number
  /** `null` = no answer. */
  readonly http_status: number | null
  /** JSON text. */
  readonly request: string
  readonly answer: string | null
  /** What we understood. */
  readonly reading: string
}

export async function insertCalls(sql: Database, calls: readonly ProviderCall[]): Promise<void> {
  await sql`insert into provider_calls ${sql([...calls])}`
}

/** Oldest first. */
export async function selectCalls(sql: Database, attempt_id: string, limit: number): Promise<ProviderCall[]> {
  return sql<ProviderCall[]>`
    select id, provider_id, gateway_id, attempt_id, event, at, ms, http_status, request::text as request, answer, reading
    from provider_calls where attempt_id = ${attempt_id} order by at, id limit ${limit}`
}

/** How many were deleted; fewer than `limit` = none is left. */
export async function deleteCalls(sql: Database, before: Date, limit: number): Promise<number> {
  const { count } = await sql`
    delete from provider_calls where id in (select id from provider_calls where at < ${before} limit ${limit})`
  return count
}
