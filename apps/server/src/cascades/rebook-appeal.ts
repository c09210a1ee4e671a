import type { Database } from '../database/connect.ts'
import { newId } from '../ids.ts'
import { type Appeal, type Rebooked, rebook } from './settlement-table.ts'

/**
 * The appeal was confirmed: the old debit comes back in full, hold and freeze end, the appeal's amount is taken in full; the
 * balance moves by the difference (Cascade API, 11.4). One statement. `null` = the appeal is not open, nothing changed.
 */
export async function rebookAppeal(sql: Database, appeal: Appeal, now: Date): Promise<Rebooked | null> {
  const id = (): string => newId('transfer', now)
  return rebook(sql, appeal, { end: id(), moved_end: id(), release: id(), reversal: id(), debit: id() }, now)
}
