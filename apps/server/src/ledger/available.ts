import type { Database } from '../database/connect.ts'
import { availableSum } from './table.ts'
import { merchantActive } from './transfer.ts'

/**
 * The active balance of a merchant account in minor units, debits on hold taken off, exact at the statement's moment. It
 * may be negative. It promises nothing about the next moment: to act on it, use `holdIfAvailable`.
 */
export async function availableMinor(
  sql: Database,
  account_id: string,
  currency: string,
  test_mode: boolean,
): Promise<bigint> {
  const rows = await sql<{ minor: string }[]>`
    select ${availableSum(sql, { account_id, test_mode, currency, purpose: merchantActive })}::text as minor`
  return BigInt(rows[0]?.minor ?? 0)
}
