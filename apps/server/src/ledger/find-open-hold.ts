import type { Database } from '../database/connect.ts'
import { selectOpenHold } from './table.ts'
import type { Transfer } from './transfer.ts'

/**
 * The hold of an authorization that is still open. `references`: the payment, and the captures and voids made of it, each of
 * which may have left a hold of what remained. `null` when nothing is held, or the account kept no books at that time.
 */
export async function findOpenHold(
  sql: Database,
  account_id: string,
  references: readonly string[],
): Promise<Transfer | null> {
  return selectOpenHold(sql, account_id, references)
}
