/** The form of a check, and what checks are made with. */
import type { Database, Fragment } from '../database/connect.ts'

export type Check = {
  readonly name: string
  /** A scalar subquery: how many things were looked at. */
  readonly counted: (sql: Database) => Fragment
  /** A query of one text column: the culprits. */
  readonly broken: (sql: Database) => Fragment
}

/** The transfers of these codes, as a table. */
export const transfersOfCodes = (sql: Database, codes: readonly string[]): Fragment =>
  sql`(select * from ledger_transfers where code = any (${[...codes]}))`

export const countOfCodes = (sql: Database, codes: readonly string[]): Fragment =>
  sql`(select count(*) from ledger_transfers where code = any (${[...codes]}))`

/** Compares lines that must be booked (`expected`) with the transfers of these codes, both ways. */
export const unequal = (sql: Database, expected: Fragment, codes: readonly string[]): Fragment => sql`
  select concat_ws(' ', coalesce(e.account_id, t.account_id), coalesce(e.reference, t.reference), coalesce(e.code, t.code),
    case when t.id is null then 'is not booked' when e.code is null then 'is booked, and should not be' else 'is booked wrongly' end,
    t.id, 'expected', coalesce(e.amount_minor, 0), 'found', coalesce(t.amount_minor, 0))
  from (${expected}) as e
  full join ${transfersOfCodes(sql, codes)} as t on t.account_id = e.account_id and t.reference = e.reference and t.code = e.code
  where (t.id is null and e.must) or (t.id is not null and (e.code is null
    or (t.kind, t.amount_minor, t.currency, t.test_mode, t.subject_id, t.debit, t.credit)
      is distinct from (e.kind, e.amount_minor, e.currency, e.test_mode, e.subject_id, coalesce(e.debit, t.debit), coalesce(e.credit, t.credit))))`
