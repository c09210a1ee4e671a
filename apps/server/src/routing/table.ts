/** SQL of gateways, schemes and their versions. */
import type { Database } from '../database/connect.ts'
import type { GatewayStatus } from './gateway.ts'
import type { BreakerSettings } from './rules/breaker.ts'
import type { Tariff } from './rules/strategies/cost.ts'
import type { Scheme } from './scheme.ts'

export type GatewayRow = {
  readonly gateway_id: number
  readonly name: string
  readonly connector: string
  readonly test_mode: boolean
  readonly status: GatewayStatus
  readonly credentials_encrypted: Uint8Array
  readonly merchant_code: string | null
  readonly merchant_account_id: string
  /** Lists narrow what the connector can; `null` = all of it. */
  readonly methods: string[] | null
  readonly currencies: string[] | null
  readonly brands: string[] | null
  readonly issuer_countries: string[] | null
  readonly operations: string[] | null
  readonly amount_min_minor: bigint | null
  readonly amount_max_minor: bigint | null
  readonly priority: number
  readonly failure_domain: string | null
  readonly accept_late_success: boolean
  /** What differs from the usual settings. */
  readonly breaker: Partial<BreakerSettings> | null
  /** The tariff that holds now; `null` = there is none. */
  readonly tariff_currency: string | null
  readonly rate_percent: string | null
  readonly fix_minor: bigint | null
  readonly min_minor: bigint | null
  readonly max_minor: bigint | null
}

/** All of them, the archived ones too: attempts made there may still be open. */
export async function selectGateways(sql: Database, now: Date): Promise<readonly GatewayRow[]> {
  return sql<GatewayRow[]>`
    select gateway_id, name, connector, test_mode, status, credentials_encrypted, merchant_code, merchant_account_id, methods,
      currencies, brands, issuer_countries, operations, amount_min_minor, amount_max_minor, priority, failure_domain,
      accept_late_success, breaker, tariff.*
    from gateways left join lateral (
      select currency as tariff_currency, rate_percent, fix_minor, min_minor, max_minor from gateway_tariffs
      where gateway_tariffs.gateway_id = gateways.gateway_id and valid_from <= ${now} order by valid_from desc limit 1
    ) tariff on true`
}

/** An active gateway is set aside until an operator closes its breaker. `false`: it was not active. */
export async function setAside(sql: Database, gateway_id: number, now: Date): Promise<boolean> {
  const { count } = await sql`
    update gateways set status = 'misconfigured', updated_at = ${now} where gateway_id = ${gateway_id} and status = 'active'`
  return count === 1
}

/** A gateway that was set aside is active again. */
export async function putBack(sql: Database, gateway_id: number, now: Date): Promise<boolean> {
  const { count } = await sql`
    update gateways set status = 'active', updated_at = ${now} where gateway_id = ${gateway_id} and status = 'misconfigured'`
  return count === 1
}

/** The gateway's tariff from this moment on. */
export async function upsertTariff(sql: Database, gateway_id: number, tariff: Tariff, valid_from: Date): Promise<void> {
  const { currency, rate_percent, fix_minor, min_minor, max_minor } = tariff
  const row = { gateway_id, valid_from, currency, rate_percent, fix_minor, min_minor, max_minor }
  await sql`
    insert into gateway_tariffs ${sql(row)} on conflict (gateway_id, valid_from) do update set currency = excluded.currency,
      rate_percent = excluded.rate_percent, fix_minor = excluded.fix_minor, min_minor = excluded.min_minor,
      max_minor = excluded.max_minor`
}

export type VersionKey = { readonly scheme_id: string; readonly number: number }

export async function selectPublished(
  sql: Database,
  account_id: string,
  kind: Scheme['kind'],
): Promise<VersionKey | null> {
  const [row] = await sql<VersionKey[]>`
    select scheme_id, number from routing_versions
    where account_id = ${account_id} and kind = ${kind} and status = 'published'`
  return row ?? null
}

export type VersionRow = { readonly status: 'draft' | 'published' | 'archived'; readonly scheme: unknown }

export async function selectVersion(sql: Database, account_id: string, key: VersionKey): Promise<VersionRow | null> {
  const [row] = await sql<VersionRow[]>`
    select status, scheme from routing_versions
    where account_id = ${account_id} and scheme_id = ${key.scheme_id} and number = ${key.number}`
  return row ?? null
}

/** The scheme without a version; one that is there stays as it is. Returns the kind of the one that is there now. */
export async function insertScheme(sql: Database, account_id: string, scheme: Scheme): Promise<Scheme['kind']> {
  await sql`
    insert into routing_schemes (account_id, id, name, kind, time_zone)
    values (${account_id}, ${scheme.id}, ${scheme.name}, ${scheme.kind}, ${scheme.time_zone})
    on conflict do nothing`
  const [row] = await sql<{ kind: Scheme['kind'] }[]>`
    select kind from routing_schemes where account_id = ${account_id} and id = ${scheme.id}`
  return row?.kind ?? scheme.kind
}

/** Until the end of the transaction nobody else adds or publishes versions for the account, also of schemes not there yet. */
export async function lockSchemes(sql: Database, account_id: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`routing:${account_id}`}, 0))`
}

/** A draft with the next number of its scheme; the schemes are locked. Returns the number. */
export async function insertDraft(sql: Database, account_id: string, scheme: Scheme): Promise<number> {
  const [row] = await sql<{ number: number }[]>`
    insert into routing_versions (account_id, scheme_id, number, kind, status, scheme)
    select ${account_id}, ${scheme.id}, coalesce(max(number), 0) + 1, ${scheme.kind}, 'draft', ${JSON.stringify(scheme)}::json
    from routing_versions where account_id = ${account_id} and scheme_id = ${scheme.id}
    returning number`
  if (!row) throw new Error(`no draft of scheme ${scheme.id} was written`)
  return row.number
}

/** Archives the version in force and puts this one in its place; the schemes are locked. */
export async function updatePublished(
  sql: Database,
  account_id: string,
  { scheme_id, number }: VersionKey,
  { kind, name, time_zone }: Scheme,
  now: Date,
): Promise<void> {
  await sql`
    update routing_versions set status = 'archived'
    where account_id = ${account_id} and kind = ${kind} and status = 'published'`
  const { count } = await sql`
    update routing_versions set status = 'published', published_at = ${now}
    where account_id = ${account_id} and scheme_id = ${scheme_id} and number = ${number}`
  if (count !== 1) throw new Error(`version ${number} of scheme ${scheme_id} is gone`)
  await sql`
    update routing_schemes set name = ${name}, time_zone = ${time_zone}
    where account_id = ${account_id} and id = ${scheme_id}`
}
