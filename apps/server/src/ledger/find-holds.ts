import type { Database } from '../database/connect.ts'
import { selectHolds } from './table.ts'
import type { Transfer } from './transfer.ts'

/**
 * The holds made for a refund, to be posted or voided. None when the account kept no books at that time. They are returned
 * after their end too: the caller's guard, and in the last place a unique index, keeps a hold from ending twice.
 */
export async function findHolds(sql: Database, account_id: string, reference: string): Promise<Transfer[]> {
  return selectHolds(sql, account_id, reference)
}
