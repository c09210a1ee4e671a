/** SQL of connections as the engine reads them: what is agreed, what is paused, what was asked for today. */
import type { Database } from '../database/connect.ts'
import type { Connection } from './connection.ts'
import type { Provider } from './provider.ts'
import type { DayTotals } from './rules/reason-against-connection.ts'

export type ConnectionRow = Connection & {
  /** When requisites were last asked for there. */
  readonly last_request_at: Date | null
}

type FlatRow = Omit<ConnectionRow, 'provider'> & Provider

export async function selectConnections(sql: Database, gateway_ids: readonly number[]): Promise<ConnectionRow[]> {
  const rows = await sql<FlatRow[]>`
    select c.gateway_id, c.finalise_grace_s, c.supports_idempotency_key, c.request_gap_ms, c.rate_source,
      trim_scale(c.rate_margin_percent)::text as rate_margin_percent, c.limits, c.misconfigured_at, c.misconfigured_reason,
      case when c.request_gap_ms > 0 then
        (select max(requested_at) from provider_payments where gateway_id = c.gateway_id) end as last_request_at,
      p.id, p.name, p.settlement_currency, p.settlement_scale, p.low_balance_alert_minor, p.active, p.draining
    from provider_connections c join providers p on p.id = c.provider_id
    where c.gateway_id = any (${[...gateway_ids]})`
  return rows.map(
    ({ id, name, settlement_currency, settlement_scale, low_balance_alert_minor, active, draining, ...row }) => ({
      ...row,
      provider: { id, name, settlement_currency, settlement_scale, low_balance_alert_minor, active, draining },
    }),
  )
}

export type Pause = {
  readonly gateway_id: number
  readonly scope: 'gateway' | 'amount' | 'method' | 'currency'
  readonly value: string
  readonly until: Date
}

export async function selectPauses(sql: Database, gateway_ids: readonly number[], now: Date): Promise<Pause[]> {
  return sql<Pause[]>`
    select gateway_id, scope, value, until from connection_pauses
    where gateway_id = any (${[...gateway_ids]}) and until > ${now}`
}

/** The longer pause stays. */
export async function upsertPause(sql: Database, pause: Pause): Promise<void> {
  await sql`
    insert into connection_pauses (gateway_id, scope, value, until)
    values (${pause.gateway_id}, ${pause.scope}, ${pause.value}, ${pause.until})
    on conflict (gateway_id, scope, value) do update set until = greatest(connection_pauses.until, excluded.until)`
}

/** What may have led to a payment since then, by gateway, method and currency. */
export async function selectDays(
  sql: Database,
  gateway_ids: readonly number[],
  since: Date,
): Promise<ReadonlyMap<string, DayTotals>> {
  const rows = await sql<{ key: string; amount_minor: string; count: number }[]>`
    select gateway_id || ':' || method || ':' || currency as key, sum(amount_minor)::text as amount_minor, count(*)::integer as count
    from provider_payments
    where gateway_id = any (
      select gateway_id from provider_connections
      where gateway_id = any (${[...gateway_ids]}) and limits::text like '%daily%'
    ) and requested_at >= ${since} and state not in ('refused', 'violation', 'not_sent', 'unknown')
    group by gateway_id, method, currency`
  return new Map(rows.map(({ key, amount_minor, count }) => [key, { amount_minor: BigInt(amount_minor), count }]))
}
