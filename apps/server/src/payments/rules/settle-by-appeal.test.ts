import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Attempt, Payment, PaymentStatus } from '../payment.ts'
import { attemptOf, paymentOf } from '../sample-attempts.ts'
import { settle } from './settle.ts'
import { type AppealDecision, settleByAppeal } from './settle-by-appeal.ts'

const now = new Date('2026-01-01T10:00:00Z')
const exponents = { currency: 2, service_currency: 2 }

/** 3900.00 RUB at 3 %, a tenth held back for an hour. */
const asked = paymentOf({
  currency: 'RUB',
  amount_minor: 390_000n,
  payment_amount_minor: 390_000n,
  fee_minor: 11_700n,
  deposit_minor: 378_300n,
  terms: {
    fee: { strategy: 'internal', reverse: false, rate: '3', fix_minor: 0n, min_minor: 0n, max_minor: 0n },
    reserve_rate: '10',
    reserve_lifetime_minutes: 60,
  },
  service_method: 'card_transfer',
})

function paid(status: PaymentStatus = 'processed', changes: Partial<Payment> = {}): Payment {
  const { partial: _, ...settled } = settle(asked, null, exponents, now)
  return { ...asked, ...settled, status, processed_at: now, due_at: settled.reserve_expires_at, ...changes }
}

type Given = {
  readonly payment: Payment
  readonly status: Attempt['status']
  readonly attempt?: Partial<Attempt>
  readonly other?: Partial<Attempt>
  readonly given_back_minor?: bigint
}

function appeal(
  amount_minor: bigint,
  { payment, status, attempt, other, given_back_minor = 0n }: Given,
): AppealDecision {
  const attempts = [
    attemptOf(payment, 1, { currency: 'RUB', status, provider_reference: 'p-1', ...attempt }),
    ...(other ? [attemptOf(payment, 2, { currency: 'RUB', ...other })] : []),
  ]
  return settleByAppeal({ payment, attempts, number: 1, amount_minor, given_back_minor, exponents, now })
}

const failed: Payment = { ...asked, status: 'process_failed', due_at: null }

for (const status of ['declined', 'expired', 'cancelled'] as const) {
  test(`a failed payment of an attempt ${status} is processed; the attempt keeps its status and is paid late`, () => {
    const { kind, attempt, payment, case: person } = appeal(390_000n, { payment: failed, status })
    assert.deepEqual([kind, person], ['won', null])
    assert.deepEqual(attempt, { late_approval: true, winner: true, approved_amount_minor: 390_000n })
    const { processed_amount_minor, processed_fee_minor, processed_deposit_minor, reserved_amount_minor } = payment
    assert.deepEqual(
      [payment.status, payment.resolution, payment.processed_at, payment.original_data?.provider_id],
      ['processed', 'ok', now, 'p-1'],
    )
    assert.deepEqual(
      [processed_amount_minor, processed_fee_minor, processed_deposit_minor, reserved_amount_minor],
      [390_000n, 11_700n, 339_300n, 39_000n],
    )
  })
}

test('less than was asked for is partial, with the fee of what was paid', () => {
  const { payment } = appeal(350_000n, { payment: failed, status: 'expired' })
  assert.deepEqual([payment.status, payment.processed_fee_minor], ['partially_processed', 10_500n])
})

test('requisites that are still shown are paid like by a success', () => {
  const { attempt, payment } = appeal(390_000n, {
    payment: { ...asked, status: 'process_pending' },
    status: 'incomplete',
  })
  assert.deepEqual([attempt.status, attempt.winner, attempt.late_approval], ['approved', true, undefined])
  assert.equal(payment.status, 'processed')
})

test('an open payment whose payer went on to other requisites is looked at at once', () => {
  const payment: Payment = { ...asked, status: 'process_pending', due_at: null }
  const decision = appeal(390_000n, { payment, status: 'cancelled', other: { status: 'incomplete' } })
  assert.deepEqual([decision.kind, decision.payment.due_at], ['won', now])
})

