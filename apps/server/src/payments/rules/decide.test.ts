import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Outcome } from '@cascad/connector'
import fc from 'fast-check'
import { cascadeSettings } from '../../routing/rules/cascade-settings.ts'
import { type Attempt, isClosed, type Payment } from '../payment.ts'
import { attemptOf, paymentOf } from '../sample-attempts.ts'
import { afterFailureCode } from './after-failure.ts'
import { decide } from './decide.ts'
import type { Decision, News } from './news.ts'
import { asUnknown, readFailure } from './read-failure.ts'

const start = new Date('2026-01-01T10:00:00Z')
const settings = cascadeSettings({ kind: 'card', flow: 'hpp', attempts_limit: 5, rule: null })

type World = { payment: Payment; attempts: Attempt[]; at: Date; live: boolean; reversals: number; bookings: number }

function world(payment_flow: Payment['payment_flow'] = 'charge'): World {
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
function tell(
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
const declined = (network_code: string): Outcome => ({
  type: 'declined',
  provider_reference: 'p',
  signals: { ...signals, network_code },
})
const approved = (amount_minor: bigint | null = null): Outcome => ({
  type: 'approved',
  provider_reference: 'p',
  amount_minor,
  rrn: null,
  approval_code: null,
  card_token: null,
})
const unknown: Outcome = { type: 'unknown', detail: 'read timeout' }
const challenge: Outcome = {
  type: 'action_required',
  provider_reference: 'p',
  action: { kind: 'three_ds', url: 'https://acs.example', method: 'POST', params: { creq: 'x' } },
}

const anyNews: fc.Arbitrary<News['outcome']> = fc.oneof(
  fc.constantFrom('05', '51', '91', '96', '14', '68', '00').map(declined),
  fc.constantFrom(null, 10_000n, 4_000n, 99_999n, 0n).map(approved),
  fc.constant(unknown),
  fc.constant(challenge),
  fc.constant<Outcome>({ type: 'pending', provider_reference: null }),
  fc.constant<Outcome>({ type: 'not_sent', detail: 'refused' }),
  fc.constant<Outcome>({ type: 'not_found' }),
  fc.constant({ type: 'time_over' as const }),
  fc.constant({ type: 'voided' as const }),
)

const allowed: Record<string, string[]> = {
  sent: ['approved', 'declined', 'not_sent', 'incomplete', 'unknown', 'expired', 'cancelled'],
  incomplete: ['approved', 'declined', 'unknown', 'expired', 'cancelled'],
  unknown: ['approved', 'declined', 'not_sent', 'reversed'],
  approved: ['reversed'],
}

/** What was taken, or is held. */
const moneyOf = (payment: Payment): bigint | null =>
  payment.payment_flow === 'authorize' ? payment.authorized_amount_minor : payment.processed_amount_minor

test('whatever the order of news on two attempts, money and states keep the rules', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          to: fc.integer({ min: 1, max: 2 }),
          outcome: anyNews,
          wait_s: fc.integer({ min: 0, max: 40 }),
          live: fc.boolean(),
        }),
        { maxLength: 14 },
      ),
      fc.boolean(),
      fc.constantFrom('charge' as const, 'authorize' as const),
      (story, accept, flow) => {
        const w = world(flow)
        for (const { to, outcome, wait_s, live } of story) {
          if (to > w.attempts.length) continue
          w.at = new Date(w.at.getTime() + wait_s * 1000)
          w.live &&= live
          const before = w.attempts.map(({ status }) => status)
          const wasClosed = isClosed(w.payment)
          const taken = moneyOf(w.payment)
          tell(w, to, outcome, { accept })
          for (const [i, attempt] of w.attempts.entries()) {
            const old = before[i]
            if (old && old !== attempt.status)
              assert.ok(allowed[old]?.includes(attempt.status), `${old} → ${attempt.status}`)
          }
          if (taken !== null) assert.equal(moneyOf(w.payment), taken, 'what was taken or held stays')
          if (wasClosed) assert.ok(isClosed(w.payment), 'a closed payment stays closed')
        }
        const winners = w.attempts.filter(({ winner }) => winner)
        assert.ok(winners.length <= 1, 'never two winners')
        assert.ok(w.bookings <= 1 && w.bookings === winners.length, 'booked exactly when won')
        assert.ok((moneyOf(w.payment) ?? 0n) <= w.payment.payment_amount_minor, 'taken or held at most the amount')
        if (flow === 'authorize') assert.equal(w.payment.processed_amount_minor, null, 'a hold takes nothing')
        assert.equal(
          w.attempts.filter(({ late_approval, winner }) => late_approval && !winner).length,
          w.reversals,
          'every extra approval is reversed once',
        )
        assert.equal(
          winners.length === 1,
          (flow === 'charge' ? ['processed', 'partially_processed'] : ['authorized']).includes(w.payment.status),
          'paid exactly when won',
        )
        if (w.attempts.length > 1) {
          const first = w.attempts[0] as Attempt
          assert.ok(
            ['declined', 'not_sent'].includes(first.status),
            'a second attempt only after a definite end of the first',
          )
          assert.equal(first.decision, 'hop')
        }
        const open = w.attempts.filter(({ status }) => ['sent', 'incomplete', 'unknown'].includes(status))
        assert.ok(open.length <= 1)
        if (open.length > 0)
          assert.ok(!isClosed(w.payment) && w.payment.due_at !== null, 'an open attempt keeps its payment open and due')
      },
    ),
    { numRuns: 3000 },
  )
})

