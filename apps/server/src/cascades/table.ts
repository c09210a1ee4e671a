/** SQL of providers and their connections. */
import type { Database } from '../database/connect.ts'
import type { Provider } from './provider.ts'

const columns = [
  'id',
  'name',
  'settlement_currency',
  'settlement_scale',
  'low_balance_alert_minor',
  'active',
  'draining',
] as const

export async function insertProvider(sql: Database, provider: Provider, now: Date): Promise<void> {
  await sql`insert into providers ${sql({ ...provider, created_at: now, updated_at: now })}`
}

export async function selectProviders(sql: Database): Promise<Provider[]> {
  return sql<Provider[]>`select ${sql(columns)} from providers order by id limit 1000`
}

export async function selectProvider(sql: Database, provider_id: string): Promise<Provider | null> {
  const [provider] = await sql<Provider[]>`select ${sql(columns)} from providers where id = ${provider_id}`
  return provider ?? null
}

export async function selectProviderOfGateway(sql: Database, gateway_id: number): Promise<Provider | null> {
  const [provider] = await sql<Provider[]>`
    select ${sql(columns)} from providers
    where id = (select provider_id from provider_connections where gateway_id = ${gateway_id})`
  return provider ?? null
}

/** `false` = the gateway belongs to another provider, or there is no such gateway. */
export async function insertConnection(sql: Database, provider_id: string, gateway_id: number): Promise<boolean> {
  const rows = await sql`
    with known as (select gateway_id from gateways where gateway_id = ${gateway_id})
    insert into provider_connections (gateway_id, provider_id) select gateway_id, ${provider_id} from known
    on conflict (gateway_id) do update set provider_id = excluded.provider_id
    where provider_connections.provider_id = excluded.provider_id
    returning gateway_id`
  return rows.length === 1
}

/** `false` = it was so before, or there is no such provider. */
export async function setDraining(sql: Database, provider_id: string, draining: boolean, now: Date): Promise<boolean> {
  const rows = await sql`
    update providers set draining = ${draining}, updated_at = ${now}
    where id = ${provider_id} and draining <> ${draining} returning id`
  return rows.length === 1
}

export async function selectInstructions(sql: Database, provider_id: string): Promise<string | null> {
  const [row] = await sql<{ text: string }[]>`
    select top_up_instructions as text from providers where id = ${provider_id}`
  return row?.text ?? null
}

export async function updateInstructions(sql: Database, provider_id: string, text: string, now: Date): Promise<void> {
  await sql`update providers set top_up_instructions = ${text}, updated_at = ${now} where id = ${provider_id}`
}

export async function updateAlert(sql: Database, provider_id: string, minor: bigint, now: Date): Promise<void> {
  await sql`update providers set low_balance_alert_minor = ${minor}, updated_at = ${now} where id = ${provider_id}`
}
