import type { Database } from '../database/connect.ts'
import type { ProviderPayment } from './provider.ts'
import { type Settlement, selectSettlement } from './settlement-table.ts'

/** What a provider payment did to the balance so far; `null` = it never held anything. */
export async function findSettlement(sql: Database, payment: ProviderPayment): Promise<Settlement | null> {
  return selectSettlement(sql, payment)
}