test('the same news twice changes nothing the second time', () => {
  fc.assert(
    fc.property(fc.array(anyNews, { minLength: 1, maxLength: 4 }), (story) => {
      const w = world()
      for (const outcome of story) tell(w, 1, outcome)
      const last = story.at(-1) as News['outcome']
      const settled = { ...w.payment, version: 0 }
      const attempt = w.attempts[0] as Attempt
      if (['sent', 'incomplete', 'unknown'].includes(attempt.status)) return
      assert.equal(tell(w, 1, last).code, 'no_change')
      assert.deepEqual({ ...w.payment, version: 0 }, settled)
    }),
  )
})

test('an unknown outcome never moves the cascade on', () => {
  const w = world()
  assert.equal(tell(w, 1, unknown).code, 'stop_class_unknown')
  assert.equal(w.attempts.length, 1)
  assert.equal(w.payment.status, 'process_pending')
})

test('a decline whose network code means "received too late" is unknown, not declined', () => {
  const w = world()
  tell(w, 1, declined('68'))
  assert.equal(w.attempts[0]?.status, 'unknown')
})

test('an unknown attempt that is looked up as declined inside the budget goes on, after it does not', () => {
  const inside = world()
  tell(inside, 1, unknown)
  inside.at = new Date(start.getTime() + 8_000)
  assert.equal(tell(inside, 1, declined('96')).code, 'hop')
  const after = world()
  tell(after, 1, unknown)
  after.at = new Date(start.getTime() + 60_000)
  assert.equal(tell(after, 1, declined('96')).code, 'stop_time_budget')
  assert.equal(after.payment.status, 'process_failed')
})

test('a payer who was sent to 3-D Secure is never moved to another gateway', () => {
  const w = world()
  tell(w, 1, challenge)
  assert.equal(w.payment.resolution, 'auth_3ds_required')
  assert.equal(tell(w, 1, declined('96')).code, 'stop_payer_acted')
  assert.equal(w.payment.status, 'process_failed')
})

test('do-not-honour causes one hop, the second ends the cascade', () => {
  const w = world()
  assert.equal(tell(w, 1, declined('05')).code, 'hop')
  assert.equal(tell(w, 2, declined('05')).code, 'stop_quota_soft_generic')
  assert.equal(w.payment.resolution, 'issuer_decline')
})

