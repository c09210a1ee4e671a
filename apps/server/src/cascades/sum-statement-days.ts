import type { Database } from '../database/connect.ts'
import { firstIdAt } from '../ids.ts'
import { type ProviderDay, readProviderDays } from '../ledger/provider-days.ts'
import { booksOf, type Provider } from './provider.ts'

/** What was booked on each day of a period, by kind, newest day first. Days are UTC; `to` is not included. */
export async function sumStatementDays(
  sql: Database,
  provider: Pick<Provider, 'id' | 'settlement_currency'>,
  { test_mode, from, to }: { readonly test_mode: boolean; readonly from: Date; readonly to: Date },
): Promise<ProviderDay[]> {
  const range = { from: firstIdAt('transfer', from), before: firstIdAt('transfer', to) }
  return readProviderDays(sql, booksOf(provider, test_mode), range)
}
