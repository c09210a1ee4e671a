import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasSettled, settleDelay_s } from './settle-delay.ts'

test('a live gateway is waited for as long as it declares, else two minutes; a test gateway three seconds at most', () => {
  const delays = [undefined, {}, { settle_delay_s: 0 }, { settle_delay_s: 2 }, { settle_delay_s: 30 }].map((can) => [
    settleDelay_s(can, false),
    settleDelay_s(can, true),
  ])
  assert.deepEqual(delays, [
    [120, 3],
    [120, 3],
    [0, 0],
    [2, 2],
    [30, 3],
  ])
})

test('the delay is over at its last millisecond, not before', () => {
  const sent_at = new Date(1_700_000_000_000)
  const after = (ms: number): Date => new Date(sent_at.getTime() + ms)
  const settled = (ms: number, test_mode: boolean) =>
    hasSettled(sent_at, { settle_delay_s: 30 }, { test_mode, now: after(ms) })
  assert.deepEqual([settled(29_999, false), settled(30_000, false)], [false, true])
  assert.deepEqual([settled(2_999, true), settled(3_000, true)], [false, true])
})
