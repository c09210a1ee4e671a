/** SQL that puts demo gateways in place. What an operator changed since stays: the status of a gateway. */
import type { Database } from '../database/connect.ts'

export type NewGateway = {
  readonly gateway_id: number
  readonly name: string
  readonly connector: string
  readonly test_mode: boolean
  readonly credentials_encrypted: Buffer
  readonly merchant_code: string | null
  readonly merchant_account_id: string
  readonly currencies: readonly string[] | null
  readonly priority: number
  readonly failure_domain: string
}

export async function upsertGateway(sql: Database, gateway: NewGateway, now: Date): Promise<void> {
  await sql`
    insert into gateways (gateway_id, name, connector, test_mode, credentials_encrypted, merchant_code, merchant_account_id,
      currencies, priority, failure_domain, created_at, updated_at)
    values (${gateway.gateway_id}, ${gateway.name}, ${gateway.connector}, ${gateway.test_mode},
      ${gateway.credentials_encrypted}, ${gateway.merchant_code}, ${gateway.merchant_account_id},
      ${gateway.currencies && [...gateway.currencies]}, ${gateway.priority}, ${gateway.failure_domain}, ${now}, ${now})
    on conflict (gateway_id) do update set name = excluded.name, connector = excluded.connector,
      test_mode = excluded.test_mode, credentials_encrypted = excluded.credentials_encrypted,
      merchant_code = excluded.merchant_code, merchant_account_id = excluded.merchant_account_id,
      updated_at = excluded.updated_at,
      -- set aside for credentials that are right again now
      status = case when gateways.status = 'misconfigured' then 'active' else gateways.status end`
}

export async function selectGateway(
  sql: Database,
  gateway_id: number,
): Promise<{ readonly credentials_encrypted: Uint8Array; readonly status: string } | null> {
  const [row] = await sql<{ credentials_encrypted: Uint8Array; status: string }[]>`
    select credentials_encrypted, status from gateways where gateway_id = ${gateway_id}`
  return row ?? null
}

export type NewDemoProvider = {
  readonly id: string
  readonly name: string
  readonly settlement_currency: string
  readonly settlement_scale: number
  readonly low_balance_alert_minor: bigint
}

/** What an operator or the provider changed since stays. */
export async function upsertProvider(sql: Database, provider: NewDemoProvider, now: Date): Promise<void> {
  await sql`
    insert into providers ${sql({ ...provider, created_at: now, updated_at: now })}
    on conflict (id) do nothing`
}

/** Sets the rate of a connection that has none yet. */
export async function upsertConnectionTerms(
  sql: Database,
  gateway_id: number,
  rate_source: string,
  rate_margin_percent: string,
): Promise<void> {
  await sql`
    update provider_connections set rate_source = ${rate_source}, rate_margin_percent = ${rate_margin_percent}::numeric
    where gateway_id = ${gateway_id} and rate_source is null`
}
