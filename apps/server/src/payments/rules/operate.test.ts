import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Operation, Payment } from '../payment.ts'
import { operationOf, paymentOf } from '../sample-attempts.ts'
import { type Ability, canOperate, captureFor, finality, heldMinor, leftFor, mustBeWhole } from './operate.ts'
import { isHoldOver, restUntil } from './rest-until.ts'
import { settleOperation } from './settle-operation.ts'

const now = new Date('2026-01-01T10:00:00Z')
const all: Ability = {
  refund: true,
  partial_refund: true,
  multi_capture: true,
  partial_cancel: true,
  cancel_charge: true,
}
const held = (changes: Partial<Payment> = {}): Payment =>
  paymentOf({ payment_flow: 'authorize', status: 'authorized', authorized_amount_minor: 10_000n, ...changes })
const paid = (changes: Partial<Payment> = {}): Payment =>
  paymentOf({ status: 'processed', processed_amount_minor: 10_000n, processed_fee_minor: 0n, ...changes })

describe('what the state allows', () => {
  const rows: [string, Payment, Operation['kind'], Ability, boolean][] = [
    ['capture of a hold', held(), 'capture', {}, true],
    ['void of a hold', held(), 'void', {}, true],
    ['refund of a hold', held(), 'refund', all, false],
    ['capture of a charge', paid(), 'capture', all, false],
    ['void of a charge', paid(), 'void', all, true],
    ['void of a charge where the gateway cannot', paid(), 'void', {}, false],
    [
      'void of a charge with a refund',
      paid({ status: 'partially_refunded', refunded_amount_minor: 1n }),
      'void',
      all,
      false,
    ],
    ['refund of a charge', paid(), 'refund', all, true],
    ['refund where the gateway cannot', paid(), 'refund', {}, false],
    ['refund of a captured hold', held({ status: 'processed', processed_amount_minor: 5n }), 'refund', all, true],
    ['refund while one is under way by status', paid({ status: 'refund_pending' }), 'refund', all, false],
    ['refund of a verification', paymentOf({ payment_flow: 'verify', status: 'processed' }), 'refund', all, false],
    ['refund of what failed', paymentOf({ status: 'process_failed' }), 'refund', all, false],
    [
      'capture before approval',
      held({ status: 'process_pending', authorized_amount_minor: null }),
      'capture',
      all,
      false,
    ],
    ['capture of an expired hold', held({ status: 'terminated', resolution: 'expired' }), 'capture', all, false],
    ['void of an expired hold', held({ status: 'terminated', resolution: 'expired' }), 'void', all, false],
    ['capture after a void: state allows, nothing is left', held({ status: 'terminated' }), 'capture', all, true],
  ]
  for (const [name, payment, kind, can, expected] of rows) {
    test(name, () => assert.equal(canOperate(payment, kind, can), expected))
  }
})

describe('what is left', () => {
  test('what is under way counts as used, what failed does not', () => {
    const operations = [
      operationOf({ id: 'a', kind: 'capture', amount_minor: 3000n, status: 'unknown' }),
      operationOf({ id: 'b', kind: 'void', amount_minor: 1000n, status: 'sent' }),
      operationOf({ id: 'c', kind: 'capture', amount_minor: 9000n, status: 'failed' }),
    ]
    assert.equal(leftFor(held(), operations, 'capture', null), 6000n)
    assert.equal(
      leftFor(held({ processed_amount_minor: 2000n, voided_amount_minor: 500n }), operations, 'void', null),
      3500n,
    )
  })

  test('a final capture under way leaves nothing, until it has failed', () => {
    const capture = operationOf({ kind: 'capture', amount_minor: 3000n, status: 'unknown', final: true })
    assert.equal(leftFor(held(), [capture], 'void', null), 0n)
    assert.equal(leftFor(held(), [{ ...capture, status: 'failed' }], 'void', null), 10_000n)
  })

  test('refunds: of a payment, and of one capture', () => {
    const operations = [
      operationOf({ id: 'cap_1', kind: 'capture', amount_minor: 6000n, status: 'done' }),
      operationOf({ id: 'cap_2', kind: 'capture', amount_minor: 1000n, status: 'unknown' }),
      operationOf({ id: 'ref_1', kind: 'refund', amount_minor: 2000n, status: 'done', capture_id: 'cap_1' }),
      operationOf({ id: 'ref_2', kind: 'refund', amount_minor: 500n, status: 'sent', capture_id: 'cap_1' }),
      operationOf({ id: 'ref_3', kind: 'refund', amount_minor: 500n, status: 'failed', capture_id: 'cap_1' }),
    ]
    const payment = held({ status: 'partially_refunded', processed_amount_minor: 6000n, refunded_amount_minor: 2000n })
    assert.equal(leftFor(payment, operations, 'refund', 'cap_1'), 3500n)
    assert.equal(leftFor(payment, operations, 'refund', 'cap_2'), 0n, 'a capture that is not done')
    assert.equal(leftFor(payment, operations, 'refund', null), 3500n)
    assert.equal(captureFor(operations, 3500n)?.id, 'cap_1')
    assert.equal(captureFor(operations, 3501n), null)
  })

  test('a charge that is being cancelled has nothing left to refund', () => {
    const cancel = operationOf({ kind: 'void', amount_minor: 10_000n, status: 'unknown', final: true })
    assert.equal(leftFor(paid(), [cancel], 'refund', null), 0n)
  })
})

