/** The books of one provider, mode and settlement currency: what other modules book there and read of them. */
import type { Database, Fragment } from '../database/connect.ts'
import {
  cascadeAppeals,
  cascadeClearing,
  figuresOf,
  type ProviderFigures,
  platformTreasury,
  providerBookings,
  providerPrepaid,
} from './rules/provider-transfers.ts'
import { availableSum, lockBalance, type Purpose } from './table.ts'

export type ProviderBooks = { readonly provider_id: string; readonly test_mode: boolean; readonly currency: string }

const prepaid = ({ provider_id, test_mode, currency }: ProviderBooks): Purpose => ({
  account_id: provider_id,
  test_mode,
  currency,
  purpose: providerPrepaid,
})

/**
 * Takes the lock that whoever limits himself to what is available must hold, until the transaction ends. The check belongs
 * into a later statement of the same transaction, which then sees every hold made before. Money coming back never waits here.
 */
export async function lockPrepaid(sql: Database, books: ProviderBooks, now: Date): Promise<void> {
  await lockBalance(sql, prepaid(books), now)
}

/** What is available, in settlement minor units, as a scalar subquery. */
export function prepaidAvailable(sql: Database, books: ProviderBooks): Fragment {
  return availableSum(sql, prepaid(books))
}

/**
 * Books what `moves` selects, inside a larger statement: a list of CTEs without a leading "with" or a trailing comma. `moves`
 * is a query of (provider_id, id, test_mode, currency, code, amount_minor, pending_id, reference, subject_id, created_at), the
 * subject being the attempt, the top-up or the withdrawal. A row with an amount of 0 books nothing. An event that is booked
 * already, or a hold that has ended, fails the whole statement (unique violation). `booked_moves` holds what was written.
 */
export function bookMoves(sql: Database, moves: Fragment): Fragment {
  const bookings = JSON.stringify(Object.entries(providerBookings).map(([code, booking]) => ({ code, ...booking })))
  return sql`
    booked_moves as (
      insert into ledger_transfers
        (account_id, id, test_mode, currency, debit, credit, amount_minor, kind, pending_id, code, reference, subject_id, created_at)
      select m.provider_id, m.id, m.test_mode, m.currency, b.debit, b.credit, m.amount_minor, b.kind, m.pending_id, m.code,
        m.reference, m.subject_id, m.created_at
      from (${moves}) as m
      join json_to_recordset(${bookings}::json) as b (code text, kind text, debit text, credit text) on b.code = m.code
      where m.amount_minor <> 0
      returning account_id, id, test_mode, currency, debit, credit, amount_minor, kind
    ), unfolded_moves as (
      insert into ledger_unfolded (account_id, transfer_id, test_mode, currency, debit, credit, amount_minor, kind)
      select account_id, id, test_mode, currency, debit, credit, amount_minor, kind from booked_moves
    )`
}

/** The figures of the balance, exact at the statement's moment. To act on `available`, hold the lock. */
export async function readProviderFigures(sql: Database, books: ProviderBooks): Promise<ProviderFigures> {
  const [sums] = await sql<{ total: string; held: string; frozen: string; withdrawing: string }[]>`
    select
      coalesce(sum(credits_posted_minor - debits_posted_minor) filter (where purpose = ${providerPrepaid}), 0)::text as total,
      coalesce(sum(credits_pending_minor) filter (where purpose = ${cascadeClearing}), 0)::text as held,
      coalesce(sum(credits_pending_minor) filter (where purpose = ${cascadeAppeals}), 0)::text as frozen,
      coalesce(sum(credits_pending_minor) filter (where purpose = ${platformTreasury}), 0)::text as withdrawing
    from ledger_balance_parts
    where account_id = ${books.provider_id} and test_mode = ${books.test_mode} and currency = ${books.currency}`
  return figuresOf({
    total_minor: BigInt(sums?.total ?? 0),
    held_minor: BigInt(sums?.held ?? 0),
    frozen_minor: BigInt(sums?.frozen ?? 0),
    withdrawing_minor: BigInt(sums?.withdrawing ?? 0),
  })
}
