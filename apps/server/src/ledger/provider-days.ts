/** A provider's bookings by day. */
import type { Database } from '../database/connect.ts'
import type { ProviderBooks } from './provider-books.ts'
import { effectOnAvailable, type ProviderCode } from './rules/provider-transfers.ts'

export type ProviderDay = {
  /** UTC, as 2026-11-21. */
  readonly day: string
  readonly code: ProviderCode
  readonly count: number
  readonly amount_minor: bigint
  /** What it did to `available`. */
  readonly change_minor: bigint
}

/** Newest day first. Ids of transfers: `from` is included, `before` is not. */
export async function readProviderDays(
  sql: Database,
  books: ProviderBooks,
  { from, before }: { readonly from: string; readonly before: string },
): Promise<ProviderDay[]> {
  const rows = await sql<{ day: string; code: ProviderCode; count: number; minor: string }[]>`
    select to_char(created_at at time zone 'UTC', 'YYYY-MM-DD') as day, code, count(*)::integer as count,
      sum(amount_minor)::text as minor
    from ledger_transfers
    where account_id = ${books.provider_id} and test_mode = ${books.test_mode} and currency = ${books.currency}
      and id >= ${from} and id < ${before}
    group by day, code order by day desc, code`
  return rows.map(({ day, code, count, minor }) => ({
    day,
    code,
    count,
    amount_minor: BigInt(minor),
    change_minor: BigInt(minor) * effectOnAvailable(code),
  }))
}
