import type { Transaction } from '../database/connect.ts'
import { holdForCreate } from './hold-for-create.ts'
import { type ConnectionNow, startOfDay } from './load-connections.ts'
import { insertProviderPayment, selectDay } from './provider-payment-table.ts'
import { type Barred, isTooSoon, overDay, shortageDetail } from './rules/reason-against-connection.ts'

/** An attempt that is about to ask a connection for requisites. */
export type Opening = {
  readonly account_id: string
  readonly payment_id: string
  readonly attempt_id: string
  readonly attempt_number: number
  readonly test_mode: boolean
  readonly amount_minor: bigint
  readonly currency: string
  readonly exponent: number
  readonly now: Date
}

/**
 * Holds the settlement amount at the provider and writes the provider payment, in the transaction that writes the attempt. `null` =
 * done; else another payment was faster, and the transaction must be rolled back. Call it before anything else in the
 * transaction: the provider's balance stays locked from here to the commit, so limits are exact however many payments come at once.
 */
export async function openProviderPayment(
  tx: Transaction,
  at: ConnectionNow,
  opening: Opening,
): Promise<Barred | null> {
  const { connection, method, rate, asked } = at
  const { provider, gateway_id, request_gap_ms, limits } = connection
  if (rate === null) return at.barred ?? { reason: 'rate_stale', detail: 'no rate of the last ten minutes' }
  const held = await holdForCreate(tx, { ...opening, provider, rate })
  if (held.result === 'balance_not_positive' || held.result === 'balance_insufficient') {
    return { reason: held.result, detail: shortageDetail }
  }
  if (request_gap_ms > 0 || limits[method]?.daily_amount !== undefined || limits[method]?.daily_count !== undefined) {
    const { now, currency } = opening
    const day = await selectDay(tx, { gateway_id, method, currency, since: startOfDay(now) })
    if (isTooSoon({ ...day, request_gap_ms, now }))
      return { reason: 'throttled', detail: `requests ${request_gap_ms} ms apart` }
    const over = overDay(asked, day)
    if (over) return over
  }
  const { exponent: _, now, ...of } = opening
  await insertProviderPayment(tx, {
    ...of,
    provider_id: provider.id,
    gateway_id,
    method,
    rate,
    settlement_minor: held.settlement_minor,
    requested_at: now,
  })
  return null
}
