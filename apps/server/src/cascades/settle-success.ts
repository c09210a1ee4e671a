import type { Database } from '../database/connect.ts'
import { newId } from '../ids.ts'
import type { ProviderPayment } from './provider.ts'
import { type Debited, debit } from './settlement-table.ts'

/**
 * Takes the settlement amount for good: from the hold (Cascade API, T5), or, when that was given back before, from what is
 * available, even below zero (T9, `late_success`). Always exactly what was held: another amount is an appeal's business, and the
 * provider's reward lies in the rate. One statement. `null` = it was taken before, by a success or an appeal.
 */
export async function settleSuccess(sql: Database, payment: ProviderPayment, now: Date): Promise<Debited | null> {
  return debit(sql, payment, newId('transfer', now), now)
}
