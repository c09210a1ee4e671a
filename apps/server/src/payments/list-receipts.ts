import { moneyCases } from '../cascades/provider-case.ts'
import type { Database } from '../database/connect.ts'
import {
  type ReceiptDecisionRow,
  type StandingReceipt,
  selectReceiptDecisions,
  selectStandingReceipts,
} from './receipt-table.ts'

const receipts_max = 1_000

/** What stands on unallocated receipts and waits for an operator, oldest first; a thousand at most. */
export async function listReceipts(sql: Database): Promise<StandingReceipt[]> {
  return selectStandingReceipts(sql, moneyCases, receipts_max)
}

/** What was decided about an attempt's money so far, oldest first. */
export async function listDecisions(
  sql: Database,
  of: { readonly account_id: string; readonly attempt_id: string },
): Promise<ReceiptDecisionRow[]> {
  return selectReceiptDecisions(sql, of.account_id, of.attempt_id)
}
