/** SQL of provider_withdrawals and provider_destinations. */
import type { Database, Fragment } from '../database/connect.ts'
import { bookMoves, prepaidAvailable } from '../ledger/provider-books.ts'
import type { Books } from './provider.ts'
import { type WithdrawalStatus, type WithdrawalStep, withdrawalSteps } from './rules/withdrawal-steps.ts'

export type Destination = {
  readonly provider_id: string
  /** `dst_…` */
  readonly id: string
  readonly label: string
  readonly saved_by: string
  readonly created_at: Date
}

export async function insertDestination(sql: Database, destination: Destination, address: Buffer): Promise<void> {
  await sql`insert into provider_destinations ${sql({ ...destination, address_encrypted: address })}`
}

/** `null` = unknown, or removed. */
export async function selectDestination(sql: Database, provider_id: string, id: string): Promise<Destination | null> {
  const [destination] = await sql<Destination[]>`
    select provider_id, id, label, saved_by, created_at from provider_destinations
    where provider_id = ${provider_id} and id = ${id} and removed_at is null`
  return destination ?? null
}

export type StoredDestination = Destination & { readonly address_encrypted: Buffer; readonly removed_at: Date | null }

/** Oldest first, removed ones included: old withdrawals went there. */
export async function selectDestinations(sql: Database, provider_id: string): Promise<StoredDestination[]> {
  return sql<StoredDestination[]>`
    select provider_id, id, label, saved_by, created_at, removed_at, address_encrypted from provider_destinations
    where provider_id = ${provider_id} order by id limit 1000`
}

export type Withdrawal = {
  readonly provider_id: string
  /** `wdr_…` */
  readonly id: string
  readonly test_mode: boolean
  readonly currency: string
  readonly amount_minor: bigint
  readonly destination_id: string
  readonly status: WithdrawalStatus
  readonly requested_by: string
  readonly approved_by: string | null
  readonly ended_by: string | null
  readonly note: string | null
  readonly created_at: Date
}

const columns = (sql: Database): Fragment =>
  sql`provider_id, id, test_mode, currency, amount_minor, destination_id, status, requested_by, approved_by, ended_by, note, created_at`

export type NewWithdrawal = Pick<Withdrawal, 'id' | 'amount_minor' | 'destination_id' | 'requested_by' | 'created_at'>

/** Only after the lock on the balance. `null` = the amount is more than is available. */
export async function holdWithdrawal(
  sql: Database,
  books: Books,
  given: NewWithdrawal,
  hold_id: string,
): Promise<Withdrawal | null> {
  const { id, amount_minor, destination_id, requested_by, created_at } = given
  const [withdrawal] = await sql<Withdrawal[]>`
    with changed as (
      insert into provider_withdrawals (provider_id, id, test_mode, currency, amount_minor, destination_id, status, hold_id, requested_by,
        created_at, updated_at)
      select ${books.provider_id}, ${id}, ${books.test_mode}, ${books.currency}, ${amount_minor}::bigint, ${destination_id}, 'requested',
        ${hold_id}, ${requested_by}, ${created_at}::timestamptz, ${created_at}::timestamptz
      where ${prepaidAvailable(sql, books)} >= ${amount_minor}::bigint
      returning *
    ), ${bookMoves(
      sql,
      sql`select provider_id, hold_id as id, test_mode, currency, 'withdrawal_hold' as code, amount_minor, null as pending_id,
        id as reference, id as subject_id, created_at from changed`,
    )}
    select ${columns(sql)} from changed`
  return withdrawal ?? null
}

export type StepTaken = {
  readonly step: WithdrawalStep
  readonly by: string
  readonly note: string | null
  readonly transfer_id: string
  readonly now: Date
}

/** `null` = the step cannot be taken from its status, the approver is the requester, or it is unknown. */
export async function takeStep(
  sql: Database,
  provider_id: string,
  id: string,
  { step, by, note, transfer_id, now }: StepTaken,
): Promise<Withdrawal | null> {
  const [withdrawal] = await sql<Withdrawal[]>`
    with changed as (
      update provider_withdrawals set status = ${step}, updated_at = ${now}, note = coalesce(${note}, note),
        approved_by = case when ${step} = 'approved' then ${by} else approved_by end,
        ended_by = case when ${step} = 'approved' then ended_by else ${by} end
      where provider_id = ${provider_id} and id = ${id} and status = any (${[...withdrawalSteps[step]]})
        and (${step} <> 'approved' or requested_by <> ${by})
      returning *
    ), ${bookMoves(
      sql,
      sql`select provider_id, ${transfer_id} as id, test_mode, currency,
        case status when 'paid' then 'withdrawal_paid' else 'withdrawal_returned' end as code, amount_minor, hold_id as pending_id,
        id as reference, id as subject_id, updated_at as created_at from changed where status <> 'approved'`,
    )}
    select ${columns(sql)} from changed`
  return withdrawal ?? null
}

/** Newest first. */
export async function selectWithdrawals(
  sql: Database,
  provider_id: string,
  test_mode: boolean,
  before: string | null,
  limit: number,
): Promise<Withdrawal[]> {
  return sql<Withdrawal[]>`
    select ${columns(sql)} from provider_withdrawals
    where provider_id = ${provider_id} and test_mode = ${test_mode} and (${before}::text is null or id < ${before})
    order by id desc limit ${limit}`
}

export async function selectWithdrawal(sql: Database, provider_id: string, id: string): Promise<Withdrawal | null> {
  const [withdrawal] = await sql<Withdrawal[]>`
    select ${columns(sql)} from provider_withdrawals where provider_id = ${provider_id} and id = ${id}`
  return withdrawal ?? null
}
