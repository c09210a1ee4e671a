/** SQL of card_transactions, of what is alike among them, and of the RequestIDs that made them. */
import type { Database, Fragment, Sql } from '../database/connect.ts'
import type { Transaction } from './transaction.ts'

/** What must not be there yet, or must be as it was read, for a transaction to be stored. Each may be claimed by one writer only. */
export type Claims = {
  /** `null` = the request has no RequestID. */
  readonly request: RequestClaim | null
  /** `check: false` only leaves its mark. */
  readonly duplicate: { readonly likeness: string; readonly check: boolean }
  /** `newest`: the uid that was read as the newest of the chain, `null` = there was none. Left out = joins no chain. */
  readonly chain?: { readonly likeness: string; readonly newest: string | null }
}

export type RequestClaim = {
  readonly shop_id: number
  readonly path: string
  readonly request_id: string
  readonly body_hash: Uint8Array
}

export const requestKept_ms = 24 * 3_600_000
export const duplicateWindow_ms = 30_000

/**
 * The CTEs that store a transaction in the statement that stores what it is the face of. When a claim fails, the transaction
 * has no account to belong to, which the table refuses, and the whole statement with it: see `isUnclaimed`. When there is no
 * `moved`, nothing is claimed either: the statement will be tried again.
 */
export function insertTransaction(sql: Database, t: Transaction, claims: Claims): readonly Fragment[] {
  const parts: Fragment[] = [claimDuplicate(sql, t, claims.duplicate)]
  if (claims.request) parts.push(claimRequest(sql, t, claims.request))
  if (claims.chain) parts.push(claimChain(sql, t, claims.chain))
  const claimed = sql`select d.account_id from claimed_duplicate d ${claims.request ? sql`cross join claimed_request` : sql``}
    ${claims.chain ? sql`cross join claimed_chain` : sql``}`
  return [
    ...parts,
    sql`new_card_transaction as (
      insert into card_transactions (account_id, uid, shop_id, type, payment_id, operation_id, parent_uid, tracking_id, api_version,
        binding_id, cascade_mode, stamp, request, created_at)
      select (${claimed}), ${t.uid}, ${t.shop_id}::integer, ${t.type}, ${t.payment_id}, ${t.operation_id}, ${t.parent_uid},
        ${t.tracking_id}, ${t.api_version}::smallint, ${t.binding_id}, ${t.cascade_mode}, ${t.stamp},
        ${JSON.stringify(t.request)}::json, ${t.created_at}::timestamptz
      from moved
    )`,
  ]
}

/** Did the statement fail because a claim did? Then nothing was written. */
export function isUnclaimed(error: unknown): boolean {
  const { code, table_name, column_name } = error as { code?: string; table_name?: string; column_name?: string }
  return code === '23502' && table_name === 'card_transactions' && column_name === 'account_id'
}

function claimDuplicate(sql: Database, t: Transaction, claim: Claims['duplicate']): Fragment {
  const before = new Date(t.created_at.getTime() - duplicateWindow_ms)
  return sql`claimed_duplicate as (
    insert into card_latest as l (account_id, likeness, uid, created_at)
    select ${t.account_id}, ${claim.likeness}, ${t.uid}, ${t.created_at}::timestamptz from moved where true
    on conflict (account_id, likeness) do update set uid = excluded.uid, created_at = greatest(l.created_at, excluded.created_at)
    where ${!claim.check} or l.created_at <= ${before}
    returning account_id
  )`
}

function claimChain(sql: Database, t: Transaction, claim: NonNullable<Claims['chain']>): Fragment {
  return sql`claimed_chain as (
    insert into card_latest as l (account_id, likeness, uid, created_at)
    select ${t.account_id}, ${claim.likeness}, ${t.uid}, ${t.created_at}::timestamptz from moved where true
    on conflict (account_id, likeness) do update set uid = excluded.uid, created_at = excluded.created_at
    where l.uid = ${claim.newest ?? ''}
    returning account_id
  ), bound as (
    update card_transactions set binding_id = uid
    where account_id = ${t.account_id} and uid = ${t.binding_id} and binding_id is null
  )`
}

function claimRequest(sql: Database, t: Transaction, claim: RequestClaim): Fragment {
  const { uid: made, account_id, created_at } = t
  return claimedRequest(sql, { ...claim, account_id, made, created_at }, sql`moved`)
}

/**
 * The CTE that binds a RequestID to what it made; no row when somebody else's is kept still. `guard`: the name of an
 * expression before it, without a row of which nothing is bound.
 */
