import type { Database } from '../database/connect.ts'
import { newId } from '../ids.ts'
import { type Appeal, unfreeze } from './settlement-table.ts'

/** The appeal was cancelled: what is frozen for it is available again. One statement. `false` = it is not open, nothing changed. */
export async function unfreezeAppeal(sql: Database, appeal: Appeal, now: Date): Promise<boolean> {
  return unfreeze(sql, appeal, { end: newId('transfer', now), moved_end: newId('transfer', now) }, now)
}
