/** SQL of the directory and of the services of accounts. */
import type { Database, Transaction } from '../database/connect.ts'
import type { AccountService, Currency, PaymentMethod, ServiceField, ServiceFlow } from './service.ts'

/** Payments and payouts have tables of the same form, but for the flow. */
export type Side = 'payment' | 'payout'

export type ServiceRow = {
  readonly code: string
  readonly method: string
  /** `null` for payouts */
  readonly flow: ServiceFlow | null
  readonly currency: string
  readonly fields: readonly ServiceField[]
  readonly amount_min_minor: bigint
  readonly amount_max_minor: bigint
}

/** Rows for `json_to_recordset`; bigint as text, which every column type reads. */
const rowsJson = (rows: readonly object[]): string =>
  JSON.stringify(rows, (_key, value) => (typeof value === 'bigint' ? String(value) : value))

export async function selectCurrencies(sql: Database): Promise<Currency[]> {
  return await sql<Currency[]>`select code, name, exponent, kind from currencies order by code`
}

/** A stored exponent is never changed: stored amounts are counted in it. */
export async function upsertCurrencies(sql: Database, rows: readonly Currency[]): Promise<void> {
  await sql`
    insert into currencies (code, name, exponent, kind)
    select code, name, exponent, kind
    from json_to_recordset(${rowsJson(rows)}::json) as new (code text, name text, exponent smallint, kind text)
    on conflict (code) do update set name = excluded.name, kind = excluded.kind
    where (currencies.name, currencies.kind) is distinct from (excluded.name, excluded.kind)`
}

export async function selectMethod(sql: Database, side: Side, code: string): Promise<PaymentMethod | null> {
  const [row] = await sql<PaymentMethod[]>`
    select code, category, description, name, logo, icon from ${sql(`${side}_methods`)} where code = ${code}`
  return row ?? null
}

export async function selectCodes(sql: Database, table: `${Side}_methods` | `${Side}_services`): Promise<Set<string>> {
  const rows = await sql<{ code: string }[]>`select code from ${sql(table)}`
  return new Set(rows.map((row) => row.code))
}

/** The pictures of a stored method stay. */
export async function upsertMethods(sql: Database, side: Side, rows: readonly PaymentMethod[]): Promise<void> {
  await sql`
    insert into ${sql(`${side}_methods`)} (code, category, description, name, logo, icon)
    select code, category, description, name, logo, icon
    from json_to_recordset(${rowsJson(rows)}::json)
      as new (code text, category text, description text, name json, logo text, icon text)
    on conflict (code) do update set category = excluded.category, description = excluded.description, name = excluded.name`
}

export async function upsertServices(sql: Database, side: Side, rows: readonly ServiceRow[]): Promise<void> {
  const flow = side === 'payment' ? sql`flow,` : sql``
  const setFlow = side === 'payment' ? sql`flow = excluded.flow,` : sql``
  await sql`
    insert into ${sql(`${side}_services`)} (code, method, ${flow} currency, fields, amount_min_minor, amount_max_minor)
    select code, method, ${flow} currency, fields, amount_min_minor, amount_max_minor
    from json_to_recordset(${rowsJson(rows)}::json) as new (code text, method text, flow text, currency text, fields json,
      amount_min_minor bigint, amount_max_minor bigint)
    on conflict (code) do update set method = excluded.method, ${setFlow} currency = excluded.currency,
      fields = excluded.fields, amount_min_minor = excluded.amount_min_minor, amount_max_minor = excluded.amount_max_minor`
}

const serviceColumns = (sql: Database) => sql`
  s.id, s.account_id, s.test_mode, s.service, s.active, s.enabled, s.reserve_lifetime_minutes, s.created_at,
  trim_scale(s.fee_rate)::text as fee_rate, s.fee_fix_minor, s.fee_min_minor, s.fee_max_minor,
  trim_scale(s.reserve_rate)::text as reserve_rate, a.base_currency as fee_currency,
  d.flow, d.currency as service_currency, d.fields,
  coalesce(s.amount_min_minor, d.amount_min_minor) as amount_min_minor,
  coalesce(s.amount_max_minor, d.amount_max_minor) as amount_max_minor,
  json_build_object('code', m.code, 'category', m.category, 'description', m.description, 'name', m.name,
    'logo', m.logo, 'icon', m.icon) as method`