describe('whole or final', () => {
  test('charges are cancelled whole, holds given up in parts where the gateway can', () => {
    assert.equal(mustBeWhole(paid(), 'void', all), true)
    assert.equal(mustBeWhole(held(), 'void', all), false)
    assert.equal(mustBeWhole(held(), 'void', {}), true)
    assert.equal(mustBeWhole(held(), 'capture', {}), false)
    assert.equal(mustBeWhole(paid(), 'refund', {}), true)
  })

  test('without several captures the one is final, and waits for what is under way', () => {
    const part = { kind: 'capture', amount_minor: 10n } as const
    const open = operationOf({ kind: 'void', amount_minor: 1n, status: 'sent' })
    assert.equal(finality(held(), [], part, { partial_cancel: true }), true)
    assert.equal(finality(held(), [open], part, { partial_cancel: true }), null)
    assert.equal(finality(held(), [], part, all), false)
    assert.equal(finality(held(), [], { ...part, amount_minor: 10_000n }, all), true)
    assert.equal(finality(held(), [open], { ...part, amount_minor: 9_999n }, all), false)
    assert.equal(finality(paid(), [], { kind: 'void', amount_minor: 10_000n }, all), true)
  })
})

test('a hold is looked at every day and given up after 30, or as early as the connector says', () => {
  const day = 24 * 3_600_000
  assert.equal(restUntil(held(), now)?.getTime(), now.getTime() + day)
  assert.equal(restUntil(held({ voided_amount_minor: 10_000n }), now), null)
  const reserve_expires_at = new Date(now.getTime() + 1000)
  assert.deepEqual(restUntil(held({ unreserved: false, reserve_expires_at }), now), reserve_expires_at)
  const after = (days: number, lifetime: number | null) =>
    isHoldOver(now, lifetime, new Date(now.getTime() + days * day))
  assert.deepEqual(
    [after(29.99, null), after(30, null), after(6.99, 7), after(7, 7), after(31, 90)],
    [false, true, false, true, true],
  )
})

type Wish = {
  readonly kind: Operation['kind']
  readonly share: bigint
  readonly end: 'done' | 'failed' | 'open'
  readonly which: number
}

const wish: fc.Arbitrary<Wish> = fc.record({
  kind: fc.constantFrom('capture' as const, 'void' as const, 'refund' as const),
  share: fc.bigInt({ min: 1n, max: 130n }),
  end: fc.constantFrom('done' as const, 'done' as const, 'failed' as const, 'open' as const),
  which: fc.nat({ max: 20 }),
})

const terms = (rate: string, fix_minor: bigint) => ({
  fee: { strategy: 'internal' as const, reverse: false, rate, fix_minor, min_minor: 0n, max_minor: 0n },
  reserve_rate: '10',
  reserve_lifetime_minutes: 60,
})

/** What the engine does, in memory: refuse, order, let open ones end at any later time. */
function play(start: Payment, can: Ability, wishes: readonly Wish[]) {
  let payment = start
  let operations: Operation[] = []
  const settle = (operation: Operation): void => {
    const settled = settleOperation(payment, operation, 2, now)
    payment = { ...payment, ...settled.payment }
    const done: Operation = { ...operation, ...settled.operation, status: 'done' }
    operations = operations.map((one) => (one.id === done.id ? done : one))
  }
  for (const [i, { kind, share, end, which }] of wishes.entries()) {
    const open = operations.filter(({ status }) => status === 'unknown')
    const ending = open[which % Math.max(open.length, 1)]
    if (ending && which % 2 === 0) settle(ending)
    else if (ending) operations = operations.map((one) => (one.id === ending.id ? { ...one, status: 'failed' } : one))
    const captures = operations.filter((one) => one.kind === 'capture' && one.status === 'done')
    const capture_id = kind === 'refund' ? (captures[which % Math.max(captures.length, 1)]?.id ?? null) : null
    const left = leftFor(payment, operations, kind, capture_id)
    const amount_minor = (left * share) / 100n
    if (!canOperate(payment, kind, can) || amount_minor <= 0n || amount_minor > left) continue
    if (amount_minor < left && mustBeWhole(payment, kind, can)) continue
    const final = finality(payment, operations, { kind, amount_minor }, can)
    if (final === null) continue
    const operation = operationOf({ id: `op_${i}`, kind, amount_minor, capture_id, final, status: 'unknown' })
    operations = [...operations, operation]
    if (end === 'done') settle(operation)
    if (end === 'failed')
      operations = operations.map((one) => (one.id === operation.id ? { ...one, status: 'failed' } : one))
    check(payment, operations)
  }
  return { payment, operations }
}

