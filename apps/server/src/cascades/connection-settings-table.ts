/** SQL of what people agree about a connection, and of credentials that wait for a passed test. */
import type { Database } from '../database/connect.ts'
import type { MethodLimits } from './connection.ts'

export type SettingsRow = {
  readonly gateway_id: number
  readonly provider_id: string
  readonly finalise_grace_s: number
  readonly supports_idempotency_key: boolean
  readonly request_gap_ms: number
  readonly rate_source: string | null
  /** Decimal text. */
  readonly rate_margin_percent: string
  readonly limits: Readonly<Record<string, MethodLimits>>
  readonly misconfigured_at: Date | null
  readonly misconfigured_reason: string | null
  readonly pending_encrypted: Uint8Array | null
  readonly pending_at: Date | null
  readonly pending_by: string | null
  /** When endpoint and key that are in use came into use. */
  readonly credentials_at: Date | null
  readonly credentials_by: string | null
  readonly tested_at: Date | null
  readonly updated_at: Date | null
}

export type SettingsChange = Partial<
  Pick<
    SettingsRow,
    | 'finalise_grace_s'
    | 'supports_idempotency_key'
    | 'request_gap_ms'
    | 'rate_source'
    | 'rate_margin_percent'
    | 'limits'
  >
>

const columns = [
  'gateway_id',
  'provider_id',
  'finalise_grace_s',
  'supports_idempotency_key',
  'request_gap_ms',
  'rate_source',
  'limits',
  'misconfigured_at',
  'misconfigured_reason',
  'pending_encrypted',
  'pending_at',
  'pending_by',
  'credentials_at',
  'credentials_by',
  'tested_at',
  'updated_at',
] as const

/** Of all providers, or of one; by gateway. */
export async function selectSettings(sql: Database, provider_id: string | null): Promise<SettingsRow[]> {
  return sql<SettingsRow[]>`
    select ${sql(columns)}, trim_scale(rate_margin_percent)::text as rate_margin_percent from provider_connections
    where ${provider_id}::text is null or provider_id = ${provider_id} order by gateway_id limit 1000`
}

/** Gateways that are endpoints of the provider. */
export async function selectGatewayIds(sql: Database, provider_id: string): Promise<number[]> {
  const rows = await sql<{ gateway_id: number }[]>`
    select gateway_id from provider_connections where provider_id = ${provider_id} order by gateway_id limit 1000`
  return rows.map(({ gateway_id }) => gateway_id)
}

export async function selectSettingsOf(sql: Database, gateway_id: number): Promise<SettingsRow | null> {
  const [row] = await sql<SettingsRow[]>`
    select ${sql(columns)}, trim_scale(rate_margin_percent)::text as rate_margin_percent from provider_connections
    where gateway_id = ${gateway_id}`
  return row ?? null
}

export async function updateSettings(
  sql: Database,
  gateway_id: number,
  { limits, ...change }: SettingsChange,
  now: Date,
): Promise<void> {
  const changed = { ...change, updated_at: now }
  await sql`
    update provider_connections set ${sql(changed)}
      ${limits === undefined ? sql`` : sql`, limits = ${JSON.stringify(limits)}::json`}
    where gateway_id = ${gateway_id}`
}

/** `null` = nothing waits any more. `false`: what was to be replaced has changed meanwhile. */
export async function updatePending(
  sql: Database,
  gateway_id: number,
  { replaces, encrypted, by }: { replaces: Uint8Array | null; encrypted: Uint8Array | null; by: string },
  now: Date,
): Promise<boolean> {
  const at = encrypted === null ? null : now
  const { count } = await sql`
    update provider_connections
    set pending_encrypted = ${encrypted}, pending_at = ${at}, pending_by = ${encrypted === null ? null : by}, updated_at = ${now}
    where gateway_id = ${gateway_id} and pending_encrypted is not distinct from ${replaces}`
  return count === 1
}

/** What waited has passed its test and is in use now. `false`: it waits no more, or is another by now. */
export async function takePending(
  sql: Database,
  gateway_id: number,
  tested: Uint8Array,
  { by, now }: { readonly by: string; readonly now: Date },
): Promise<boolean> {
  const { count } = await sql`
    update provider_connections
    set pending_encrypted = null, pending_at = null, pending_by = null, misconfigured_at = null, misconfigured_reason = null,
      credentials_at = ${now}, credentials_by = ${by}, tested_at = ${now}, updated_at = ${now}
    where gateway_id = ${gateway_id} and pending_encrypted = ${tested}`
  return count === 1
}

/** The credentials in use have passed a test. What was found wrong after it began stays wrong. */
export async function notePassed(
  sql: Database,
  gateway_id: number,
  { began_at, now }: { readonly began_at: Date; readonly now: Date },
): Promise<void> {
  await sql`
    update provider_connections set tested_at = ${now},
      misconfigured_at = case when misconfigured_at <= ${began_at} then null else misconfigured_at end,
      misconfigured_reason = case when misconfigured_at <= ${began_at} then null else misconfigured_reason end
    where gateway_id = ${gateway_id}`
}

/** How long after a change of credentials a call may still be under way that was made with the old ones. */
const old_calls_s = 75

/** `true` = it was in order before. Answers to calls that may have gone out with credentials of before change nothing. */
export async function markConnection(sql: Database, gateway_id: number, reason: string, now: Date): Promise<boolean> {
  const { count } = await sql`
    update provider_connections set misconfigured_at = ${now}, misconfigured_reason = ${reason}
    where gateway_id = ${gateway_id} and misconfigured_at is null
      and (credentials_at is null or credentials_at <= ${now}::timestamptz - make_interval(secs => ${old_calls_s}))`
  return count === 1
}
