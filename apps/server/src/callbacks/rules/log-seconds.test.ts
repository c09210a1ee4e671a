import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { logSeconds } from './log-seconds.ts'

test('an event is logged under the second it was queued in, a taken second moves on', () => {
  assert.deepEqual(logSeconds([]), [])
  assert.deepEqual(logSeconds([1_597_833_098_999]), [1_597_833_098])
  assert.deepEqual(logSeconds([5_000, 5_400, 5_900, 6_100, 20_000]), [5, 6, 7, 8, 20])
})

test('no two events share a second, none is logged before it was queued, and a later event changes no key', () => {
  const times = fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 30 })
  fc.assert(
    fc.property(times, fc.integer({ min: 0, max: 20_000 }), (created, later) => {
      const keys = logSeconds(created)
      assert.equal(new Set(keys).size, created.length)
      for (const [i, key] of keys.entries()) assert.ok(key >= Math.floor((created[i] ?? 0) / 1000))
      assert.deepEqual(logSeconds([...created, later]).slice(0, -1), keys)
    }),
  )
})
