import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nextAttemptAt, nextNotificationAt } from './retry-delay.ts'

const minute_ms = 60_000
const policy = { attempts_max: 100, interval_ms: minute_ms }

test('retries come after 1, 2, 3 … intervals, each counted from the end of the attempt before', () => {
  assert.equal(nextAttemptAt(1, 1_000, policy), 1_000 + minute_ms)
  assert.equal(nextAttemptAt(2, 500_000, policy), 500_000 + 2 * minute_ms)
  assert.equal(nextAttemptAt(99, 0, policy), 99 * minute_ms)
})

test('after the last attempt there is none', () => {
  assert.equal(nextAttemptAt(100, 0, policy), null)
  assert.equal(nextAttemptAt(1, 0, { ...policy, attempts_max: 1 }), null)
  assert.equal(nextAttemptAt(7, 0, { ...policy, attempts_max: 3 }), null)
})

test('a series has exactly as many attempts as its limit, and each pause is one interval longer', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 3_600_000 }),
      (attempts_max, interval_ms) => {
        const pauses: number[] = []
        let ended = 0
        for (let attempts = 1; ; attempts += 1) {
          const at = nextAttemptAt(attempts, ended, { attempts_max, interval_ms })
          if (at === null) break
          pauses.push(at - ended)
          ended = at + 17
        }
        assert.deepEqual(
          pauses,
          Array.from({ length: attempts_max - 1 }, (_, i) => (i + 1) * interval_ms),
        )
      },
    ),
  )
})

/** Retry, shortest and longest pause in seconds. */
const notificationPauses: readonly [retry: number, min_s: number, max_s: number][] = [
  [1, 8, 66],
  [2, 64, 151],
  [3, 216, 332],
  [4, 512, 657],
  [5, 1_000, 1_174],
  [6, 1_728, 1_931],
  [7, 2_744, 2_976],
  [8, 4_096, 4_357],
  [9, 6_859, 7_149],
  [10, 9_261, 9_580],
  [11, 12_167, 12_515],
  [12, 15_625, 16_002],
  [13, 19_683, 20_089],
  [14, 24_389, 24_824],
  [15, 29_791, 30_255],
]
for (const [retry, min_s, max_s] of notificationPauses) {
  test(`notification: retry ${retry} comes after ${min_s} to ${max_s} seconds`, () => {
    assert.equal(nextNotificationAt(retry, 1_000, 0), 1_000 + min_s * 1000)
    assert.equal(nextNotificationAt(retry, 1_000, 1 - Number.EPSILON), 1_000 + max_s * 1000)
  })
}

test('notification: there is no sixteenth retry', () => {
  assert.equal(nextNotificationAt(16, 0, 0.5), null)
})

test('notification: every pause is a whole number of steps within the bounds of its retry', () => {
  const bounds = new Map(notificationPauses.map(([retry, min_s, max_s]) => [retry, [min_s, max_s] as const]))
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 15 }),
      fc.integer({ min: 0, max: 2_000_000_000_000 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (attempts, ended_ms, random) => {
        const pause_s = ((nextNotificationAt(attempts, ended_ms, random) ?? 0) - ended_ms) / 1000
        const [min_s, max_s] = bounds.get(attempts) ?? [0, 0]
        assert.ok(pause_s >= min_s && pause_s <= max_s, `${attempts}: ${pause_s}`)
        assert.equal((pause_s - min_s) % (attempts + 1), 0)
      },
    ),
  )
})

test('notification: all retries together take from 35.6 to 36.7 hours', () => {
  const total_s = (random: number) =>
    notificationPauses.reduce((sum, [retry]) => sum + (nextNotificationAt(retry, 0, random) ?? 0), 0) / 1000
  assert.equal(total_s(0), 128_143)
  assert.equal(total_s(1 - Number.EPSILON), 132_058)
})