test('time alone never fails an unknown attempt, and ends one that waits for its payer', () => {
  const lost = world()
  tell(lost, 1, unknown)
  assert.equal(tell(lost, 1, { type: 'time_over' }).code, 'no_change')
  const waiting = world()
  tell(waiting, 1, challenge)
  tell(waiting, 1, { type: 'time_over' })
  assert.deepEqual(
    [waiting.payment.status, waiting.payment.resolution, waiting.attempts[0]?.status],
    ['process_failed', 'expired', 'expired'],
  )
})

test('an order that its payer left is taken back, unless late success is welcome', () => {
  const ended = (options: { accept?: boolean; void?: boolean }): Attempt['reversal_status'] | undefined => {
    const w = world()
    tell(w, 1, challenge)
    tell(w, 1, { type: 'time_over' }, options)
    assert.equal(w.payment.due_at === null, w.attempts[0]?.reversal_status === null)
    return w.attempts[0]?.reversal_status
  }
  assert.equal(ended({}), 'needed')
  assert.equal(ended({ accept: true }), null)
  assert.equal(ended({ void: false }), null)
})

test('what is being taken back never wins any more, whatever the account accepts', () => {
  const w = world()
  tell(w, 1, challenge)
  tell(w, 1, { type: 'time_over' })
  assert.equal(tell(w, 1, approved(), { accept: true }).code, 'late_approval')
  assert.deepEqual([w.payment.status, w.attempts[0]?.reversal_status], ['process_failed', 'needed'])
})

test('a confirmed void ends an unknown attempt as reversed, and nothing else', () => {
  const w = world()
  assert.equal(tell(w, 1, { type: 'voided' }).code, 'no_change')
  tell(w, 1, unknown)
  tell(w, 1, { type: 'voided' })
  assert.deepEqual([w.payment.status, w.attempts[0]?.status], ['process_failed', 'reversed'])
  assert.equal(tell(w, 1, approved()).code, 'no_change')
})

test('an approval after the attempt was given up is reversed, or wins when the account accepts late success', () => {
  const reversed = world()
  tell(reversed, 1, declined('51'))
  assert.equal(tell(reversed, 1, approved()).code, 'late_approval')
  assert.deepEqual([reversed.payment.status, reversed.attempts[0]?.reversal_status], ['process_failed', 'needed'])
  const accepted = world()
  tell(accepted, 1, declined('51'))
  assert.equal(tell(accepted, 1, approved(), { accept: true }).code, 'late_success')
  assert.deepEqual([accepted.payment.status, accepted.attempts[0]?.winner], ['processed', true])
})

test('an approved authorization is held and looked after; the gateway may say that it is gone', () => {
  const w = world('authorize')
  assert.equal(tell(w, 1, approved(4_000n)).code, 'win')
  assert.deepEqual(
    [w.payment.status, w.payment.authorized_amount_minor, w.payment.processed_at, w.payment.resolution],
    ['authorized', 4_000n, null, 'ok'],
  )
  assert.ok(w.payment.due_at !== null)
  assert.equal(tell(w, 1, approved()).code, 'no_change')
  assert.equal(tell(w, 1, declined('05')).code, 'hold_gone')
  w.payment = { ...w.payment, voided_amount_minor: 4_000n, status: 'terminated' }
  assert.equal(tell(w, 1, declined('05')).code, 'no_change')
})

test('a card approval above the amount asked for is contradictory and stays unknown', () => {
  const w = world()
  tell(w, 1, approved(10_001n))
  assert.equal(w.attempts[0]?.status, 'unknown')
})

test('"not found" proves nothing before the settle delay, and after it that nothing was sent', () => {
  const w = world()
  tell(w, 1, unknown)
  assert.equal(tell(w, 1, { type: 'not_found' }).code, 'stop_class_unknown')
  w.at = new Date(start.getTime() + 4_000)
  assert.equal(tell(w, 1, { type: 'not_found' }).code, 'hop')
  assert.equal(w.attempts[0]?.status, 'not_sent')
})
