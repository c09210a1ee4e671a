/** SQL of what card networks forbid: blocks, and the attempts that count towards their ceilings. */
import type { Database, Fragment } from '../database/connect.ts'
import type { CountState, Network, NetworkBlock, NewBlock } from './rules/network-guard.ts'
import type { BlockScope } from './rules/never-scope.ts'

/** A card at an acceptor. `test_key` is empty in live mode. */
export type CardKey = { readonly account_id: string; readonly fingerprint: string; readonly test_key: string }

/** What is asked of a card. Key and amount may be columns of the statement that the look is a part of. */
export type CardQuestion = { readonly [key in keyof CardKey]: string | Fragment } & {
  readonly amount_minor: bigint | Fragment
  readonly currency: string | Fragment
  /** Decided after these moments counts. */
  readonly day: Date
  readonly month: Date
  readonly now: Date
  /** An attempt that is left out of the counts; empty = none. */
  readonly without_attempt: string
  /** Blocks set at other acceptors too; they hold for payments that the merchant starts. */
  readonly elsewhere: boolean
}

export type CardRow = {
  readonly counted_24h: number
  readonly counted_30d: number
  readonly open: number
  readonly declined_24h: number
  readonly last_seq: number
  readonly blocks: readonly NetworkBlock[]
}

type BlockJson = {
  id: string
  scope: BlockScope
  amount: string
  currency: string
  reason: string
  ends_at: string | null
}

/** All that is known of the card, in one look: a column for `readSeen`. */
export function cardColumn(sql: Database, q: CardQuestion): Fragment {
  return sql`(
    select json_build_object(
      'last_seq', coalesce(max(seq), 0),
      'open', count(*) filter (where state = 'open' and attempt_id <> ${q.without_attempt}),
      'declined_24h', count(*) filter (where state = 'declined' and counted_at > ${q.day}),
      'counted_24h', count(*) filter (where attempt_id <> ${q.without_attempt}
        and (state = 'open' or (state = 'declined' and counted_at > ${q.day}))),
      'counted_30d', count(*) filter (where attempt_id <> ${q.without_attempt}
        and counts.amount_minor = ${q.amount_minor} and counts.currency = ${q.currency}
        and (state = 'open' or (state = 'declined' and counted_at > ${q.month}))),
      'blocks', (select json_agg(json_build_object('id', id, 'scope', scope, 'amount', amount_minor::text, 'currency', currency,
        'reason', reason, 'ends_at', ends_at) order by created_at, id)
      from (
        select * from network_blocks where account_id = ${q.account_id} and fingerprint = ${q.fingerprint}
        ${q.elsewhere ? blocksElsewhere(sql, q) : sql``}
      ) block
      where lifted_at is null and block.test_key = ${q.test_key} and (ends_at is null or ends_at > ${q.now})))
    from network_counts counts
    where counts.account_id = ${q.account_id} and counts.fingerprint = ${q.fingerprint} and counts.test_key = ${q.test_key})`
}

const blocksElsewhere = (sql: Database, { fingerprint, account_id }: CardQuestion): Fragment => sql`
  union all
  select * from network_blocks
  where fingerprint = ${fingerprint} and scope = 'recurring_all' and account_id <> ${account_id}`

/** What `cardColumn` has seen. */
export function readSeen(column: unknown): CardRow {
  const row = column as Omit<CardRow, 'blocks'> & { readonly blocks: readonly BlockJson[] | null }
  return { ...row, blocks: (row.blocks ?? []).map(toBlock) }
}

function toBlock({ amount, ends_at, ...block }: BlockJson): NetworkBlock {
  return { ...block, amount_minor: BigInt(amount), ends_at: ends_at === null ? null : new Date(ends_at) }
}

export type CountedAttempt = {
  readonly id: string
  readonly network: Network
  readonly amount_minor: bigint
  readonly currency: string
  readonly at: Date
}

/** A CTE guarded by `moved`: the attempt counts as open. The whole statement fails when somebody else has taken `seq`. */
export function insertCount(sql: Database, key: CardKey, seq: number, attempt: CountedAttempt): Fragment {
  return sql`network_count as (
    insert into network_counts (account_id, fingerprint, test_key, seq, attempt_id, network, amount_minor, currency, state, counted_at)
    select ${key.account_id}, ${key.fingerprint}, ${key.test_key}, ${seq}::integer, ${attempt.id}, ${attempt.network},
      ${attempt.amount_minor}::bigint, ${attempt.currency}, 'open', ${attempt.at}::timestamptz from moved
  )`
}

