/** SQL of provider_top_ups. */
import type { Database, Fragment } from '../database/connect.ts'
import { bookMoves } from '../ledger/provider-books.ts'

export type TopUpStatus = 'created' | 'confirmed' | 'rejected' | 'cancelled'

export type TopUp = {
  readonly provider_id: string
  /** `top_…` */
  readonly id: string
  readonly test_mode: boolean
  readonly currency: string
  readonly amount_minor: bigint
  readonly reference: string
  readonly status: TopUpStatus
  readonly ordered_by: string
  readonly decided_by: string | null
  readonly note: string | null
  readonly created_at: Date
}

const columns = (sql: Database): Fragment =>
  sql`provider_id, id, test_mode, currency, amount_minor, reference, status, ordered_by, decided_by, note, created_at`

export async function insertTopUp(sql: Database, top_up: TopUp): Promise<void> {
  await sql`insert into provider_top_ups ${sql({ ...top_up, updated_at: top_up.created_at })}`
}

export type TopUpDecision = {
  readonly status: Exclude<TopUpStatus, 'created'>
  readonly decided_by: string
  readonly note: string | null
  readonly transfer_id: string
  readonly now: Date
}

/** Only a confirmation books anything. `null` = it is decided already, or unknown. */
export async function decide(
  sql: Database,
  provider_id: string,
  id: string,
  decision: TopUpDecision,
): Promise<TopUp | null> {
  const { status, decided_by, note, transfer_id, now } = decision
  const [top_up] = await sql<TopUp[]>`
    with changed as (
      update provider_top_ups set status = ${status}, decided_by = ${decided_by}, note = ${note}, updated_at = ${now}
      where provider_id = ${provider_id} and id = ${id} and status = 'created'
      returning *
    ), ${bookMoves(
      sql,
      sql`select provider_id, ${transfer_id} as id, test_mode, currency, 'top_up' as code, amount_minor, null as pending_id,
        id as reference, id as subject_id, updated_at as created_at from changed where status = 'confirmed'`,
    )}
    select ${columns(sql)} from changed`
  return top_up ?? null
}

/** Newest first. */
export async function selectTopUps(
  sql: Database,
  provider_id: string,
  test_mode: boolean,
  before: string | null,
  limit: number,
): Promise<TopUp[]> {
  return sql<TopUp[]>`
    select ${columns(sql)} from provider_top_ups
    where provider_id = ${provider_id} and test_mode = ${test_mode} and (${before}::text is null or id < ${before})
    order by id desc limit ${limit}`
}

export async function selectTopUp(sql: Database, provider_id: string, id: string): Promise<TopUp | null> {
  const [top_up] = await sql<TopUp[]>`
    select ${columns(sql)} from provider_top_ups where provider_id = ${provider_id} and id = ${id}`
  return top_up ?? null
}
