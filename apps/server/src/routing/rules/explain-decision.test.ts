import assert from 'node:assert/strict'
import { test } from 'node:test'
import { declineClasses } from './decline-class.ts'
import { explainDecision } from './explain-decision.ts'

test('every code of the hop decision has words, and no two the same', () => {
  const fixed =
    'win hop step_up wait_undecided stop_payment_closed stop_payer_acted stop_network stop_max_attempts stop_time_budget stop_merchant_drives stop_off stop_no_candidates'
  const codes = [...fixed.split(' '), ...declineClasses.flatMap((name) => [`stop_class_${name}`, `stop_quota_${name}`])]
  const said = codes.map(explainDecision)
  assert.equal(new Set(said).size, codes.length)
  for (const [index, text] of said.entries()) assert.ok(text && !text.includes('_'), codes[index])
})

test('nothing decided, nothing said', () => {
  assert.equal(explainDecision(null), null)
})
