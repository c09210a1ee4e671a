import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nextAttemptAt } from './retry-delay.ts'

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