test('a paid payment keeps its status and time, and its amounts are those of the new amount', () => {
  for (const [amount_minor, status] of [
    [400_000n, 'processed'],
    [350_000n, 'processed'],
    [400_000n, 'partially_processed'],
    [400_000n, 'refund_failed'],
  ] as const) {
    const { kind, payment, attempt, change } = appeal(amount_minor, {
      payment: paid(status),
      status: 'approved',
      attempt: { winner: true },
    })
    assert.deepEqual([kind, payment.status, payment.processed_at], ['corrected', undefined, undefined])
    assert.deepEqual(attempt, { approved_amount_minor: amount_minor })
    assert.equal(change.processed_change_minor, amount_minor - 390_000n)
    assert.equal(change.fee_change_minor, ((amount_minor - 390_000n) * 3n) / 100n)
    assert.equal(change.reserved_change_minor, (amount_minor - 390_000n) / 10n)
  }
})

test('a released reserve stays released, with its new amount', () => {
  const payment = paid('processed', { unreserved: true })
  const decision = appeal(350_000n, { payment, status: 'expired', attempt: { winner: true, late_approval: true } })
  const { reserved_amount_minor, unreserved, due_at } = decision.payment
  assert.deepEqual([reserved_amount_minor, unreserved, due_at], [35_000n, true, null])
  assert.equal(decision.change.reserve_released, true)
})

test('an amount below what was given back leaves the payment at what was given back', () => {
  const payment = paid('partially_refunded', { refunded_amount_minor: 200_000n })
  const given = { payment, status: 'approved', attempt: { winner: true }, given_back_minor: 200_000n } as const
  const decision = appeal(150_000n, given)
  assert.deepEqual(
    [decision.payment.processed_amount_minor, decision.payment.processed_fee_minor, decision.given_back_exceeds],
    [200_000n, 6_000n, true],
  )
  assert.equal(decision.attempt.approved_amount_minor, 150_000n)
  assert.equal(appeal(200_000n, given).given_back_exceeds, false)
})

test('refunded is what has nothing left', () => {
  const given = { status: 'approved', attempt: { winner: true }, given_back_minor: 390_000n } as const
  const refunded = paid('refunded', { refunded_amount_minor: 390_000n })
  assert.equal(appeal(400_000n, { payment: refunded, ...given }).payment.status, 'partially_refunded')
  const partly = paid('partially_refunded', { refunded_amount_minor: 350_000n })
  assert.equal(appeal(350_000n, { payment: partly, ...given, given_back_minor: 350_000n }).payment.status, 'refunded')
})

for (const status of ['terminated', 'expired'] as const) {
  test(`a payment that is ${status} stays so, and a person decides about the money`, () => {
    const decision = appeal(390_000n, { payment: { ...asked, status }, status: 'cancelled' })
    assert.deepEqual(
      [decision.kind, decision.case, decision.unallocated_minor, decision.payment],
      ['unallocated', 'appeal_on_terminated', 390_000n, {}],
    )
    assert.deepEqual(decision.attempt, { late_approval: true, approved_amount_minor: 390_000n })
  })
}

test('where another attempt has won the money is nobody’s sale, and requisites that are shown end', () => {
  const other = { status: 'approved', winner: true } as const
  const late = appeal(390_000n, { payment: paid(), status: 'expired', other })
  assert.deepEqual([late.kind, late.case, late.unallocated_minor], ['unallocated', 'double_success', 390_000n])
  const shown = appeal(390_000n, { payment: paid(), status: 'incomplete', other })
  assert.deepEqual([shown.attempt.status, shown.attempt.late_approval], ['cancelled', true])
})

test('a late success that the merchant did not want is his once an appeal proves it', () => {
  const decision = appeal(400_000n, {
    payment: failed,
    status: 'expired',
    attempt: { late_approval: true, approved_amount_minor: 390_000n },
  })
  assert.deepEqual([decision.kind, decision.change.unallocated_change_minor], ['won', -390_000n])
  assert.equal(decision.attempt.winner, true)
})

test('what nobody can have paid is a mistake of ours', () => {
  for (const status of ['sent', 'unknown', 'orphaned', 'not_sent', 'reversed'] as const)
    assert.throws(() => appeal(1n, { payment: failed, status }), /cannot have been paid/)
  assert.throws(() => appeal(1n, { payment: { ...failed, payment_flow: 'authorize' }, status: 'expired' }), /no charge/)
  assert.throws(
    () => appeal(1n, { payment: failed, status: 'expired', attempt: { reversal_status: 'sent' } }),
    /given back/,
  )
})
