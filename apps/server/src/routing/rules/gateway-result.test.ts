import assert from 'node:assert/strict'
import { test } from 'node:test'
import { declineClasses } from './decline-class.ts'
import { type AttemptChange, type GatewayResult, gatewayResult } from './gateway-result.ts'

const answer: AttemptChange = {
  from: 'sent',
  to: 'approved',
  class: null,
  set_up_wrong: false,
  test_mode: false,
  running: true,
  lookup_failed: false,
}

const rows: readonly [what: string, change: Partial<AttemptChange>, result: GatewayResult][] = [
  ['approved', { to: 'approved' }, 'healthy'],
  ['waits for the payer', { to: 'incomplete' }, 'healthy'],
  ['approved after a challenge', { from: 'incomplete', to: 'approved' }, 'healthy'],
  ['connection refused', { to: 'not_sent', class: 'unreachable' }, 'failure'],
  ['timeout, 5xx, unreadable', { to: 'unknown', class: 'unknown', lookup_failed: true }, 'failure'],
  ['acquirer fault', { to: 'declined', class: 'acquirer_technical' }, 'failure'],
  ['acquirer fault after a challenge', { from: 'incomplete', to: 'declined', class: 'acquirer_technical' }, 'failure'],
  [
    'acquirer fault asked for by test data',
    { to: 'declined', class: 'acquirer_technical', test_mode: true },
    'healthy',
  ],
  ['timeout of a test gateway', { to: 'unknown', class: 'unknown', test_mode: true }, 'failure'],
  ['refused key', { to: 'declined', class: 'gateway_rejected', set_up_wrong: true }, 'misconfigured'],
  [
    'set-up code asked for by test data',
    { to: 'declined', class: 'gateway_rejected', set_up_wrong: true, test_mode: true },
    'none',
  ],
  ['set-up code beside a stricter one', { to: 'declined', class: 'never', set_up_wrong: true }, 'healthy'],
  ['our process died', { to: 'unknown', class: 'unknown', running: false }, 'none'],
  ['look-up without an answer', { from: 'unknown', to: 'unknown', lookup_failed: true }, 'lookup_failure'],
  [
    'look-up of a waiting payer without an answer',
    { from: 'incomplete', to: 'incomplete', lookup_failed: true },
    'lookup_failure',
  ],
  ['look-up: still pending', { from: 'incomplete', to: 'incomplete' }, 'none'],
  ['look-up: approved', { from: 'unknown', to: 'approved', running: false }, 'healthy'],
  ['look-up: never arrived', { from: 'unknown', to: 'not_sent', class: 'unreachable' }, 'none'],
  ['lifetime over', { from: 'incomplete', to: 'expired', class: 'payer_action' }, 'none'],
  ['taken back', { from: 'unknown', to: 'reversed' }, 'none'],
]
for (const [what, change, result] of rows) {
  test(`${what}: ${result}`, () => assert.equal(gatewayResult({ ...answer, ...change }), result))
}

test('a decline of any class but the acquirer’s own fault shows a working gateway', () => {
  for (const name of declineClasses) {
    const result = gatewayResult({ ...answer, to: 'declined', class: name })
    assert.equal(result, name === 'acquirer_technical' ? 'failure' : 'healthy', name)
  }
})
