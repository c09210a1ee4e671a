/** For tests of what news mean: a payment in memory, and one turn of the engine over it. */
import assert from 'node:assert/strict'
import type { Outcome } from '@cascad/connector'
import { cascadeSettings } from '../routing/rules/cascade-settings.ts'
import { type Attempt, isClosed, type Payment } from './payment.ts'
import { afterFailureCode } from './rules/after-failure.ts'
import { decide } from './rules/decide.ts'
import type { Decision, News } from './rules/news.ts'
import { asUnknown, readFailure } from './rules/read-failure.ts'
import { attemptOf, paymentOf } from './sample-attempts.ts'

export const start = new Date('2026-01-01T10:00:00Z')
const settings = cascadeSettings({ kind: 'card', flow: 'hpp', attempts_limit: 5, rule: null })

export type World = {
  payment: Payment
  attempts: Attempt[]
  at: Date
  live: boolean
  reversals: number
  bookings: number
}

/** A payment with one attempt that has just been sent. */
export function world(payment_flow: Payment['payment_flow'] = 'charge'): World {
  const payment = paymentOf({
    payment_flow,
    created_at: start,
    expires_at: new Date(start.getTime() + 1_800_000),
    submissions: 1,
  })
  return {
    payment,
    attempts: [attemptOf(payment, 1, { sent_at: start })],
    at: start,
    live: true,
    reversals: 0,
    bookings: 0,
  }
}

/** One turn of the engine over rows in memory, with the real rules; two gateways are there. */
export function tell(
  w: World,
  number: number,
  outcome: News['outcome'],
  options: { accept?: boolean; void?: boolean } = {},
): Decision {
  const attempt = w.attempts.find((one) => one.number === number) as Attempt
  const reading = readFailure(outcome, w.payment, attempt, [])
  const decision = decide({
    payment: w.payment,
    attempts: w.attempts,
    number,
    outcome: asUnknown(outcome, reading),
    now: w.at,
    gateway: {
      lookup_authoritative: true,
      settle_delay_s: 3,
      accept_late_success: options.accept ?? false,
      void_by_reference: options.void ?? true,
    },
    exponents: { currency: 2, service_currency: 2 },
    reading,
    payerMayRetry: false,
    afterFailure: (failure, payerActed) =>
      afterFailureCode(
        {
          payment: w.payment,
          attempts: w.attempts.map((one) => (one.number === number ? { ...one, class: failure.class } : one)),
          number,
          reading: failure,
          payerActed,
          notSent: outcome.type === 'not_sent' || outcome.type === 'not_found',
          now: w.at,
          running: w.live
            ? { settings, budget_ends_at: new Date(start.getTime() + 20_000), payer_present: true }
            : null,
          network_blocked: false,
          takes_three_ds: false,
        },
        () => w.attempts.length < 2,
      ),
  })
  const undecided = w.attempts.filter(({ status }) => ['sent', 'incomplete', 'unknown'].includes(status))
  if (decision.code === 'hop') {
    assert.ok(undecided.length === 1 && undecided[0]?.number === number, 'a hop only from the one open attempt')
    assert.ok(!isClosed(w.payment), 'a closed payment never gets another attempt')
  }
  w.attempts = w.attempts.map((one) => (one.number === number ? { ...one, ...decision.attempt } : one))
  w.payment = { ...w.payment, ...decision.payment, version: w.payment.version + 1 }
  if (decision.code === 'hop') w.attempts.push(attemptOf(w.payment, w.attempts.length + 1, { sent_at: w.at }))
  const { booking } = decision
  if (booking && booking.kind !== 'late_approval') {
    assert.equal(booking.kind, w.payment.payment_flow === 'authorize' ? 'authorization' : 'payment')
    w.bookings += 1
  }
  if (decision.attempt.late_approval && decision.attempt.reversal_status === 'needed') w.reversals += 1
  return decision
}

const signals = {
  resolution: null,
  unified_code: null,
  network_code: null,
  advice_code: null,
  provider_code: null,
  provider_text: null,
}
export const declined = (network_code: string): Outcome => ({
  type: 'declined',
  provider_reference: 'p',
  signals: { ...signals, network_code },
})
export const approved = (amount_minor: bigint | null = null): Outcome => ({
  type: 'approved',
  provider_reference: 'p',
  amount_minor,
  rrn: null,
  approval_code: null,
  card_token: null,
})
export const unknown: Outcome = { type: 'unknown', detail: 'read timeout' }
export const challenge: Outcome = {
  type: 'action_required',
  provider_reference: 'p',
  action: { kind: 'three_ds', url: 'https://acs.example', method: 'POST', params: { creq: 'x' } },
}
