import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ProviderPaymentState } from '../../cascades/provider-payment.ts'
import { isLost, nextCancel, nextPoll, type PollFacts } from './poll-schedule.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const start = Date.parse('2026-01-02T03:00:00Z')
const at = (ms: number): Date => new Date(start + ms)
/** Issued at 0, to be paid until 30 min, the last regular question at 31.5 min. */
const final = 31.5 * minute
const issued: PollFacts = {
  state: 'issued',
  orphan: false,
  issued_at: at(0),
  finalise_at: at(final),
  paid_at: null,
  claimed_at: null,
  polls: 0,
  poll_errors: 0,
  appeal_open: false,
}
const next = (now_ms: number, patch: Partial<PollFacts> = {}, jitter = 0): number | null => {
  const date = nextPoll({ ...issued, ...patch }, at(now_ms), jitter)
  return date === null ? null : date.getTime() - start
}

test('the interval grows with the age of the requisites', () => {
  const cases: [now_ms: number, next_ms: number | null][] = [
    [0, 10 * second],
    [5 * minute - 1, 5 * minute + 10 * second - 1],
    [5 * minute, 5 * minute + 30 * second],
    [29.9 * minute, 30.4 * minute],
    [30 * minute, 30.5 * minute],
    // The last regular question is asked exactly at its time.
    [final - 29 * second, final],
    [final - 1, final],
    [final, final + minute],
    [final + 30 * minute - 1, final + 31 * minute - 1],
    [final + 30 * minute, final + 45 * minute],
    [final + 24 * hour - 1, final + 24 * hour + 15 * minute - 1],
    [final + 24 * hour, final + 30 * hour],
    [final + 71 * hour, final + 72 * hour],
    [final + 72 * hour, null],
    [final + 1000 * hour, null],
  ]
  for (const state of ['issued', 'failed', 'expired', 'cancelled'] as const)
    for (const [now_ms, next_ms] of cases) assert.equal(next(now_ms, { state }), next_ms, `${state} at ${now_ms}`)
})

test('a window that is shorter than its steps is asked about at its end', () => {
  assert.equal(next(0, { finalise_at: at(4 * second) }), 4 * second)
})

test('whoever says that he has paid is asked about every five seconds for two minutes', () => {
  const claimed_at = at(10 * minute)
  assert.equal(next(10 * minute, { claimed_at }), 10 * minute + 5 * second)
  assert.equal(next(12 * minute - 1, { claimed_at }), 12 * minute - 1 + 5 * second)
  assert.equal(next(12 * minute, { claimed_at }), 12.5 * minute)
  assert.equal(next(final - second, { claimed_at: at(final - second) }), final)
  assert.equal(next(final, { claimed_at: at(final - minute) }), final + 5 * second)
})

test('three unanswered questions in a row double the interval, inside the window to five minutes at most', () => {
  const steps: [errors: number, every_ms: number][] = [
    [2, 30],
    [3, 60],
    [5, 60],
    [6, 120],
    [9, 240],
    [12, 300],
    [3_000, 300],
  ]
  for (const [poll_errors, every_s] of steps)
    assert.equal(next(6 * minute, { poll_errors }), 6 * minute + every_s * second, `${poll_errors} errors`)
  assert.equal(next(0, { poll_errors: 3 }), 20 * second)
  assert.equal(next(final - minute, { poll_errors: 30 }), final)
  assert.equal(next(final + 40 * minute, { poll_errors: 3 }), final + 70 * minute)
  assert.equal(next(final + 25 * hour, { poll_errors: 99 }), final + 31 * hour)
})

test('a success is asked about once more after ten minutes', () => {
  const success = { state: 'success', paid_at: at(7 * minute) } as const
  assert.equal(next(7 * minute, success), 17 * minute)
  assert.equal(next(8 * minute, success), 17 * minute)
  assert.equal(next(17 * minute, success), null)
  assert.equal(next(17 * minute, { ...success, paid_at: null }), null)
})

