/** The transfers of a provider's books as lines of a statement, newest first. */
import type { Database } from '../database/connect.ts'
import { type ProviderBooks, prepaidAvailable } from './provider-books.ts'
import { effectOnAvailable, type ProviderCode, providerBookings, providerPrepaid } from './rules/provider-transfers.ts'

export type ProviderEntry = {
  /** `trf_…` */
  readonly id: string
  readonly code: ProviderCode
  readonly amount_minor: bigint
  /** What it did to `available`; 0 when a hold ended for good. */
  readonly change_minor: bigint
  readonly available_after_minor: bigint
  /** The attempt, appeal, top-up or withdrawal that caused it, and the attempt (or order) it belongs to. */
  readonly reference: string
  readonly subject_id: string
  readonly created_at: Date
}

/** Ids of transfers: `from` is included, `before` is not. `available_minor` is what there was before the row `before`. */
export type EntryRange = {
  readonly from: string | null
  readonly before: string | null
  readonly available_minor: bigint | null
  /** Left out = every kind. */
  readonly codes?: readonly ProviderCode[]
  readonly limit: number
}

type Row = Omit<ProviderEntry, 'available_after_minor'> & {
  readonly top: string | null
  /** The change of this row and of the newer ones down from `before`. */
  readonly through: string
}

const codes = Object.keys(providerBookings) as ProviderCode[]
const effects = JSON.stringify(codes.map((code) => ({ code, effect: String(effectOnAvailable(code)) })))

/**
 * Lines with a running balance. Without `available_minor` it is reckoned back from what is available now, at the cost of the
 * lines that are newer than the page; with `codes` at the cost of the lines between those shown.
 */
export async function readProviderEntries(
  sql: Database,
  books: ProviderBooks,
  { from, before, available_minor, codes: shown = codes, limit }: EntryRange,
): Promise<ProviderEntry[]> {
  const own = sql`account_id = ${books.provider_id} and test_mode = ${books.test_mode} and currency = ${books.currency}`
  const rows = await sql<Row[]>`
    with effects as (select * from json_to_recordset(${effects}::json) as given (code text, effect bigint)),
    page as materialized (
      select id, code, amount_minor, amount_minor * effect as change_minor, reference, subject_id, created_at
      from ledger_transfers join effects using (code)
      where ${own} and code = any (${[...shown]})
        and (${from}::text is null or id >= ${from}) and (${before}::text is null or id < ${before})
      order by id desc limit ${limit}
    ), span as (
      select id, sum(amount_minor * effect) over (order by id desc)::text as through
      from ledger_transfers join effects using (code)
      where ${own} and id >= (select min(id) from page) and (${before}::text is null or id < ${before})
    )
    select page.*, through, case when ${available_minor === null} then (
        select ${prepaidAvailable(sql, books)} - coalesce(sum(amount_minor * effect), 0)
        from ledger_transfers join effects using (code) where ${own} and id >= ${before}
      )::text end as top
    from page join span using (id) order by id desc`
  return rows.map(({ top, through, ...row }) => {
    const newest = available_minor ?? BigInt(top ?? 0)
    return { ...row, available_after_minor: newest - BigInt(through) + row.change_minor }
  })
}

export type ProviderAvailable = {
  readonly provider_id: string
  readonly test_mode: boolean
  readonly available_minor: bigint
}

/** What is available to each of these providers, in each mode that has books. */
export async function readProvidersAvailable(
  sql: Database,
  provider_ids: readonly string[],
): Promise<ProviderAvailable[]> {
  const rows = await sql<{ provider_id: string; test_mode: boolean; minor: string }[]>`
    select account_id as provider_id, test_mode, sum(credits_posted_minor - debits_posted_minor - debits_pending_minor)::text as minor
    from ledger_balance_parts
    where account_id = any (${[...provider_ids]}) and purpose = ${providerPrepaid}
    group by account_id, test_mode
    order by account_id, test_mode`
  return rows.map(({ minor, ...row }) => ({ ...row, available_minor: BigInt(minor) }))
}
