import type { Database } from '../database/connect.ts'
import { newId } from '../ids.ts'
import type { ProviderPayment } from './provider.ts'
import { type Released, release } from './settlement-table.ts'

/**
 * Gives a hold back: refused, violation, not sent, unknown, failed, expired, cancelled (Cascade API, T4 and T6 to T8). While an
 * appeal is open, what its freeze lacks stays frozen (`moved_minor`). One statement, for the transaction that ends the attempt.
 * `null` = nothing was held any more, so an event that comes twice, or after a success, changes nothing.
 */
export async function releaseHold(sql: Database, payment: ProviderPayment, now: Date): Promise<Released | null> {
  return release(sql, payment, { end: newId('transfer', now), moved: newId('transfer', now) }, now)
}