/** Whether an error says that somebody else has taken the number of `insertCount`. */
export function isTaken(error: unknown): boolean {
  const { code, constraint_name } = (error ?? {}) as { code?: unknown; constraint_name?: unknown }
  return code === '23505' && constraint_name === 'network_counts_pkey'
}

export type EndedAttempt = {
  readonly account_id: string
  readonly fingerprint: string
  /** `null` = not known: all of the card are looked through. */
  readonly test_key: string | null
  readonly id: string
  readonly payment_id: string
  readonly number: number
  readonly state: Exclude<CountState, 'open'>
  readonly at: Date
}

const countOf = (sql: Database, { account_id, fingerprint, test_key, id }: EndedAttempt): Fragment => sql`
  counted.account_id = ${account_id} and counted.fingerprint = ${fingerprint} and counted.attempt_id = ${id}
  ${test_key === null ? sql`` : sql`and counted.test_key = ${test_key}`}`

/** A CTE guarded by `moved`: from now on the attempt counts as decided, or not at all. */
export function updateCount(sql: Database, attempt: EndedAttempt): Fragment {
  return sql`network_count_end as (
    update network_counts counted set state = ${attempt.state}, counted_at = ${attempt.at}
    where ${countOf(sql, attempt)} and exists (select 1 from moved)
  )`
}

/** A CTE guarded by `moved`: blocks of the card an attempt was made with. */
export function insertBlocks(sql: Database, attempt: EndedAttempt, blocks: readonly NewBlock[]): Fragment {
  return sql`network_block as (
    insert into network_blocks (account_id, id, scope, fingerprint, amount_minor, currency, test_key, payment_id, attempt_number,
      reason, ends_at, created_at)
    select counted.account_id, ${`${attempt.id}.`}::text || block.scope, block.scope, counted.fingerprint, counted.amount_minor,
      counted.currency, counted.test_key, ${attempt.payment_id}, ${attempt.number}::integer, block.reason, block.ends_at,
      ${attempt.at}::timestamptz
    from network_counts counted,
      json_to_recordset(${JSON.stringify(blocks)}::json) as block (scope text, reason text, ends_at timestamptz)
    where ${countOf(sql, attempt)} and exists (select 1 from moved)
    on conflict do nothing
  )`
}

export type BlockRow = NetworkBlock & {
  readonly account_id: string
  readonly payment_id: string
  readonly attempt_number: number
  readonly test_key: string
  readonly created_at: Date
  readonly lifted_at: Date | null
  readonly lifted_by: string | null
  readonly lifted_because: string | null
}

const columns = (sql: Database) => sql`
  account_id, id, scope, amount_minor, currency, test_key, payment_id, attempt_number, reason, ends_at, created_at, lifted_at,
  lifted_by, lifted_because`

/** The newest blocks that hold. */
export async function selectHolding(sql: Database, now: Date, limit: number): Promise<BlockRow[]> {
  return await sql<BlockRow[]>`
    select ${columns(sql)} from network_blocks
    where lifted_at is null and (ends_at is null or ends_at > ${now})
    order by created_at desc, id limit ${limit}`
}

/** What the attempts of a payment with this card have set. */
export async function selectBlocksOfPayment(
  sql: Database,
  account_id: string,
  fingerprint: string,
  payment_id: string,
): Promise<BlockRow[]> {
  return await sql<BlockRow[]>`
    select ${columns(sql)} from network_blocks
    where account_id = ${account_id} and fingerprint = ${fingerprint} and payment_id = ${payment_id} order by id`
}

/** Lifts the block and notes who did and why. `false`: there is none to lift. */
export async function updateLifted(
  sql: Database,
  id: string,
  { by, because, now }: { readonly by: string; readonly because: string; readonly now: Date },
): Promise<boolean> {
  const { count } = await sql`
    update network_blocks set lifted_at = ${now}, lifted_by = ${by}, lifted_because = ${because}
    where id = ${id} and lifted_at is null`
  return count > 0
}

/** Forgets attempts that no window looks at any more, and those that count for nothing once nobody can miss their number. */
export async function deleteOldCounts(sql: Database, before: Date, free: { from: Date; before: Date }): Promise<void> {
  await sql`delete from network_counts where counted_at < ${before} and state <> 'open'`
  await sql`
    delete from network_counts where state = 'free' and counted_at >= ${free.from} and counted_at < ${free.before}`
}