export function claimedRequest(
  sql: Database,
  c: RequestClaim & { readonly account_id: string; readonly made: string; readonly created_at: Date },
  guard?: Fragment,
): Fragment {
  return sql`claimed_request as (
    insert into card_request_ids as r (account_id, shop_id, path, request_id, body_hash, made, created_at)
    select ${c.account_id}, ${c.shop_id}::integer, ${c.path}, ${c.request_id}, ${c.body_hash}::bytea, ${c.made},
      ${c.created_at}::timestamptz
    ${guard ? sql`from ${guard}` : sql``}
    where true
    on conflict (account_id, shop_id, path, request_id)
      do update set body_hash = excluded.body_hash, made = excluded.made, created_at = excluded.created_at
      where r.created_at <= ${new Date(c.created_at.getTime() - requestKept_ms)}
    returning account_id as request_account_id
  )`
}

export type KeptRequestId = { readonly body_hash: Uint8Array; readonly made: string }

/** What an earlier request with this RequestID made, within the time it is kept. */
export async function selectRequestId(
  sql: Sql,
  account_id: string,
  claim: Pick<RequestClaim, 'shop_id' | 'path' | 'request_id'>,
  since: Date,
): Promise<KeptRequestId | null> {
  const [row] = await sql<KeptRequestId[]>`
    select body_hash, made from card_request_ids
    where account_id = ${account_id} and shop_id = ${claim.shop_id} and path = ${claim.path}
      and request_id = ${claim.request_id} and created_at > ${since}`
  return row ?? null
}

/** The newest uid of a likeness, `null` = none. */
export async function selectNewest(
  sql: Sql,
  account_id: string,
  likeness: string,
): Promise<{ readonly uid: string; readonly created_at: Date } | null> {
  const [row] = await sql<{ uid: string; created_at: Date }[]>`
    select uid, created_at from card_latest where account_id = ${account_id} and likeness = ${likeness}`
  return row ?? null
}

/** Payments and authorizations with one card since a time, oldest first. */
export async function selectByStamp(
  sql: Sql,
  account_id: string,
  stamp: string,
  since_uid: string,
): Promise<Transaction[]> {
  return await sql<Transaction[]>`
    select * from card_transactions where account_id = ${account_id} and stamp = ${stamp} and uid >= ${since_uid} order by uid`
}

export async function selectTransaction(sql: Sql, account_id: string, uid: string): Promise<Transaction | null> {
  const [row] = await sql<
    Transaction[]
  >`select * from card_transactions where account_id = ${account_id} and uid = ${uid}`
  return row ?? null
}

/** For pages of the payer, where only the uid is known. */
export async function selectTransactionByUid(sql: Sql, uid: string): Promise<Transaction | null> {
  const [row] = await sql<Transaction[]>`select * from card_transactions where uid = ${uid}`
  return row ?? null
}

/** The face of a payment, or of an operation on one. */
export async function selectFaceOf(
  sql: Sql,
  account_id: string,
  of: { readonly payment_id: string } | { readonly operation_id: string },
): Promise<Transaction | null> {
  const [row] =
    'payment_id' in of
      ? await sql<Transaction[]>`
          select * from card_transactions where account_id = ${account_id} and payment_id = ${of.payment_id} and operation_id is null`
      : await sql<
          Transaction[]
        >`select * from card_transactions where account_id = ${account_id} and operation_id = ${of.operation_id}`
  return row ?? null
}

/** Those with this tracking_id, whole or as one of its parts, newest first. */
export async function selectByTracking(
  sql: Sql,
  account_id: string,
  shop_id: number,
  tracking_id: string,
  limit: number,
): Promise<Transaction[]> {
  return await sql<Transaction[]>`
    select * from (
      (select * from card_transactions where account_id = ${account_id} and shop_id = ${shop_id} and tracking_id = ${tracking_id}
        order by uid desc limit ${limit})
      union all
      (select * from card_transactions where account_id = ${account_id} and shop_id = ${shop_id}
          and tracking_id like '%;%' and string_to_array(tracking_id, ';') @> array[${tracking_id}::text] and tracking_id <> ${tracking_id}
        order by uid desc limit ${limit})
    ) as found order by uid desc limit ${limit}`
}

/** Forgets what no rule asks for any more. Returns how many rows went. */
export async function deleteForgotten(sql: Sql, now: Date, limit: number): Promise<number> {
  const likeBefore = new Date(now.getTime() - requestKept_ms)
  const [row] = await sql<{ gone: number }[]>`
    with old_likes as (
      delete from card_latest where (account_id, likeness) in (
        select account_id, likeness from card_latest where created_at < ${likeBefore} limit ${limit})
      and created_at < ${likeBefore} returning 1
    ), old_requests as (
      delete from card_request_ids where (account_id, shop_id, path, request_id) in (
        select account_id, shop_id, path, request_id from card_request_ids where created_at < ${likeBefore} limit ${limit})
      and created_at < ${likeBefore} returning 1
    )
    select (select count(*)::int from old_likes) + (select count(*)::int from old_requests) as gone`
  return row?.gone ?? 0
}
