import assert from 'node:assert/strict'
import { test } from 'node:test'
import { skipsIn } from './skips-in.ts'

test('a connection has the reason of the rule that decided, before that of a rule without a route left', () => {
  const record = {
    routes: [
      { gateway_id: 1, result: 'balance_insufficient' },
      { gateway_id: 2, result: 'candidate' },
      { gateway_id: 3, result: 'already_tried' },
    ],
    rules_skipped: [
      { rule_id: 'a', because: 'no_candidates', routes: [{ gateway_id: 1, result: 'breaker_open' }] },
      { rule_id: 'b', because: 'no_candidates', routes: [{ gateway_id: 4, result: 'rate_stale' }] },
      { rule_id: 'c', because: 'conditions' },
    ],
  } as const
  assert.deepEqual(skipsIn(record, [1, 2, 3, 4, 5]), [
    { gateway_id: 1, reason: 'balance_insufficient' },
    { gateway_id: 4, reason: 'rate_stale' },
    { gateway_id: 5, reason: 'rules_not_matching' },
  ])
})

test('a connection that could be chosen was not left out, whatever another rule held against it', () => {
  const record = {
    routes: [
      { gateway_id: 1, result: 'weight_zero' },
      { gateway_id: 1, result: 'candidate' },
    ],
    rules_skipped: [],
  } as const
  assert.deepEqual(skipsIn(record, [1]), [])
})
