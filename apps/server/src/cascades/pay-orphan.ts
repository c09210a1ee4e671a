import type { Database } from '../database/connect.ts'
import { updateOrphanPaid } from './follow-table.ts'
import { settleSuccess } from './settle-success.ts'

/**
 * An order that nobody was shown turns out to be paid for this attempt: its provider is debited as for a late success, and is not
 * asked about it any more. For the transaction that changes the attempt. `false` = it is no orphan that could be paid, or the
 * order is another payment's; nothing was changed.
 */
export async function payOrphan(
  tx: Database,
  of: { readonly account_id: string; readonly attempt_id: string; readonly provider_id: string },
  now: Date,
): Promise<boolean> {
  if (!(await updateOrphanPaid(tx, of, now))) return false
  if (!(await settleSuccess(tx, of, now))) throw new Error(`${of.attempt_id} was debited before it was paid`)
  return true
}
