import type { Database } from '../database/connect.ts'
import type { ProviderBooks } from './provider-books.ts'
import type { ProviderEntry } from './provider-entries.ts'
import { effectOnAvailable, type ProviderCode } from './rules/provider-transfers.ts'

type Row = Omit<ProviderEntry, 'change_minor' | 'available_after_minor'>

/** The bookings in a provider's books that were caused by these attempts, appeals or orders, oldest first. */
export async function readBookingsOf(
  sql: Database,
  books: ProviderBooks,
  references: readonly string[],
): Promise<Omit<ProviderEntry, 'available_after_minor'>[]> {
  const rows = await sql<Row[]>`
    select id, code, amount_minor, reference, subject_id, created_at from ledger_transfers
    where account_id = ${books.provider_id} and reference = any (${[...references]})
      and test_mode = ${books.test_mode} and currency = ${books.currency}
    order by id`
  return rows.map((row) => ({ ...row, change_minor: row.amount_minor * effectOnAvailable(row.code as ProviderCode) }))
}
