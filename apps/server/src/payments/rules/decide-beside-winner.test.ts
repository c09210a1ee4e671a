import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Attempt, Payment } from '../payment.ts'
import { attemptOf } from '../sample-attempts.ts'
import { pendingPayment } from '../sample-payments.ts'
import { decide } from './decide.ts'
import type { News } from './news.ts'

const now = new Date('2026-03-02T10:00:00Z')
const later = new Date('2026-03-20T10:00:00Z')
/** Paid by a transfer to requisites that had been given up; meanwhile the payer had gone on to the page of a bank. */
const payment: Payment = {
  ...pendingPayment,
  status: 'processed',
  payment_status: 'processed',
  processed_at: now,
  processed_amount_minor: 10_000n,
  unreserved: false,
  reserve_expires_at: later,
  expires_at: new Date('2026-03-02T10:30:00Z'),
}
const winner = attemptOf(payment, 1, { status: 'cancelled', winner: true, late_approval: true })
const approved = {
  type: 'approved',
  provider_reference: 'b-1',
  amount_minor: 10_000n,
  rrn: null,
  approval_code: null,
  card_token: null,
} as const
const anyStatus = fc.constantFrom<Attempt['status']>('sent', 'incomplete', 'unknown')

function news(status: Attempt['status'], outcome: News['outcome'], attempts: readonly Attempt[] = [winner]): News {
  return {
    payment,
    attempts: [...attempts, attemptOf(payment, 2, { status })],
    number: 2,
    outcome,
    now,
    gateway: { lookup_authoritative: true, settle_delay_s: 0, accept_late_success: false, void_by_reference: true },
    exponents: { currency: 2, service_currency: 2 },
    reading: { class: 'soft', resolution: 'declined', signals: null },
    afterFailure: () => 'stop_payment_closed',
    payerMayRetry: false,
  }
}

const signals = {
  resolution: 'declined',
  unified_code: null,
  network_code: null,
  advice_code: null,
  provider_code: '05',
  provider_text: null,
}
const anyOutcome = fc.constantFrom<News['outcome']>(
  approved,
  { ...approved, amount_minor: null },
  { type: 'declined', provider_reference: null, signals },
  { type: 'not_sent', detail: '' },
  { type: 'not_found' },
  { type: 'pending', provider_reference: null },
  { type: 'unknown', detail: '' },
  { type: 'time_over' },
  { type: 'voided' },
  {
    type: 'action_required',
    provider_reference: 'b-1',
    action: { kind: 'redirect', url: 'https://bank.example', method: 'GET', params: {} },
  },
)

test('whatever becomes of another attempt, a payment that was paid stays paid', () => {
  fc.assert(
    fc.property(anyStatus, anyOutcome, (status, outcome) => {
      const { payment: patch, attempt, booking } = decide(news(status, outcome))
      assert.deepEqual(
        Object.keys(patch).filter((key) => key !== 'due_at'),
        [],
      )
      assert.notEqual(attempt.winner, true)
      assert.notEqual(booking?.kind, 'payment')
    }),
  )
})

test('money that comes in beside the winner goes back', () => {
  for (const status of ['sent', 'incomplete', 'unknown'] as const) {
    const decision = decide(news(status, approved))
    assert.deepEqual(
      [decision.code, decision.attempt.status, decision.attempt.reversal_status, decision.payment.due_at],
      ['late_approval', 'approved', 'needed', now],
    )
    assert.deepEqual(decision.booking, { kind: 'late_approval', amount_minor: 10_000n })
  }
})

test('what is open beside the winner is asked about, and then the reserve is waited for', () => {
  const open = decide(news('unknown', { type: 'unknown', detail: '' })).payment.due_at
  assert.ok(open && open > now && open < later)
  assert.deepEqual(
    decide(news('unknown', { type: 'declined', provider_reference: null, signals })).payment.due_at,
    later,
  )
  const expired = decide(news('incomplete', { type: 'time_over' }))
  assert.deepEqual([expired.attempt.reversal_status, expired.payment.due_at], ['needed', now])
})

test('late money that wins brings every other attempt that is open to somebody’s notice', () => {
  const shown = { kind: 'requisites', method: 'card', expires_at: '2026-03-02T10:20:00.000Z' } as const
  const over = attemptOf(payment, 1, { status: 'cancelled', connector: 'cascade', action: shown })
  const open: Payment = { ...pendingPayment, service_flow: 'invoice', expires_at: payment.expires_at }
  fc.assert(
    fc.property(anyStatus, (status) => {
      const of = news(status, approved, [over])
      const { code, payment: patch } = decide({
        ...of,
        payment: open,
        number: 1,
        gateway: { ...of.gateway, accept_late_success: true },
        requisites: { searching: false },
      })
      assert.deepEqual([code, patch.status, patch.due_at], ['late_success', 'processed', now])
    }),
  )
})
