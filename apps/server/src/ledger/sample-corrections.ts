/** For tests: payments and late approvals that appeals have corrected, each booked as it should be. */
import type { Sql } from '../database/connect.ts'
import { transfersOfCorrection, transfersOfUnallocatedCorrection } from './rules/correction-transfers.ts'
import { transfersOfLateApproval, transfersOfReserveRelease } from './rules/payment-transfers.ts'
import { account_id, addPayment, book, lateOf, markLate, now, occasion, paid, stamp } from './sample-verified.ts'

type Change = {
  readonly processed?: bigint
  readonly fee?: bigint
  readonly reserved?: bigint
  readonly released?: boolean
  readonly unallocated?: bigint
}

/** Settles and books an appeal that changed what was booked before. */
async function settle(sql: Sql, appeal_id: string, payment_id: string, change: Change): Promise<void> {
  const { processed = 0n, fee = 0n, reserved = 0n, released = false, unallocated = 0n } = change
  await sql`insert into appeal_settlements ${sql({
    account_id,
    appeal_id,
    payment_id,
    attempt_number: 1,
    kind: unallocated === 0n ? 'corrected' : 'unallocated',
    amount_minor: 1n,
    processed_change_minor: processed,
    fee_change_minor: fee,
    reserved_change_minor: reserved,
    reserve_released: released,
    unallocated_change_minor: unallocated,
    created_at: now,
  })}`
  const of = { ...occasion(payment_id), appeal_id }
  const corrected = {
    processed_change_minor: processed,
    fee_change_minor: fee,
    reserved_change_minor: released ? 0n : reserved,
  }
  await book(sql, transfersOfCorrection({ ...of, ...corrected }, stamp))
  await book(sql, transfersOfUnallocatedCorrection({ ...of, change_minor: unallocated }, stamp))
}

export async function addRightCorrections(sql: Sql): Promise<void> {
  await addPayment(sql, 'cpi_up_down', { processed: 9000n, fee: 270n, reserved: 900n })
  await book(sql, paid('cpi_up_down', 10_000n, 300n, 1000n))
  await settle(sql, 'apl_up', 'cpi_up_down', { processed: 2000n, fee: 60n, reserved: 200n })
  await settle(sql, 'apl_down', 'cpi_up_down', { processed: -3000n, fee: -90n, reserved: -300n })

  await addPayment(sql, 'cpi_released', { processed: 5000n, fee: 150n, reserved: 500n, unreserved: true })
  await book(sql, paid('cpi_released', 10_000n, 300n, 1000n))
  await book(sql, transfersOfReserveRelease({ ...occasion('cpi_released'), reserved_amount_minor: 1000n }, stamp))
  await settle(sql, 'apl_released', 'cpi_released', { processed: -5000n, fee: -150n, reserved: -500n, released: true })

  await addPayment(sql, 'cpi_receipts', { status: 'terminated', processed: null })
  await markLate(sql, 'cpi_receipts', null)
  await book(sql, transfersOfLateApproval({ ...lateOf('cpi_receipts'), amount_minor: 8000n }, stamp))
  await settle(sql, 'apl_receipts', 'cpi_receipts', { unallocated: 2000n })

  await addPayment(sql, 'cpi_accepted')
  await sql`update attempts set late_approval = true, approved_amount_minor = 10000 where payment_id = 'cpi_accepted'`
  await book(sql, transfersOfLateApproval({ ...lateOf('cpi_accepted'), amount_minor: 7000n }, stamp))
  await book(sql, paid('cpi_accepted'))
  await settle(sql, 'apl_accepted', 'cpi_accepted', { unallocated: -7000n })
}
