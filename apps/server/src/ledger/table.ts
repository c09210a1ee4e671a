/** SQL of the books: ledger_transfers, ledger_unfolded, ledger_balances and their views. */
import type { Database, Fragment } from '../database/connect.ts'
import { merchantActive, merchantReserved, type Transfer } from './transfer.ts'

/** The holds made for a reference, ended or not. */
export async function selectHolds(sql: Database, account_id: string, reference: string): Promise<Transfer[]> {
  return sql<Transfer[]>`
    select id, test_mode, currency, debit, credit, amount_minor, kind, pending_id, code, reference, subject_id, created_at
    from ledger_transfers
    where account_id = ${account_id} and reference = ${reference} and kind = 'pending'
    order by id`
}

/** The hold of an authorization under any of these references that nothing has ended; there is never more than one. */
export async function selectOpenHold(
  sql: Database,
  account_id: string,
  references: readonly string[],
): Promise<Transfer | null> {
  const [hold] = await sql<Transfer[]>`
    select id, test_mode, currency, debit, credit, amount_minor, kind, pending_id, code, reference, subject_id, created_at
    from ledger_transfers h
    where account_id = ${account_id} and reference = any (${[...references]}) and code = 'authorization_hold'
      and not exists (select 1 from ledger_transfers e where e.account_id = h.account_id and e.pending_id = h.id)`
  return hold ?? null
}

export type Purpose = {
  readonly account_id: string
  readonly test_mode: boolean
  readonly currency: string
  readonly purpose: string
}

/** What a credit-normal account has left: posted credits − posted debits − debits on hold, as a scalar subquery. */
export function availableSum(sql: Database, of: Purpose): Fragment {
  return sql`(
    select coalesce(sum(credits_posted_minor - debits_posted_minor - debits_pending_minor), 0)
    from ledger_balance_parts
    where account_id = ${of.account_id} and test_mode = ${of.test_mode} and currency = ${of.currency} and purpose = ${of.purpose}
  )`
}

export type BalanceSums = {
  readonly currency: string
  readonly active: string
  readonly pending: string
  readonly reserved: string
}

/** The merchant's live balances by currency, as decimal text of minor units. */
export async function selectBalances(sql: Database, account_id: string): Promise<BalanceSums[]> {
  return sql<BalanceSums[]>`
    select currency,
      coalesce(sum(credits_posted_minor - debits_posted_minor - debits_pending_minor) filter (where purpose = ${merchantActive}), 0)::text as active,
      coalesce(sum(debits_pending_minor) filter (where purpose = ${merchantActive}), 0)::text as pending,
      coalesce(sum(credits_posted_minor - debits_posted_minor - debits_pending_minor) filter (where purpose = ${merchantReserved}), 0)::text as reserved
    from ledger_balance_parts
    where account_id = ${account_id} and not test_mode and purpose in (${merchantActive}, ${merchantReserved})
    group by currency
    order by currency`
}

/** Takes the row lock of one balance until the transaction ends, making the row when there is none. */
export async function lockBalance(sql: Database, of: Purpose, now: Date): Promise<void> {
  await sql`
    insert into ledger_balances (account_id, test_mode, currency, purpose, updated_at)
    values (${of.account_id}, ${of.test_mode}, ${of.currency}, ${of.purpose}, ${now})
    on conflict (account_id, test_mode, currency, purpose) do update set updated_at = excluded.updated_at`
}

/** A page of the accounts that have something to fold, after the given one. */
export async function selectUnfoldedAccounts(sql: Database, after: string, limit: number): Promise<string[]> {
  const rows = await sql<{ account_id: string }[]>`
    select distinct account_id from ledger_unfolded where account_id > ${after} order by account_id limit ${limit}`
  return rows.map(({ account_id }) => account_id)
}

/**
 * Moves up to `limit` unfolded transfers of one account into its balances, in one statement: whole or not at all. Transfers
 * in another folder's hands are passed over, and balances are locked in the order of their key.
 */
export async function foldAccount(sql: Database, account_id: string, limit: number, now: Date): Promise<number> {
  const rows = await sql<{ folded: number }[]>`
    with chosen as materialized (
      select transfer_id from ledger_unfolded where account_id = ${account_id}
      order by transfer_id limit ${limit} for update skip locked
    ), taken as (
      delete from ledger_unfolded
      where account_id = ${account_id} and transfer_id = any (array(select transfer_id from chosen))
      returning test_mode, currency, debit, credit, amount_minor, kind
    ), entries as (
      select test_mode, currency, side.purpose,
        case when kind in ('posted', 'post') then amount_minor else 0 end as posted,
        case kind when 'posted' then 0 when 'pending' then amount_minor else -amount_minor end as pending,
        side.debited
      from taken cross join lateral (values (debit, 1), (credit, 0)) as side (purpose, debited)
    ), folded as (
      insert into ledger_balances (account_id, test_mode, currency, purpose,
        debits_posted_minor, credits_posted_minor, debits_pending_minor, credits_pending_minor, updated_at)
      select ${account_id}, test_mode, currency, purpose,
        sum(posted * debited), sum(posted * (1 - debited)), sum(pending * debited), sum(pending * (1 - debited)), ${now}
      from entries group by test_mode, currency, purpose
      order by test_mode, currency, purpose
      on conflict (account_id, test_mode, currency, purpose) do update set
        debits_posted_minor = ledger_balances.debits_posted_minor + excluded.debits_posted_minor,
        credits_posted_minor = ledger_balances.credits_posted_minor + excluded.credits_posted_minor,
        debits_pending_minor = ledger_balances.debits_pending_minor + excluded.debits_pending_minor,
        credits_pending_minor = ledger_balances.credits_pending_minor + excluded.credits_pending_minor,
        updated_at = excluded.updated_at
    )
    select count(*)::int as folded from taken`
  return rows[0]?.folded ?? 0
}
