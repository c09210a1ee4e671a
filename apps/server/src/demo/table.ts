/** SQL that puts demo gateways and schemes in place. What an operator changed since stays: status of a gateway, scheme versions. */
import type { Database } from '../database/connect.ts'
import type { Scheme } from '../routing/scheme.ts'

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
      updated_at = excluded.updated_at`
}

/** Publishes version 1 of the scheme when the account has no scheme of the kind in force. */
export async function publishFirstVersion(sql: Database, account_id: string, scheme: Scheme, now: Date): Promise<void> {
  await sql`
    with scheme as (
      insert into routing_schemes (account_id, id, name, kind, time_zone)
      values (${account_id}, ${scheme.id}, ${scheme.name}, ${scheme.kind}, ${scheme.time_zone})
      on conflict (account_id, id) do update set name = excluded.name
      returning id
    )
    insert into routing_versions (account_id, scheme_id, number, kind, status, scheme, published_at)
    select ${account_id}, id, 1, ${scheme.kind}, 'published', ${JSON.stringify(scheme)}::json, ${now}
    from scheme
    where not exists (
      select 1 from routing_versions where account_id = ${account_id} and kind = ${scheme.kind} and status = 'published')
    on conflict do nothing`
}
