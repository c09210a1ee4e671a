import type { Context } from '../context.ts'
import { readBookingsOf } from '../ledger/provider-bookings-of.ts'
import type { ProviderEntry } from '../ledger/provider-entries.ts'
import { booksOf, type Provider } from './provider.ts'
import type { ProviderCall } from './provider-call-table.ts'
import type { HistoryRow } from './provider-history.ts'
import { selectHistoryRow } from './provider-history-table.ts'
import { readCalls } from './read-calls.ts'
import { flushCalls } from './record-call.ts'

export type ProviderPaymentDetail = {
  readonly row: HistoryRow
  /** Oldest first, bodies masked. */
  readonly calls: readonly ProviderCall[]
  /** Oldest first: what the payment and its appeals did to the balance. */
  readonly bookings: readonly Omit<ProviderEntry, 'available_after_minor'>[]
}

/** Everything a provider may know of one attempt of its own; `null` = there is none of this id. `appeal_ids`: its appeals. */
export async function readProviderPayment(
  ctx: Context,
  provider: Pick<Provider, 'id' | 'settlement_currency'>,
  attempt_id: string,
  appeal_ids: readonly string[],
): Promise<ProviderPaymentDetail | null> {
  const row = await selectHistoryRow(ctx.sql, provider.id, attempt_id)
  if (!row) return null
  await flushCalls(ctx)
  const [calls, bookings] = await Promise.all([
    readCalls(ctx.sql, attempt_id),
    readBookingsOf(ctx.sql, booksOf(provider, row.test_mode), [attempt_id, ...appeal_ids]),
  ])
  return { row, calls: calls.filter(({ provider_id }) => provider_id === provider.id), bookings }
}