test('an order that nobody will pay is asked about at one, five, thirty and sixty minutes', () => {
  for (const state of ['unknown', 'violation', 'cancelled'] as const) {
    let now_ms = 0
    const asked: number[] = []
    for (let polls = 0; polls < 10; polls += 1) {
      const then = next(now_ms, { state, orphan: true, polls, issued_at: null, finalise_at: null })
      if (then === null) break
      now_ms = then
      asked.push(then / minute)
    }
    assert.deepEqual(asked, [1, 5, 30, 60])
  }
})

test('where nothing was given, nothing is asked', () => {
  for (const state of ['requested', 'refused', 'violation', 'not_sent', 'unknown'] as const)
    assert.equal(next(0, { state }), null)
})

test('an open appeal is asked about at least every quarter of an hour, whatever became of the payment', () => {
  const appeal_open = true
  assert.equal(next(0, { appeal_open }), 10 * second)
  assert.equal(next(final + 30 * hour, { appeal_open }), final + 30.25 * hour)
  assert.equal(next(final + 200 * hour, { appeal_open }), final + 200.25 * hour)
  assert.equal(next(final + 40 * minute, { appeal_open, poll_errors: 30 }), final + 55 * minute)
  assert.equal(next(final + 40 * minute, { appeal_open }, 1), final + 55 * minute)
  assert.equal(next(final, { appeal_open, state: 'success', paid_at: at(0) }), final + 15 * minute)
})

test('jitter moves a question by a tenth of its interval', () => {
  assert.equal(next(0, {}, 1), 11 * second)
  assert.equal(next(0, {}, -1), 9 * second)
  assert.equal(next(final - 30 * second, {}, 1), final)
  assert.equal(next(0, { state: 'success', paid_at: at(0) }, 1), 10 * minute)
})

const facts = fc.record({
  state: fc.constantFrom<ProviderPaymentState>('issued', 'failed', 'expired', 'cancelled'),
  claimed_at: fc.option(fc.integer({ min: 0, max: final }).map(at)),
  poll_errors: fc.nat({ max: 100 }),
  appeal_open: fc.boolean(),
})
const jitter = fc.double({ min: -1, max: 1, noNaN: true })

test('the next question lies ahead, never passes the last regular one, and ends with the third day', () => {
  fc.assert(
    fc.property(facts, fc.integer({ min: 0, max: 80 * hour }), jitter, (patch, now_ms, spread) => {
      const then = next(now_ms, patch, spread)
      if (then === null) return assert.ok(now_ms >= final + 72 * hour && !patch.appeal_open)
      assert.ok(then > now_ms)
      if (now_ms < final) assert.ok(then <= final)
      if (!patch.appeal_open) assert.ok(then <= final + 72 * hour)
      else assert.ok(then - now_ms <= 15 * minute)
      if (now_ms < final) assert.ok(then - now_ms <= 5.5 * minute)
    }),
  )
})

test('followed from the beginning, the regular questions end exactly at their time and all end at all', () => {
  fc.assert(
    fc.property(facts, fc.array(jitter, { minLength: 1, maxLength: 20 }), (patch, spreads) => {
      const quiet = { ...patch, appeal_open: false }
      const asked: number[] = []
      for (let now_ms: number | null = 0; now_ms !== null; ) {
        now_ms = next(now_ms, quiet, spreads[asked.length % spreads.length] as number)
        if (now_ms !== null) asked.push(now_ms)
        assert.ok(asked.length < 1_000)
      }
      assert.ok(asked.includes(final))
      assert.equal(asked.at(-1), final + 72 * hour)
    }),
  )
})

test('a cancellation is sent again at ten seconds, one, five and fifteen minutes, and then no more', () => {
  let now_ms = 0
  const sent: number[] = []
  for (let tries = 1; ; tries += 1) {
    const then = nextCancel(tries, at(now_ms))
    if (then === null) break
    now_ms = then.getTime() - start
    sent.push(now_ms / second)
  }
  assert.deepEqual(sent, [10, 60, 300, 900])
})

test('a payment is lost after three answers over a minute', () => {
  const cases: [count: number, over_s: number, lost: boolean][] = [
    [3, 60, true],
    [3, 59, false],
    [2, 600, false],
    [30, 61, true],
  ]
  for (const [count, over_s, lost] of cases) assert.equal(isLost(count, at(0), at(over_s * second)), lost)
})
