import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Attempt, closedStatuses, type Payment, type PaymentStatus } from '../payment.ts'
import { attemptOf } from '../sample-attempts.ts'
import { pendingPayment } from '../sample-payments.ts'
import { decide } from './decide.ts'
import type { News } from './news.ts'

const now = new Date('2026-03-02T10:00:00Z')
const action = { kind: 'requisites', method: 'card', expires_at: '2026-03-02T10:20:00.000Z' } as const
const payment: Payment = { ...pendingPayment, expires_at: new Date('2026-03-02T10:30:00Z'), service_flow: 'invoice' }
const shown: Attempt = attemptOf(payment, 1, { status: 'incomplete', action, provider_reference: 'p-1' })
const sent: Attempt = attemptOf(payment, 1, { status: 'sent', action: null })
const approved = {
  type: 'approved',
  provider_reference: null,
  amount_minor: null,
  rrn: null,
  approval_code: null,
  card_token: null,
} as const

function news(attempt: Attempt, outcome: News['outcome'], more: Partial<News> = {}): News {
  return {
    payment,
    attempts: [attempt],
    number: attempt.number,
    outcome,
    now,
    gateway: { lookup_authoritative: false, settle_delay_s: 0, accept_late_success: true, void_by_reference: false },
    exponents: { currency: 2, service_currency: 2 },
    reading: { class: 'refusal', resolution: 'strategy_configured_routes_were_filtered', signals: null },
    afterFailure: () => 'hop',
    payerMayRetry: false,
    requisites: { searching: true },
    ...more,
  }
}

test('what the payer has not seen moves on when nobody knows; what he has seen does not', () => {
  const unseen = decide(news(sent, { type: 'unknown', detail: '' }))
  assert.deepEqual([unseen.code, unseen.attempt.status, unseen.payment], ['hop', 'orphaned', {}])
  const seen = decide(news(shown, { type: 'unknown', detail: '' }))
  assert.deepEqual([seen.code, seen.attempt.status, seen.payment], ['wait', 'incomplete', {}])
})

test('an unanswered question is nobody’s refusal: its attempt, and a payment that ends with it, name the provider’s error', () => {
  const silence = { type: 'unknown', detail: 'read timeout' } as const
  const hopped = decide(news(sent, silence))
  assert.deepEqual([hopped.attempt.class, hopped.attempt.resolution], ['unknown', 'provider_error'])
  const last = decide(news(sent, silence, { afterFailure: () => 'stop_no_candidate' }))
  assert.deepEqual(
    [last.attempt.resolution, last.payment.status, last.payment.resolution],
    ['provider_error', 'process_failed', 'provider_error'],
  )
  const card = decide({ ...news(sent, silence), requisites: undefined } as unknown as News)
  assert.deepEqual([card.attempt.status, card.attempt.class], ['unknown', 'unknown'])
})

test('the process that asked has died: the search begins again', () => {
  const { code, payment: patch } = decide(
    news(sent, { type: 'unknown', detail: '' }, { requisites: { searching: false } }),
  )
  assert.deepEqual([code, patch.due_at, patch.payment_status], ['search_again', now, 'invoked'])
})

test('requisites in the attempt say no more than what and until when', () => {
  const given = {
    ...action,
    bank: 'B',
    owner: 'O',
    number: '4242',
    amount: '1',
    currency: 'RUB',
    currency_rate: '1',
    requested_at: '',
    doubts: [],
  } as const
  const { attempt, payment: patch } = decide(
    news(sent, { type: 'action_required', provider_reference: 'p-1', action: given }),
  )
  assert.deepEqual(attempt.action, action)
  assert.deepEqual([attempt.status, patch.due_at, patch.payer_acted_at], ['incomplete', null, now])
})

test('the time is over: others may be asked for while the payment lasts, but not after "I have paid"', () => {
  const open = decide(news(shown, { type: 'time_over' }))
  assert.deepEqual(
    [open.attempt.status, open.payment.status, open.payment.due_at],
    ['expired', 'process_pending', payment.expires_at],
  )
  const claimed = decide(news(shown, { type: 'time_over', claimed: true }))
  assert.deepEqual([claimed.payment.status, claimed.payment.resolution], ['process_failed', 'expired'])
  const late = decide(news(shown, { type: 'time_over' }, { now: payment.expires_at }))
  assert.equal(late.payment.status, 'process_failed')
})

test('paid after the end: a sale while nobody else was paid and the merchant wants it, else money that waits', () => {
  const over: Attempt = { ...shown, status: 'expired' }
  const failed: Payment = { ...payment, status: 'process_failed' }
  assert.equal(decide(news(over, approved, { payment: failed })).code, 'late_success')
  assert.equal(decide(news(over, approved)).code, 'late_success')
  for (const status of ['terminated', 'expired'] as const) {
    const { code, booking, attempt } = decide(news(over, approved, { payment: { ...payment, status } }))
    assert.deepEqual([code, booking?.kind, attempt.reversal_status], ['late_approval', 'late_approval', undefined])
  }
  const winner: Attempt = { ...shown, number: 2, status: 'approved', winner: true }
  const paid: Payment = { ...payment, status: 'processed' }
  assert.equal(decide(news(over, approved, { payment: paid, attempts: [over, winner] })).code, 'late_approval')
  const open = decide(news(shown, approved, { payment: paid, attempts: [shown, winner] }))
  assert.deepEqual([open.code, open.attempt.status, open.attempt.winner], ['late_approval', 'cancelled', undefined])
})

test('requisites nobody was shown cannot have been paid', () => {
  const orphan: Attempt = { ...sent, status: 'orphaned' }
  assert.equal(decide(news(orphan, approved, { payment: { ...payment, status: 'process_failed' } })).code, 'no_change')
})

const outcomes: fc.Arbitrary<News['outcome']> = fc.constantFrom<News['outcome'][]>(
  approved,
  { type: 'unknown', detail: '' },
  { type: 'pending', provider_reference: null },
  { type: 'not_found' },
  { type: 'not_sent', detail: '' },
  { type: 'time_over' },
  { type: 'time_over', claimed: true },
  { type: 'given_up', then: 'search' },
  { type: 'given_up', then: 'end' },
  {
    type: 'declined',
    provider_reference: null,
    class: 'payer_window',
    signals: {
      resolution: null,
      unified_code: null,
      network_code: null,
      advice_code: null,
      provider_code: null,
      provider_text: null,
    },
  },
)

test('a payment that has ended changes only by money, and no news makes two winners', () => {
  const statuses = fc.constantFrom<PaymentStatus[]>(...closedStatuses)
  const attempts = fc.constantFrom<Attempt[]>(
    shown,
    sent,
    { ...shown, status: 'expired' },
    { ...sent, status: 'orphaned' },
  )
  fc.assert(
    fc.property(statuses, attempts, outcomes, fc.boolean(), (status, attempt, outcome, won) => {
      const winner: Attempt = { ...shown, number: 2, status: 'approved', winner: true }
      const closed = { ...payment, status }
      const decision = decide(
        news(attempt, outcome, { payment: closed, attempts: won ? [attempt, winner] : [attempt] }),
      )
      if (won) assert.notEqual(decision.attempt.winner, true)
      if (outcome.type !== 'approved') assert.deepEqual(decision.payment, {})
    }),
  )
})