const serviceTables = (sql: Database) => sql`
  account_payment_services s
  join accounts a on a.id = s.account_id
  join payment_services d on d.code = s.service
  join payment_methods m on m.code = d.method`

export type StoredService = Omit<AccountService, 'available'>

export async function selectAccountService(
  sql: Database,
  account_id: string,
  service: string,
  test_mode: boolean,
): Promise<StoredService | null> {
  const [row] = await sql<StoredService[]>`
    select ${serviceColumns(sql)} from ${serviceTables(sql)}
    where s.account_id = ${account_id} and s.service = ${service} and s.test_mode = ${test_mode}`
  return row ?? null
}

/** All services of the account, in the order they were added. */
export async function selectAccountServices(sql: Database, account_id: string): Promise<StoredService[]> {
  return await sql<StoredService[]>`
    select ${serviceColumns(sql)} from ${serviceTables(sql)}
    where s.account_id = ${account_id} order by s.created_at, s.id`
}

/** What an account pays for a service. Amounts in minor units of the account's base currency, rates in percent. */
export type ServiceTerms = {
  readonly active: boolean
  readonly enabled: boolean
  readonly fee_rate: string
  readonly fee_fix_minor: bigint
  readonly fee_min_minor: bigint
  readonly fee_max_minor: bigint
  readonly reserve_rate: string | null
  readonly reserve_lifetime_minutes: number | null
}

export type NewAccountService = ServiceTerms & {
  readonly id: string
  readonly service: string
  readonly test_mode: boolean
}

/** Until the end of the database transaction nobody else who takes this lock changes services of the account. */
export async function lockAccountServices(tx: Transaction, account_id: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtext('account_services'), hashtext(${account_id}))`
}

/** Adds the services or brings the stored ones to these terms; a stored id stays. */
export async function upsertAccountServices(
  sql: Database,
  account_id: string,
  rows: readonly NewAccountService[],
  now: Date,
): Promise<void> {
  await sql`
    insert into account_payment_services (account_id, id, service, test_mode, active, enabled, fee_rate, fee_fix_minor,
      fee_min_minor, fee_max_minor, reserve_rate, reserve_lifetime_minutes, created_at)
    select ${account_id}, id, service, test_mode, active, enabled, fee_rate, fee_fix_minor, fee_min_minor, fee_max_minor,
      reserve_rate, reserve_lifetime_minutes, ${now}
    from json_to_recordset(${rowsJson(rows)}::json) as new (id text, service text, test_mode boolean, active boolean,
      enabled boolean, fee_rate numeric, fee_fix_minor bigint, fee_min_minor bigint, fee_max_minor bigint,
      reserve_rate numeric, reserve_lifetime_minutes integer)
    on conflict (account_id, service, test_mode) do update set active = excluded.active, enabled = excluded.enabled,
      fee_rate = excluded.fee_rate, fee_fix_minor = excluded.fee_fix_minor, fee_min_minor = excluded.fee_min_minor,
      fee_max_minor = excluded.fee_max_minor, reserve_rate = excluded.reserve_rate,
      reserve_lifetime_minutes = excluded.reserve_lifetime_minutes`
}

/** Units of `to` for one unit of `from` as stored for the account, or turned round from the opposite pair. */
export async function selectExchangeRate(
  sql: Database,
  account_id: string,
  from: string,
  to: string,
): Promise<string | null> {
  const [row] = await sql<{ rate: string }[]>`
    select trim_scale(case when from_currency = ${from} then rate else round(1 / rate, 12) end)::text as rate
    from exchange_rates
    where account_id = ${account_id}
      and ((from_currency = ${from} and to_currency = ${to}) or (from_currency = ${to} and to_currency = ${from}))
    order by from_currency = ${from} desc limit 1`
  return row && row.rate !== '0' ? row.rate : null
}

export async function upsertExchangeRates(
  sql: Database,
  account_id: string,
  rows: readonly { readonly from: string; readonly to: string; readonly rate: string }[],
): Promise<void> {
  await sql`
    insert into exchange_rates (account_id, from_currency, to_currency, rate)
    select ${account_id}, "from", "to", rate
    from json_to_recordset(${rowsJson(rows)}::json) as new ("from" text, "to" text, rate numeric)
    on conflict (account_id, from_currency, to_currency) do update set rate = excluded.rate`
}
