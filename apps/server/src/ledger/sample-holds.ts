/** For tests: authorizations of every kind in the tables, each booked as it should be. */
import type { Sql } from '../database/connect.ts'
import {
  transfersOfAuthorization,
  transfersOfCapture,
  transfersOfLateHold,
  transfersOfLateHoldReleased,
  transfersOfRelease,
} from './rules/authorization-transfers.ts'
import { transfersOfRefundDone, transfersOfRefundHold } from './rules/refund-transfers.ts'
import {
  account_id,
  addPayment,
  book,
  lateOf,
  markLate,
  now,
  occasion,
  type PaymentFacts,
  paid,
  stamp,
} from './sample-verified.ts'
import type { Transfer } from './transfer.ts'

type OperationFacts = {
  readonly id: string
  readonly payment_id: string
  readonly kind: 'capture' | 'void'
  readonly amount: bigint
  readonly final?: boolean
  readonly held?: bigint
  readonly fee?: bigint
  readonly reserved?: bigint
  readonly returned_fee?: bigint
}

async function addOperation(sql: Sql, facts: OperationFacts): Promise<void> {
  const { id, payment_id, kind, amount } = facts
  await sql`insert into operations ${sql({
    kind,
    account_id,
    payment_id,
    id,
    reference_id: id,
    amount_minor: amount,
    returned_fee_minor: facts.returned_fee ?? 0n,
    currency: 'USD',
    provider_amount_minor: amount,
    provider_currency: 'USD',
    status: 'done',
    gateway_id: 7,
    attempt_number: 1,
    final: facts.final ?? false,
    held_minor: facts.held ?? null,
    fee_minor: facts.fee ?? null,
    reserved_minor: facts.reserved ?? null,
    created_at: now,
  })}`
}

async function authorize(sql: Sql, id: string, facts: PaymentFacts): Promise<Transfer> {
  await addPayment(sql, id, { flow: 'authorize', authorized: 10000n, winner: true, ...facts })
  const holds = transfersOfAuthorization({ ...occasion(id), authorized_amount_minor: 10000n }, stamp)
  await book(sql, holds)
  return holds[0] as Transfer
}

type Taken = { readonly amount: bigint; readonly left: bigint; readonly fee: bigint; readonly reserved: bigint }

async function capture(sql: Sql, hold: Transfer, operation_id: string, taken: Taken): Promise<Transfer> {
  const transfers = transfersOfCapture(
    {
      ...occasion(hold.subject_id),
      operation_id,
      amount_minor: taken.amount,
      left_minor: taken.left,
      fee_minor: taken.fee,
      reserved_minor: taken.reserved,
    },
    hold,
    stamp,
  )
  await book(sql, transfers)
  return transfers.find(({ kind }) => kind === 'pending') ?? hold
}

async function release(sql: Sql, hold: Transfer, operation_id: string, left_minor: bigint): Promise<void> {
  await book(sql, transfersOfRelease({ ...occasion(hold.subject_id), operation_id, left_minor }, hold, stamp))
}

/** Held, captured whole, captured and given up in parts, captured once with the rest given up, given up whole, late. */
export async function addRightHolds(sql: Sql): Promise<void> {
  await authorize(sql, 'cpi_held', { status: 'authorized', processed: null })

  const whole = await authorize(sql, 'cpi_captured', { processed: 10000n, fee: 300n })
  const wholly = { amount: 10000n, fee: 300n, reserved: 0n }
  await addOperation(sql, {
    id: 'cap_whole',
    payment_id: 'cpi_captured',
    kind: 'capture',
    final: true,
    held: 10000n,
    ...wholly,
  })
  await capture(sql, whole, 'cap_whole', { ...wholly, left: 0n })

  const first = await authorize(sql, 'cpi_parts', {
    processed: 4000n,
    fee: 120n,
    reserved: 400n,
    unreserved: false,
    voided: 1000n,
  })
  const part = { amount: 4000n, fee: 120n, reserved: 400n }
  await addOperation(sql, { id: 'cap_part', payment_id: 'cpi_parts', kind: 'capture', held: 10000n, ...part })
  const rest = await capture(sql, first, 'cap_part', { ...part, left: 6000n })
  await addOperation(sql, { id: 'voi_part', payment_id: 'cpi_parts', kind: 'void', amount: 1000n, held: 6000n })
  await release(sql, rest, 'voi_part', 5000n)

  const once = await authorize(sql, 'cpi_once', { processed: 7000n, fee: 210n, voided: 3000n })
  const single = { amount: 7000n, fee: 210n, reserved: 0n }
  await addOperation(sql, {
    id: 'cap_once',
    payment_id: 'cpi_once',
    kind: 'capture',
    final: true,
    held: 10000n,
    ...single,
  })
  await capture(sql, once, 'cap_once', { ...single, left: 0n })

  const gone = await authorize(sql, 'cpi_voided', { status: 'terminated', processed: null, voided: 10000n })
  await addOperation(sql, {
    id: 'voi_whole',
    payment_id: 'cpi_voided',
    kind: 'void',
    amount: 10000n,
    final: true,
    held: 10000n,
  })
  await release(sql, gone, 'voi_whole', 0n)

  await addPayment(sql, 'cpi_cancelled', { status: 'refunded' })
  await book(sql, paid('cpi_cancelled'))
  const charge = { id: 'voi_charge', payment_id: 'cpi_cancelled', amount: 10000n, returned_fee: 300n }
  await addOperation(sql, { ...charge, kind: 'void', final: true })
  const back = { refund_id: 'voi_charge', amount_minor: 10000n, returned_fee_minor: 300n }
  const holds = transfersOfRefundHold({ ...occasion('cpi_cancelled'), ...back }, stamp)
  await book(sql, holds)
  await book(sql, transfersOfRefundDone(holds, stamp))

  await addPayment(sql, 'cpi_late_hold', { flow: 'authorize', status: 'process_failed', processed: null })
  await markLate(sql, 'cpi_late_hold', 'done')
  const late = transfersOfLateHold(lateOf('cpi_late_hold'), stamp)
  await book(sql, late)
  await book(sql, transfersOfLateHoldReleased(late, stamp))
}
