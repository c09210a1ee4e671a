/** SQL of what changes about a gateway after it was made. */
import type { Database } from '../database/connect.ts'
import type { GatewayStatus } from './gateway.ts'
import type { GatewaySettings } from './read-gateway-settings.ts'

/** Settings left out are as the table has them. */
export type NewGateway = Partial<GatewaySettings> & {
  readonly gateway_id: number
  readonly name: string
  readonly connector: string
  readonly test_mode: boolean
  readonly credentials_encrypted: Uint8Array
  readonly merchant_account_id: string
}

/** `false` = there is a gateway of this number. */
export async function insertGateway(sql: Database, gateway: NewGateway, now: Date): Promise<boolean> {
  const { count } = await sql`
    insert into gateways ${sql({ ...gateway, created_at: now, updated_at: now })} on conflict (gateway_id) do nothing`
  return count === 1
}

/** One above all there have been. */
export async function selectNextGatewayId(sql: Database): Promise<number> {
  const [row] = await sql<{ id: number }[]>`select coalesce(max(gateway_id), 0) + 1 as id from gateways`
  return row?.id ?? 1
}

const settingsColumns = (sql: Database) => sql`
  name, merchant_code, methods, currencies, brands, issuer_countries, operations, amount_min_minor,
  amount_max_minor, priority, failure_domain, accept_late_success`

export async function selectSettings(sql: Database, gateway_id: number): Promise<GatewaySettings | null> {
  const [row] = await sql<
    GatewaySettings[]
  >`select ${settingsColumns(sql)} from gateways where gateway_id = ${gateway_id}`
  return row ?? null
}

/** Until the end of the transaction nobody else changes the row. */
export async function lockSettings(sql: Database, gateway_id: number): Promise<GatewaySettings | null> {
  const [row] = await sql<GatewaySettings[]>`
    select ${settingsColumns(sql)} from gateways where gateway_id = ${gateway_id} for update`
  return row ?? null
}

export async function updateSettings(
  sql: Database,
  gateway_id: number,
  settings: GatewaySettings,
  now: Date,
): Promise<void> {
  await sql`update gateways set ${sql({ ...settings, updated_at: now })} where gateway_id = ${gateway_id}`
}

/** `false`: it is archived, and stays so. */
export async function updateStatus(
  sql: Database,
  gateway_id: number,
  status: GatewayStatus,
  now: Date,
): Promise<boolean> {
  const { count } = await sql`
    update gateways set status = ${status}, updated_at = ${now} where gateway_id = ${gateway_id} and status <> 'archived'`
  return count === 1
}

/** Until the end of the transaction nobody else changes the row. */
export async function lockCredentials(
  sql: Database,
  gateway_id: number,
): Promise<Pick<NewGateway, 'connector' | 'credentials_encrypted'> | null> {
  const [row] = await sql<Pick<NewGateway, 'connector' | 'credentials_encrypted'>[]>`
    select connector, credentials_encrypted from gateways where gateway_id = ${gateway_id} for update`
  return row ?? null
}

/** What was set aside for credentials that were wrong is active again with new ones. */
export async function updateCredentials(
  sql: Database,
  gateway_id: number,
  credentials_encrypted: Uint8Array,
  now: Date,
): Promise<void> {
  const { count } = await sql`
    update gateways set credentials_encrypted = ${credentials_encrypted}, updated_at = ${now},
      status = case when status = 'misconfigured' then 'active' else status end
    where gateway_id = ${gateway_id}`
  if (count !== 1) throw new Error(`gateway ${gateway_id} is gone`)
}

export type Narrowing = { readonly methods?: readonly string[]; readonly currencies?: readonly string[] | null }

export async function updateNarrowing(
  sql: Database,
  gateway_id: number,
  { methods, currencies }: Narrowing,
  now: Date,
): Promise<void> {
  await sql`
    update gateways set updated_at = ${now}
      ${methods === undefined ? sql`` : sql`, methods = ${[...methods]}`}
      ${currencies === undefined ? sql`` : sql`, currencies = ${currencies && [...currencies]}`}
    where gateway_id = ${gateway_id}`
}
