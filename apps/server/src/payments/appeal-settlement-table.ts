/** SQL of appeal_settlements. */
import type { Database, Fragment } from '../database/connect.ts'
import type { AppealChange } from './rules/settle-by-appeal.ts'

export type AppealSettlement = AppealChange & {
  readonly account_id: string
  readonly appeal_id: string
  readonly payment_id: string
  readonly attempt_number: number
  readonly kind: 'won' | 'corrected' | 'unallocated'
  readonly amount_minor: bigint
  readonly created_at: Date
}

/** CTE guarded by `moved`. */
export function insertAppealSettlement(sql: Database, s: AppealSettlement): Fragment {
  return sql`new_appeal_settlement as (
    insert into appeal_settlements (account_id, appeal_id, payment_id, attempt_number, kind, amount_minor, processed_change_minor,
      fee_change_minor, reserved_change_minor, reserve_released, unallocated_change_minor, created_at)
    select ${s.account_id}, ${s.appeal_id}, ${s.payment_id}, ${s.attempt_number}::integer, ${s.kind}, ${s.amount_minor}::bigint,
      ${s.processed_change_minor}::bigint, ${s.fee_change_minor}::bigint, ${s.reserved_change_minor}::bigint,
      ${s.reserve_released}::boolean, ${s.unallocated_change_minor}::bigint, ${s.created_at}::timestamptz
    from moved
  )`
}

export async function selectIsSettled(sql: Database, account_id: string, appeal_id: string): Promise<boolean> {
  const rows = await sql`
    select 1 from appeal_settlements where account_id = ${account_id} and appeal_id = ${appeal_id}`
  return rows.length === 1
}
