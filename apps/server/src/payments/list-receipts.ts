import { moneyCases } from '../cascades/provider-case.ts'
import type { Database } from '../database/connect.ts'
import { type StandingReceipt, selectStandingReceipts } from './receipt-table.ts'

const receipts_max = 1_000

/** What stands on unallocated receipts and waits for an operator, oldest first; a thousand at most. */
export async function listReceipts(sql: Database): Promise<StandingReceipt[]> {
  return selectStandingReceipts(sql, moneyCases, receipts_max)
}
