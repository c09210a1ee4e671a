/** SQL of provider_corrections. */
import type { Database } from '../database/connect.ts'
import { bookMoves, prepaidAvailable } from '../ledger/provider-books.ts'
import type { Books } from './provider.ts'

export type Correction = {
  readonly provider_id: string
  /** `cor_…` */
  readonly id: string
  readonly test_mode: boolean
  readonly currency: string
  /** Settlement minor units; above zero = the provider gets it. */
  readonly change_minor: bigint
  readonly reason: string
  readonly status: 'requested' | 'approved' | 'rejected'
  readonly requested_by: string
  readonly decided_by: string | null
  readonly note: string | null
  readonly created_at: Date
  readonly updated_at: Date
}

export async function insertCorrection(sql: Database, correction: Correction): Promise<void> {
  await sql`insert into provider_corrections ${sql({ ...correction })}`
}

export type CorrectionDecision = {
  readonly status: 'approved' | 'rejected'
  readonly by: string
  readonly note: string | null
  readonly transfer_id: string
  readonly now: Date
}

/**
 * Only an approval books anything; only after the lock on the balance. `null` = it has ended before or is unknown, the approver
 * has asked for it, or it takes more than is available.
 */
export async function endCorrection(
  sql: Database,
  books: Books,
  id: string,
  { status, by, note, transfer_id, now }: CorrectionDecision,
): Promise<Correction | null> {
  const [correction] = await sql<Correction[]>`
    with changed as (
      update provider_corrections set status = ${status}, decided_by = ${by}, note = ${note}, updated_at = ${now}
      where provider_id = ${books.provider_id} and id = ${id} and status = 'requested'
        and (${status} <> 'approved' or (requested_by <> ${by} and (change_minor > 0 or ${prepaidAvailable(sql, books)} >= -change_minor)))
      returning *
    ), ${bookMoves(
      sql,
      sql`select provider_id, ${transfer_id} as id, test_mode, currency,
        case when change_minor > 0 then 'correction_credit' else 'correction_debit' end as code, abs(change_minor) as amount_minor,
        null as pending_id, id as reference, id as subject_id, updated_at as created_at from changed where status = 'approved'`,
    )}
    select * from changed`
  return correction ?? null
}

export async function selectCorrection(sql: Database, provider_id: string, id: string): Promise<Correction | null> {
  const [correction] = await sql<Correction[]>`
    select * from provider_corrections where provider_id = ${provider_id} and id = ${id}`
  return correction ?? null
}

/** Newest first. */
export async function selectCorrections(
  sql: Database,
  provider_id: string,
  test_mode: boolean,
  limit: number,
): Promise<Correction[]> {
  return sql<Correction[]>`
    select * from provider_corrections where provider_id = ${provider_id} and test_mode = ${test_mode}
    order by id desc limit ${limit}`
}