function check(payment: Payment, operations: readonly Operation[]): void {
  const sum = (kind: Operation['kind'], statuses: readonly string[]) =>
    operations
      .filter((one) => one.kind === kind && statuses.includes(one.status))
      .reduce((all, one) => all + one.amount_minor, 0n)
  const authorized = payment.authorized_amount_minor ?? 0n
  const processed = payment.processed_amount_minor ?? 0n
  assert.equal(processed, sum('capture', ['done']))
  assert.ok(heldMinor(payment) >= 0n)
  assert.ok(sum('capture', ['done', 'unknown']) <= authorized, 'captured and under way within the hold')
  assert.ok(sum('refund', ['done', 'unknown']) <= processed, 'refunds within what was captured')
  assert.equal(payment.refunded_amount_minor ?? 0n, sum('refund', ['done']))
  for (const { id, amount_minor } of operations.filter((one) => one.kind === 'capture' && one.status === 'done')) {
    const refunds = operations.filter((one) => one.capture_id === id && one.status !== 'failed')
    assert.ok(refunds.reduce((all, one) => all + one.amount_minor, 0n) <= amount_minor)
  }
  const sums = operations.filter(({ status }) => status === 'done')
  const of = (key: 'fee_minor' | 'reserved_minor') => sums.reduce((all, one) => all + (one[key] ?? 0n), 0n)
  assert.ok(sums.every(({ fee_minor, reserved_minor }) => (fee_minor ?? 0n) >= 0n && (reserved_minor ?? 0n) >= 0n))
  assert.equal(payment.processed_fee_minor ?? 0n, of('fee_minor'))
  assert.equal(payment.reserved_amount_minor ?? 0n, of('reserved_minor'))
  if (payment.processed_amount_minor !== null)
    assert.equal(processed, of('fee_minor') + of('reserved_minor') + (payment.processed_deposit_minor ?? 0n))
  assert.ok((payment.processed_deposit_minor ?? 0n) >= 0n)
  if (processed > 0n)
    assert.ok(['processed', 'partially_refunded', 'refunded'].includes(payment.status), payment.status)
  else assert.equal(payment.status, heldMinor(payment) > 0n ? 'authorized' : 'terminated')
}

test('whatever is wished, in whatever order it ends: nothing is used twice, and the sums are those of the operations', () => {
  const ability = fc.record({ multi_capture: fc.boolean(), partial_cancel: fc.boolean() })
  fc.assert(
    fc.property(
      fc.bigInt({ min: 1n, max: 10n ** 12n }),
      fc.tuple(fc.constantFrom('0', '2.9', '33.333', '99'), fc.bigInt({ min: 0n, max: 50n })),
      ability,
      fc.array(wish, { maxLength: 14 }),
      (amount, [rate, fix], can, wishes) => {
        const fee_minor = fix > amount ? amount : fix
        const payment = held({
          authorized_amount_minor: amount,
          payment_amount_minor: amount,
          terms: terms(rate, fix),
          fee_minor: largestFee(amount, rate, fee_minor),
        })
        const abilities: Ability = {
          refund: true,
          partial_refund: true,
          ...(can.multi_capture ? { multi_capture: true } : {}),
          ...(can.partial_cancel ? { partial_cancel: true } : {}),
        }
        play(payment, abilities, wishes)
      },
    ),
  )
})

/** The plan's fee: a share of the amount rounded up, and a fixed part; never more than the amount. */
function largestFee(amount: bigint, rate: string, fix_minor: bigint): bigint {
  const [units = '0', decimals = ''] = rate.split('.')
  const scale = 10n ** BigInt(decimals.length)
  const share = amount * BigInt(units + decimals)
  const divisor = 100n * scale
  const fee = (share + divisor - 1n) / divisor + fix_minor
  return fee > amount ? amount : fee
}

test('captured in parts, the whole costs the fee of the whole', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 3n, max: 10n ** 9n }), fc.bigInt({ min: 1n, max: 99n }), (amount, share) => {
      const fee_minor = largestFee(amount, '2.9', 30n)
      let payment = held({
        authorized_amount_minor: amount,
        payment_amount_minor: amount,
        terms: terms('2.9', 30n),
        fee_minor,
      })
      const first = (amount * share) / 100n || 1n
      for (const part of [first, amount - first]) {
        if (part === 0n) continue
        const capture = operationOf({ kind: 'capture', amount_minor: part, status: 'sent' })
        payment = { ...payment, ...settleOperation(payment, capture, 2, now).payment }
      }
      assert.equal(payment.processed_fee_minor, fee_minor)
      assert.equal(payment.status, 'processed')
    }),
  )
})
