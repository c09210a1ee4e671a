import type { Database } from '../database/connect.ts'
import type { Provider } from './provider.ts'
import { selectProvider, selectProviderOfGateway, selectProviders } from './table.ts'

/** `null` when there is none. */
export async function findProvider(sql: Database, provider_id: string): Promise<Provider | null> {
  return selectProvider(sql, provider_id)
}

/** Whose endpoint a gateway is; `null` = nobody's: payments there are not settled against a prepaid balance. */
export async function findProviderOfGateway(sql: Database, gateway_id: number): Promise<Provider | null> {
  return selectProviderOfGateway(sql, gateway_id)
}

/** The first 1,000 by id. */
export async function listProviders(sql: Database): Promise<Provider[]> {
  return selectProviders(sql)
}
