/** For tests: payments and refunds of every kind in the tables, each booked as it should be. */
import type { Sql } from '../database/connect.ts'
import { foldBalances } from './fold-balances.ts'
import { insertTransfers } from './insert-transfers.ts'
import {
  transfersOfChargeback,
  transfersOfLateApproval,
  transfersOfPayment,
  transfersOfReserveRelease,
  transfersOfReversal,
} from './rules/payment-transfers.ts'
import { transfersOfRefundDone, transfersOfRefundFailed, transfersOfRefundHold } from './rules/refund-transfers.ts'
import type { Stamp, Transfer } from './transfer.ts'

export const now = new Date('2026-01-02T03:04:05.678Z')
let serial = 0
export const stamp: Stamp = {
  created_at: now,
  nextId() {
    serial += 1
    return `trf_${String(serial).padStart(16, '0')}`
  },
}
export const account_id = 'coma_verify'

export async function book(sql: Sql, transfers: readonly Transfer[], account = account_id): Promise<void> {
  await sql`with allowed as (select 1), ${insertTransfers(sql, account, transfers, sql`allowed`)} select 1`
}

export type PaymentFacts = {
  status?: string
  test_mode?: boolean
  processed?: bigint | null
  fee?: bigint
  reserved?: bigint | null
  unreserved?: boolean
  charged_back?: bigint | null
  account?: string
  flow?: 'charge' | 'authorize'
  authorized?: bigint
  voided?: bigint
  winner?: boolean
}

export async function addPayment(sql: Sql, id: string, facts: PaymentFacts = {}): Promise<void> {
  const { status = 'processed', processed = 10000n, fee = 300n, reserved = null } = facts
  const account = facts.account ?? account_id
  const won = facts.winner ?? processed !== null
  await sql`insert into payments ${sql({
    account_id: account,
    id,
    reference_id: id,
    test_mode: facts.test_mode ?? false,
    status,
    payment_flow: facts.flow ?? 'charge',
    authorized_amount_minor: facts.authorized ?? null,
    voided_amount_minor: facts.voided ?? null,
    source: 'merchant_api',
    amount_minor: 10000n,
    currency: 'USD',
    payment_amount_minor: 10000n,
    fee_minor: fee,
    deposit_minor: 10000n - fee,
    terms: '{}',
    original_data: '{}',
    processed_amount_minor: processed,
    processed_fee_minor: processed === null ? null : fee,
    processed_deposit_minor: processed === null ? null : processed - fee - (reserved ?? 0n),
    reserved_amount_minor: reserved,
    unreserved: facts.unreserved ?? null,
    charged_back_amount_minor: facts.charged_back ?? null,
    created_at: now,
    updated_at: now,
    expires_at: now,
  })}`
  await sql`insert into attempts ${sql({
    account_id: account,
    payment_id: id,
    number: 1,
    id: `pay_${id}`,
    gateway_id: 7,
    connector: 'any',
    reference: `${id}-1`,
    test_mode: facts.test_mode ?? false,
    status: won ? 'approved' : 'declined',
    winner: won,
    amount_minor: 10000n,
    currency: 'USD',
    sent_at: now,
  })}`
}

export const occasion = (payment_id: string, test_mode = false) =>
  ({ ledger_scheme: 'simple', test_mode, currency: 'USD', payment_id, gateway_id: 7 }) as const

export function paid(
  id: string,
  amount = 10000n,
  fee = 300n,
  reserved: bigint | null = null,
  test_mode = false,
): Transfer[] {
  const amounts = { processed_amount_minor: amount, processed_fee_minor: fee, reserved_amount_minor: reserved }
  return transfersOfPayment({ ...occasion(id, test_mode), ...amounts }, stamp)
}

async function addRefund(
  sql: Sql,
  id: string,
  payment_id: string,
  status: string,
  returned_fee_minor: bigint,
): Promise<Transfer[]> {
  await sql`insert into operations ${sql({
    kind: 'refund',
    account_id,
    payment_id,
    id,
    reference_id: id,
    amount_minor: 1000n,
    returned_fee_minor,
    currency: 'USD',
    provider_amount_minor: 1000n,
    provider_currency: 'USD',
    status,
    gateway_id: 7,
    attempt_number: 1,
    created_at: now,
  })}`
  return transfersOfRefundHold(
    { ...occasion(payment_id), refund_id: id, amount_minor: 1000n, returned_fee_minor },
    stamp,
  )
}

export const lateOf = (id: string) => ({ ...occasion(id), attempt_id: `pay_${id}`, amount_minor: 10000n })

export async function markLate(sql: Sql, id: string, reversal_status: string | null): Promise<void> {
  await sql`
    update attempts set late_approval = true, approved_amount_minor = 10000, reversal_status = ${reversal_status}
    where account_id = ${account_id} and payment_id = ${id}`
}

/** One of everything that can happen, booked as it should be. */
export async function addRightBooks(sql: Sql): Promise<void> {
  for (const [id, scheme] of [
    [account_id, 'simple'],
    ['coma_none', 'none'],
  ] as const) {
    await sql`
      insert into accounts (id, name, status, organisation_id, base_currency, ledger_scheme)
      values (${id}, 'Any', 'active', 'org_x', 'USD', ${scheme})`
  }
  await addPayment(sql, 'cpi_plain')
  await book(sql, paid('cpi_plain'))
  await addPayment(sql, 'cpi_test', { test_mode: true })
  await book(sql, paid('cpi_test', 10000n, 300n, null, true))
  await addPayment(sql, 'cpi_reserve', { reserved: 1000n, unreserved: true })
  await book(sql, paid('cpi_reserve', 10000n, 300n, 1000n))
  await book(sql, transfersOfReserveRelease({ ...occasion('cpi_reserve'), reserved_amount_minor: 1000n }, stamp))
  await addPayment(sql, 'cpi_refunds', { status: 'partially_refunded' })
  await book(sql, paid('cpi_refunds'))
  const done = await addRefund(sql, 'ref_done', 'cpi_refunds', 'done', 30n)
  await book(sql, done)
  await foldBalances({ sql, now: () => now })
  await book(sql, transfersOfRefundDone(done, stamp))
  const failed = await addRefund(sql, 'ref_failed', 'cpi_refunds', 'failed', 0n)
  await book(sql, failed)
  await book(sql, transfersOfRefundFailed(failed, stamp))
  await book(sql, await addRefund(sql, 'ref_open', 'cpi_refunds', 'unknown', 1000n))
  await addPayment(sql, 'cpi_back', { status: 'partially_charged_back', charged_back: 700n })
  await book(sql, paid('cpi_back'))
  for (const [chargeback_id, amount_minor] of [
    ['cbk_1', 500n],
    ['cbk_2', 200n],
  ] as const) {
    await book(
      sql,
      transfersOfChargeback({ ...occasion('cpi_back'), chargeback_id, amount_minor, fee_minor: 1500n }, stamp),
    )
  }
  await addPayment(sql, 'cpi_late', { status: 'process_failed', processed: null })
  await markLate(sql, 'cpi_late', 'done')
  await book(sql, transfersOfLateApproval(lateOf('cpi_late'), stamp))
  await book(sql, transfersOfReversal(lateOf('cpi_late'), stamp))
  await addPayment(sql, 'cpi_failed', { status: 'process_failed', processed: null })
  await addPayment(sql, 'cpi_none', { account: 'coma_none' })
}
