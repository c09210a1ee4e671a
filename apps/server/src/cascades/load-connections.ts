import type { RequisiteMethod } from '@cascad/connector/requisites'
import { parseAmount } from '@cascad/money'
import type { Database } from '../database/connect.ts'
import type { Connection, MethodLimits } from './connection.ts'
import { selectConnections, selectDays, selectPauses } from './connection-table.ts'
import { readBalance } from './read-balance.ts'
import { currencyRate } from './reference-rate.ts'
import { type Asked, type Barred, type DayTotals, reasonAgainstConnection } from './rules/reason-against-connection.ts'
import { settlementMinor } from './rules/settlement-amount.ts'

/** A payment that requisites are looked for. Amounts in minor units of the payment currency. */
export type Wanted = {
  readonly amount_minor: bigint
  readonly currency: string
  readonly exponent: number
  readonly test_mode: boolean
  /** When the payment ends. */
  readonly closes_at: Date
  readonly now: Date
}

/** A connection as it stands for one payment. */
export type ConnectionNow = {
  readonly connection: Connection
  readonly method: RequisiteMethod
  /** What the provider is told; `null` = there is no fresh rate, and the connection is barred. */
  readonly rate: string | null
  readonly asked: Asked
  readonly barred: Barred | null
}

/** How connections stand for the payment, by gateway. A gateway that belongs to no provider is left out. */
export async function loadConnections(
  sql: Database,
  gateways: ReadonlyMap<number, RequisiteMethod>,
  wanted: Wanted,
): Promise<ReadonlyMap<number, ConnectionNow>> {
  const ids = [...gateways.keys()]
  const day = startOfDay(wanted.now)
  const [connections, pauses, days] = await Promise.all([
    selectConnections(sql, ids),
    selectPauses(sql, ids, wanted.now),
    selectDays(sql, ids, day),
  ])
  const found = await Promise.all(
    connections.map(async (connection): Promise<readonly [number, ConnectionNow]> => {
      const { gateway_id, provider } = connection
      const method = gateways.get(gateway_id) as RequisiteMethod
      const [balance, rate] = await Promise.all([
        readBalance(sql, provider, wanted.test_mode),
        currencyRate(
          sql,
          { ...connection, settlement_currency: provider.settlement_currency },
          wanted.currency,
          wanted.now,
        ),
      ])
      const asked = askedOf(connection.limits[method] ?? {}, wanted)
      const totals = days.get(`${gateway_id}:${method}:${wanted.currency}`)
      const barred = reasonAgainstConnection(asked, {
        active: provider.active,
        draining: provider.draining,
        misconfigured_reason: connection.misconfigured_reason,
        paused: pauses.filter((pause) => pause.gateway_id === gateway_id && concerns(pause, method, wanted)),
        request_gap_ms: connection.request_gap_ms,
        last_request_at: connection.last_request_at,
        settlement_minor: rate === null ? null : settlementMinor({ ...wanted, rate, scale: provider.settlement_scale }),
        available_minor: balance.available_minor,
        today: totals ?? nothing,
        lifetime_left_ms: wanted.closes_at.getTime() - wanted.now.getTime(),
        now: wanted.now,
      })
      return [gateway_id, { connection, method, rate, asked, barred }]
    }),
  )
  return new Map(found)
}

const nothing: DayTotals = { amount_minor: 0n, count: 0 }

/** Midnight, UTC. */
export function startOfDay(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()))
}

function askedOf(limits: MethodLimits, { amount_minor, exponent }: Wanted): Asked {
  const minor = (text: string | undefined): bigint | null => {
    const read = text === undefined ? null : parseAmount(text, exponent)
    return typeof read === 'bigint' ? read : null
  }
  return {
    amount_minor,
    min_minor: minor(limits.min),
    max_minor: minor(limits.max),
    daily_amount_minor: minor(limits.daily_amount),
    limits,
  }
}

function concerns(pause: { scope: string; value: string }, method: RequisiteMethod, wanted: Wanted): boolean {
  return pause.scope === 'gateway' || pause.value === pauseValue(pause.scope, method, wanted)
}

/** What a pause of the scope is kept under. */
export function pauseValue(
  scope: string,
  method: RequisiteMethod,
  { amount_minor, currency }: Pick<Wanted, 'amount_minor' | 'currency'>,
): string {
  if (scope === 'amount') return `${amount_minor} ${currency}`
  if (scope === 'method') return method
  return scope === 'currency' ? currency : ''
}
