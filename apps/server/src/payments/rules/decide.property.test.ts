import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Outcome } from '@cascad/connector'
import fc from 'fast-check'
import { type Attempt, isClosed, type Payment } from '../payment.ts'
import { approved, challenge, declined, tell, unknown, world } from '../sample-decisions.ts'
import type { News } from './news.ts'

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
        const heard = new Set<number>()
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
          if ('provider_reference' in outcome && outcome.provider_reference !== null) heard.add(to)
          if (outcome.type === 'not_found' && heard.has(to))
            assert.equal(w.attempts[to - 1]?.status, before[to - 1], 'a charge that was told of cannot be denied')
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
