/** SQL of receipt_decisions. */
import type { Database, Fragment } from '../database/connect.ts'

export type ReceiptDecisionRow = {
  readonly account_id: string
  /** `rcd_…` */
  readonly id: string
  readonly payment_id: string
  readonly attempt_id: string
  readonly attempt_number: number
  readonly provider_id: string
  /** 1, 2, … of the attempt. */
  readonly number: number
  readonly kind: 'won' | 'beside' | 'returned'
  /** In the currency the payer paid in. */
  readonly amount_minor: bigint
  /** In the invoice's currency. */
  readonly credit_minor: bigint
  readonly fee_minor: bigint
  readonly outside_reference: string | null
  readonly decided_by: string
  readonly comment: string
  readonly created_at: Date
}

/** CTE guarded by `moved`. */
export function insertReceiptDecision(sql: Database, d: ReceiptDecisionRow): Fragment {
  return sql`new_receipt_decision as (
    insert into receipt_decisions (account_id, id, payment_id, attempt_id, attempt_number, provider_id, number, kind, amount_minor,
      credit_minor, fee_minor, outside_reference, decided_by, comment, created_at)
    select ${d.account_id}, ${d.id}, ${d.payment_id}, ${d.attempt_id}, ${d.attempt_number}::integer, ${d.provider_id},
      ${d.number}::smallint, ${d.kind}, ${d.amount_minor}::bigint, ${d.credit_minor}::bigint, ${d.fee_minor}::bigint,
      ${d.outside_reference}, ${d.decided_by}, ${d.comment}, ${d.created_at}::timestamptz
    from moved
  )`
}

/** What was decided about an attempt so far, oldest first. */
export async function selectReceiptDecisions(
  sql: Database,
  account_id: string,
  attempt_id: string,
): Promise<ReceiptDecisionRow[]> {
  return sql<ReceiptDecisionRow[]>`
    select * from receipt_decisions where account_id = ${account_id} and attempt_id = ${attempt_id} order by number`
}

export function decidedMinor(decisions: readonly Pick<ReceiptDecisionRow, 'amount_minor'>[]): bigint {
  return decisions.reduce((sum, { amount_minor }) => sum + amount_minor, 0n)
}

/** A receipt that nobody has decided about, or not to the end. */
export type StandingReceipt = {
  readonly account_id: string
  readonly payment_id: string
  readonly attempt_id: string
  readonly provider_id: string
  readonly case_id: string
  readonly test_mode: boolean
  readonly payment_status: string
  /** In the currency the payer paid in; below 0 where more was decided about than was paid. */
  readonly amount_minor: bigint
  readonly currency: string
}

/** Oldest first. Every receipt has had a case of one of these kinds. */
export async function selectStandingReceipts(
  sql: Database,
  kinds: readonly string[],
  limit: number,
): Promise<StandingReceipt[]> {
  return sql<StandingReceipt[]>`
    select * from (
      select distinct on (a.id) a.account_id, a.payment_id, a.id as attempt_id, c.provider_id, c.id as case_id, a.test_mode,
        p.status as payment_status, a.currency, (coalesce(a.approved_amount_minor, a.amount_minor) - coalesce((
          select sum(d.amount_minor) from receipt_decisions d where d.account_id = a.account_id and d.attempt_id = a.id
        ), 0))::bigint as amount_minor
      from provider_cases c
      join payments p on p.account_id = c.account_id and p.id = c.payment_id
      join attempts a on a.account_id = c.account_id and a.payment_id = c.payment_id and a.id = c.attempt_id
      where c.kind = any (${[...kinds]}) and a.late_approval and not a.winner and a.reversal_status is null
      order by a.id, c.id
    ) as standing
    where amount_minor <> 0 order by case_id limit ${limit}`
}
