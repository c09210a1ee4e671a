import type { Database } from '../database/connect.ts'
import { updateClosed } from './case-table.ts'

/** Closes a case in the transaction that settles what it is about. `false` = somebody has closed it before. */
export async function takeCase(
  tx: Database,
  id: string,
  closed: { readonly at: Date; readonly by: string; readonly note: string },
): Promise<boolean> {
  return (await updateClosed(tx, id, closed)) !== null
}
