/** SQL of gateway results and breakers. */
import type { Database } from '../database/connect.ts'
import type { Breaker } from './rules/breaker.ts'

export type BreakerId = { readonly gateway_id: number; readonly method: string }

export type BreakerRow = Breaker & BreakerId & { readonly version: number; readonly changed_at: Date }

const columns = [
  'gateway_id',
  'method',
  'version',
  'state',
  'open_until',
  'pause_s',
  'healthy_probes',
  'probe_at',
  'probe_by',
  'probe_until',
  'counted_from',
  'changed_at',
] as const

/** All that have ever been open: a few rows. */
export async function selectBreakers(sql: Database): Promise<readonly BreakerRow[]> {
  return sql<BreakerRow[]>`select ${sql([...columns])} from gateway_breakers`
}

export async function selectBreaker(sql: Database, { gateway_id, method }: BreakerId): Promise<BreakerRow | null> {
  const [row] = await sql<BreakerRow[]>`
    select ${sql([...columns])} from gateway_breakers where gateway_id = ${gateway_id} and method = ${method}`
  return row ?? null
}

/**
 * Writes the breaker over the version that was read (0 = there was none), and the change of its state if it is one.
 * `false`: somebody else was faster, nothing was written.
 */
export async function writeBreaker(
  sql: Database,
  { gateway_id, method }: BreakerId,
  before: Breaker & { readonly version: number },
  breaker: Breaker,
  changed_by: string,
  now: Date,
): Promise<boolean> {
  const version = before.version + 1
  const row = { gateway_id, method, version, ...breaker, changed_at: now }
  const noted =
    before.state !== breaker.state ||
    changed_by !== 'system' ||
    before.open_until?.getTime() !== breaker.open_until?.getTime()
  const written =
    before.version === 0
      ? sql`insert into gateway_breakers ${sql(row)} on conflict do nothing returning 1`
      : sql`update gateway_breakers set ${sql(row)}
          where gateway_id = ${gateway_id} and method = ${method} and version = ${before.version} returning 1`
  const [result] = await sql<{ written: boolean }[]>`
    with written as (${written}), noted as (
      insert into gateway_breaker_changes (gateway_id, method, version, from_state, to_state, open_until, changed_by, changed_at)
      select ${gateway_id}::integer, ${method}::text, ${version}::integer, ${before.state}::text, ${breaker.state}::text,
        ${breaker.open_until}::timestamptz, ${changed_by}::text, ${now}::timestamptz
      from written where ${noted}::boolean)
    select exists (select 1 from written) as written`
  return result?.written === true
}

export type ResultLine = BreakerId & {
  /** ISO time to the second. */
  readonly counted_at: string
  readonly failures: number
  readonly healthy: number
}

export async function insertResults(sql: Database, lines: readonly ResultLine[]): Promise<void> {
  await sql`
    insert into gateway_results (gateway_id, method, counted_at, failures, healthy)
    select gateway_id, method, counted_at, failures, healthy from json_to_recordset(${JSON.stringify(lines)}::json)
      as line (gateway_id integer, method text, counted_at timestamptz, failures integer, healthy integer)`
}

/** Results after `edge`. */
export async function sumResults(
  sql: Database,
  { gateway_id, method }: BreakerId,
  edge: Date,
): Promise<{ failures: number; healthy: number }> {
  const [row] = await sql<{ failures: number; healthy: number }[]>`
    select coalesce(sum(failures), 0)::integer as failures, coalesce(sum(healthy), 0)::integer as healthy
    from gateway_results where gateway_id = ${gateway_id} and method = ${method} and counted_at > ${edge}`
  return row ?? { failures: 0, healthy: 0 }
}

export async function deleteResults(sql: Database, before: Date): Promise<void> {
  await sql`delete from gateway_results where counted_at < ${before}`
}
