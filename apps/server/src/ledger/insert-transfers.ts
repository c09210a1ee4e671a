import type { Database, Fragment } from '../database/connect.ts'
import type { Transfer } from './transfer.ts'

/**
 * Books the transfers inside a larger statement: a list of CTEs, without a leading "with" or a trailing comma, that adds
 * nothing when `guard` (the name of a CTE or a table) has no rows. One parameter carries all transfers, so the statement's
 * text does not depend on their number and stays prepared. `inserted_transfers` holds the ids that were written.
 * A business event that is booked already, or a hold that has ended, fails the whole statement (unique violation).
 */
export function insertTransfers(
  sql: Database,
  account_id: string,
  transfers: readonly Transfer[],
  guard: Fragment,
): Fragment {
  const rows = JSON.stringify(transfers, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
  return sql`
    inserted_transfers as (
      insert into ledger_transfers
        (account_id, id, test_mode, currency, debit, credit, amount_minor, kind, pending_id, code, reference, subject_id, created_at)
      select ${account_id}, id, test_mode, currency, debit, credit, amount_minor, kind, pending_id, code, reference, subject_id, created_at
      from json_to_recordset(${rows}::json) as given (
        id text, test_mode boolean, currency text, debit text, credit text, amount_minor bigint, kind text, pending_id text,
        code text, reference text, subject_id text, created_at timestamptz)
      where exists (select 1 from ${guard})
      returning id, test_mode, currency, debit, credit, amount_minor, kind
    ), unfolded_transfers as (
      insert into ledger_unfolded (account_id, transfer_id, test_mode, currency, debit, credit, amount_minor, kind)
      select ${account_id}, id, test_mode, currency, debit, credit, amount_minor, kind from inserted_transfers
    )`
}
