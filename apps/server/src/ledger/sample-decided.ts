/** For tests: late money that operators have decided about, each booked as it should be. */
import type { Sql } from '../database/connect.ts'
import { transfersOfCorrection, transfersOfUnallocatedCorrection } from './rules/correction-transfers.ts'
import { transfersOfLateApproval } from './rules/payment-transfers.ts'
import { transfersOfReceipt } from './rules/receipt-transfers.ts'
import { account_id, addPayment, book, lateOf, markLate, now, occasion, paid, stamp } from './sample-verified.ts'

type Sample = {
  readonly id: string
  readonly payment_id: string
  readonly kind: 'won' | 'beside' | 'returned'
  readonly amount_minor: bigint
  readonly number?: number
}

async function decide(sql: Sql, provider_id: string, sample: Sample): Promise<void> {
  const { id, payment_id, kind, amount_minor, number = 1 } = sample
  const credit =
    kind === 'beside' ? { credit_minor: amount_minor, fee_minor: 30n } : { credit_minor: 0n, fee_minor: 0n }
  await sql`insert into receipt_decisions ${sql({
    ...{
      account_id,
      id,
      payment_id,
      attempt_id: `pay_${payment_id}`,
      attempt_number: 1,
      provider_id,
      number,
      kind,
      amount_minor,
    },
    ...{
      ...credit,
      outside_reference: kind === 'returned' ? 'any' : null,
      decided_by: 'ann',
      comment: 'any',
      created_at: now,
    },
  })}`
  const of = { ...occasion(payment_id), decision_id: id, receipt_currency: 'USD' }
  await book(sql, transfersOfReceipt({ ...of, kind, amount_minor, ...credit }, stamp))
}

/** One that paid its payment, and was corrected by an appeal since; one credited beside, one returned, with more found later. */
export async function addRightDecisions(sql: Sql, provider_id: string): Promise<void> {
  await addPayment(sql, 'cpi_won', { processed: 9_000n, winner: true })
  await sql`update attempts set late_approval = true, approved_amount_minor = 9000 where payment_id = 'cpi_won'`
  await book(sql, transfersOfLateApproval(lateOf('cpi_won'), stamp))
  await decide(sql, provider_id, { id: 'rcd_won', payment_id: 'cpi_won', kind: 'won', amount_minor: 10_000n })
  await book(sql, paid('cpi_won'))
  await settle(sql, 'apl_won', 'cpi_won', { processed: -1_000n, unallocated: 0n })

  await addPayment(sql, 'cpi_beside', { status: 'terminated', processed: null })
  await markLate(sql, 'cpi_beside', null)
  await book(sql, transfersOfLateApproval(lateOf('cpi_beside'), stamp))
  await decide(sql, provider_id, { id: 'rcd_beside', payment_id: 'cpi_beside', kind: 'beside', amount_minor: 10_000n })

  await addPayment(sql, 'cpi_returned', { status: 'process_failed', processed: null })
  await markLate(sql, 'cpi_returned', null)
  await book(sql, transfersOfLateApproval({ ...lateOf('cpi_returned'), amount_minor: 8_000n }, stamp))
  await decide(sql, provider_id, {
    id: 'rcd_first',
    payment_id: 'cpi_returned',
    kind: 'returned',
    amount_minor: 8_000n,
  })
  await settle(sql, 'apl_more', 'cpi_returned', { processed: 0n, unallocated: 2_000n })
  await decide(sql, provider_id, {
    id: 'rcd_more',
    payment_id: 'cpi_returned',
    kind: 'returned',
    amount_minor: 500n,
    number: 2,
  })
}

async function settle(
  sql: Sql,
  appeal_id: string,
  payment_id: string,
  change: { readonly processed: bigint; readonly unallocated: bigint },
): Promise<void> {
  await sql`insert into appeal_settlements ${sql({
    ...{
      account_id,
      appeal_id,
      payment_id,
      attempt_number: 1,
      kind: change.unallocated === 0n ? 'corrected' : 'unallocated',
    },
    ...{ amount_minor: 1n, processed_change_minor: change.processed, fee_change_minor: 0n, reserved_change_minor: 0n },
    ...{ reserve_released: false, unallocated_change_minor: change.unallocated, created_at: now },
  })}`
  const of = { ...occasion(payment_id), appeal_id }
  const corrected = { processed_change_minor: change.processed, fee_change_minor: 0n, reserved_change_minor: 0n }
  await book(sql, transfersOfCorrection({ ...of, ...corrected }, stamp))
  await book(sql, transfersOfUnallocatedCorrection({ ...of, change_minor: change.unallocated }, stamp))
}
