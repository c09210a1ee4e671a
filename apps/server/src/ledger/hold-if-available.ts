import type { Transaction } from '../database/connect.ts'
import { insertTransfers } from './insert-transfers.ts'
import { availableSum, lockBalance } from './table.ts'
import { merchantActive, type Transfer } from './transfer.ts'

export type Hold = {
  readonly account_id: string
  /** Transfers of one currency and mode, such as those of `transfersOfRefundHold`. */
  readonly transfers: readonly Transfer[]
  /** How far below zero the active balance may go, in minor units. */
  readonly overdraft_minor: bigint
  readonly now: Date
}

/**
 * Books the holds if the merchant's active balance and overdraft cover what they take from it; `false` = not covered, nothing
 * was written. The balance's row stays locked until the transaction ends, so that any number of holds at once never take
 * more than there is. Credits do not wait for the lock.
 */
export async function holdIfAvailable(sql: Transaction, hold: Hold): Promise<boolean> {
  const [first] = hold.transfers
  if (!first) return true
  const taken_minor = hold.transfers
    .filter(({ debit, kind }) => debit === merchantActive && kind === 'pending')
    .reduce((sum, { amount_minor }) => sum + amount_minor, 0n)
  const active = {
    account_id: hold.account_id,
    test_mode: first.test_mode,
    currency: first.currency,
    purpose: merchantActive,
  }
  await lockBalance(sql, active, hold.now)
  // A statement of its own, begun after the lock: it sees every hold that was made before.
  const rows = await sql`
    with covered as (
      select 1 where ${taken_minor}::bigint = 0 or ${availableSum(sql, active)} + ${hold.overdraft_minor}::bigint >= ${taken_minor}::bigint
    ), ${insertTransfers(sql, hold.account_id, hold.transfers, sql`covered`)}
    select 1 from covered`
  return rows.length === 1
}
