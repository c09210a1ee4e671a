import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type BalanceLevel, levelOf } from './balance-level.ts'

test('levels at their edges', () => {
  const cases: [available: bigint, alert: bigint, day: bigint, level: BalanceLevel][] = [
    [100n, 100n, 0n, 'fine'],
    [99n, 100n, 0n, 'low'],
    [1n, 0n, 0n, 'fine'],
    [0n, 0n, 0n, 'empty'],
    [-50n, 100n, 50n, 'empty'],
    [-51n, 100n, 50n, 'overdrawn'],
    [-1n, 0n, 0n, 'overdrawn'],
  ]
  for (const [available_minor, low_balance_alert_minor, day_debits_minor, level] of cases)
    assert.equal(
      levelOf({ available_minor, low_balance_alert_minor, day_debits_minor }),
      level,
      String(available_minor),
    )
})
