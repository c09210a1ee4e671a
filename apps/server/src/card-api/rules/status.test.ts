import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Attempt, AttemptStatus, Payment, PaymentStatus } from '../../payments/payment.ts'
import { closedStatuses } from '../../payments/payment.ts'
import { attemptOf, paymentOf } from '../../payments/sample-attempts.ts'
import { approved, challenge, declined, inEveryStatus, operationOf, signalsOf } from '../sample-views.ts'
import { decidingAttempt } from './deciding-attempt.ts'
import { codeOf, operationCodeOf, operationStatusOf, statusOf } from './status.ts'

function facts(payment: Partial<Payment>, attempts: readonly Partial<Attempt>[]) {
  const row = paymentOf(payment)
  return { payment: row, attempts: attempts.map((attempt, i) => attemptOf(row, i + 1, attempt)) }
}

const told = (payment: Partial<Payment>, attempts: readonly Partial<Attempt>[]) => {
  const given = facts(payment, attempts)
  return [statusOf(given), codeOf(given)]
}

test('each status with its code', () => {
  for (const type of ['payment', 'authorization'] as const) {
    const codes = Object.values(inEveryStatus(type)).map(codeOf)
    assert.deepEqual(codes, ['S.0000', 'F.0105', 'P.9998', 'P.9999', 'F.0109'])
  }
})

test('what becomes of the money afterwards leaves the transaction successful', () => {
  const later: PaymentStatus[] = [
    'refunding',
    'partially_refunded',
    'refunded',
    'terminated',
    'charged_back',
    'processed',
  ]
  for (const status of later) assert.deepEqual(told({ status }, [declined, approved]), ['successful', 'S.0000'])
})

test('a payer who stays away fails the transaction; the end of the time the merchant set expires it', () => {
  const created_at = new Date('2026-11-21T10:00:00Z')
  const expired = { status: 'process_failed', resolution: 'expired', created_at } as const
  const after = (ms: number) => ({ ...expired, expires_at: new Date(created_at.getTime() + ms) })
  const away = { status: 'expired', action: challenge } as const
  assert.deepEqual(told(after(60_000), [away]), ['expired', 'F.0109'])
  assert.deepEqual(told(after(30 * 60_000 + 24_000), [away]), ['failed', 'F.0998'])
  assert.deepEqual(told(after(30 * 60_000 + 24_000), [{ status: 'approved', late_approval: true }]), [
    'failed',
    'F.0998',
  ])
})

test('under way: nothing called yet, called, accepted but not decided, not known', () => {
  assert.deepEqual(told({}, []), ['pending', 'P.0001'])
  assert.deepEqual(told({}, [{ status: 'sent' }]), ['pending', 'P.0001'])
  assert.deepEqual(told({}, [{ status: 'incomplete' }]), ['pending', 'P.0001'])
  assert.deepEqual(told({}, [declined]), ['pending', 'P.0001'])
  assert.deepEqual(told({}, [declined, { status: 'unknown' }]), ['pending', 'P.9999'])
})

test('failed: the code of the refusal before any gateway, else of the last attempt that was sent', () => {
  const failed = { status: 'process_failed' } as const
  for (const unified_code of ['F.2001', 'F.2002', 'F.2003', 'F.2004', 'F.2005'])
    assert.deepEqual(told({ ...failed, unified_code }, []), ['failed', unified_code])
  const funds = { ...declined, class: 'insufficient_funds', signals: signalsOf({ network_code: '51' }) }
  assert.deepEqual(told(failed, [declined, funds]), ['failed', 'F.0114'])
  assert.deepEqual(told(failed, [declined, { status: 'not_sent', class: 'unreachable' }]), ['failed', 'F.0105'])
  assert.deepEqual(told(failed, [{ status: 'not_sent' }, { status: 'not_sent' }]), ['failed', 'F.2006'])
  const coded = (unified_code: string) => ({ ...declined, signals: signalsOf({ unified_code }) })
  assert.deepEqual(told(failed, [coded('F.0127')]), ['failed', 'F.0127'])
  // What said at first that it was not known and was a decline in the end.
  assert.deepEqual(told(failed, [{ ...coded('P.9999'), class: 'unknown' }]), ['failed', 'F.0999'])
})

test('the attempt that decides', () => {
  const number = (attempts: readonly Partial<Attempt>[]) =>
    decidingAttempt(facts({}, attempts).attempts)?.number ?? null
  const unsent = { status: 'not_sent' } as const
  assert.equal(number([]), null)
  assert.equal(number([approved, { status: 'unknown' }]), 1)
  assert.equal(number([declined, { status: 'incomplete' }, declined]), 2)
  assert.equal(number([declined, unsent]), 1)
  assert.equal(number([unsent, unsent]), 2)
})

test('operations: done, failed with their code, or not known yet', () => {
  const shown = (['done', 'failed', 'sent', 'unknown'] as const).map((status) => {
    const operation = operationOf('refund', { status })
    return [operationStatusOf(operation), operationCodeOf(operation)]
  })
  assert.deepEqual(shown, [
    ['successful', 'S.0000'],
    ['failed', 'F.0999'],
    ['pending', 'P.0001'],
    ['pending', 'P.9999'],
  ])
  const failed = operationOf('capture', { status: 'failed', signals: signalsOf({ unified_code: 'F.0104' }) })
  assert.equal(operationCodeOf(failed), 'F.0104')
})

const statuses: readonly AttemptStatus[] = [
  'sent',
  'incomplete',
  'unknown',
  'approved',
  'declined',
  'not_sent',
  'expired',
  'cancelled',
  'reversed',
]
const anyAttempt = fc.record({
  status: fc.constantFrom(...statuses),
  action: fc.constantFrom(null, challenge),
  class: fc.constantFrom(null, 'soft_generic', 'never', 'unknown', 'payer_window'),
  signals: fc.constantFrom(null, signalsOf({ network_code: '05' }), signalsOf({ unified_code: 'F.0116' })),
})
const letters = { successful: 'S', failed: 'F', expired: 'F', incomplete: 'P', pending: 'P' }

test('the letter of the code is that of the status, and a payment that is over is no more under way', () => {
  const payment = fc.record({
    status: fc.constantFrom<PaymentStatus>('process_pending', ...closedStatuses),
    resolution: fc.constantFrom('ok', 'expired', 'issuer_decline'),
    unified_code: fc.constantFrom(null, 'F.2003'),
  })
  fc.assert(
    fc.property(payment, fc.array(anyAttempt, { maxLength: 4 }), fc.boolean(), (row, attempts, won) => {
      const all: Partial<Attempt>[] = won ? [...attempts, { status: 'approved', winner: true }] : attempts
      const closed = closedStatuses.has(row.status)
      // While an attempt is open its payment is, too: an invariant of the engine.
      const open = all.some(({ status }) => status === 'sent' || status === 'incomplete' || status === 'unknown')
      fc.pre(!closed || !open)
      const given = facts(row, all)
      const status = statusOf(given)
      assert.equal(codeOf(given)[0], letters[status])
      assert.equal(status === 'successful', won)
      if (closed) assert.ok(status !== 'pending' && status !== 'incomplete')
    }),
  )
})
