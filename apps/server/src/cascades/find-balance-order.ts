import type { Database } from '../database/connect.ts'
import { selectTopUp, type TopUp } from './top-up-table.ts'
import { selectWithdrawal, type Withdrawal } from './withdrawal-table.ts'

/** `null` = the provider has none of this id. */
export async function findTopUp(sql: Database, provider_id: string, id: string): Promise<TopUp | null> {
  return selectTopUp(sql, provider_id, id)
}

/** `null` = the provider has none of this id. */
export async function findWithdrawal(sql: Database, provider_id: string, id: string): Promise<Withdrawal | null> {
  return selectWithdrawal(sql, provider_id, id)
}
