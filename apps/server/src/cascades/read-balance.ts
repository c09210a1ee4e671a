import type { Database } from '../database/connect.ts'
import { readProviderFigures } from '../ledger/provider-books.ts'
import type { ProviderFigures } from '../ledger/rules/provider-transfers.ts'
import { booksOf, type Provider } from './provider.ts'

export type ProviderBalance = ProviderFigures

/**
 * The figures of a provider's balance in one mode, exact at this moment. They promise nothing about the next one: a route may
 * be left out by them, but only `holdForCreate` decides. Cascade API, 9.1.
 */
export async function readBalance(
  sql: Database,
  provider: Pick<Provider, 'id' | 'settlement_currency'>,
  test_mode: boolean,
): Promise<ProviderBalance> {
  return readProviderFigures(sql, booksOf(provider, test_mode))
}
