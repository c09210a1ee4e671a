import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ProviderCaseKind, ProviderPaymentState } from '../../cascades/provider-payment.ts'
import { type PollOutcome, readPoll } from './read-poll.ts'

const shown: readonly ProviderPaymentState[] = ['issued', 'failed', 'expired', 'cancelled', 'success']
const unshown: readonly ProviderPaymentState[] = ['unknown', 'violation', 'cancelled']
const read = (state: ProviderPaymentState, outcome: PollOutcome, orphan = false, appeal = false) =>
  readPoll({ state, orphan }, outcome, appeal)

test('paid counts from every state but one that is paid', () => {
  for (const state of shown) {
    assert.deepEqual(read(state, { type: 'approved' }), {
      result: 'answered',
      apply: state !== 'success',
      case_kind: null,
    })
  }
})

test('failed counts only while the payer may transfer; after a success a person looks at it', () => {
  for (const state of shown) {
    const case_kind: ProviderCaseKind | null = state === 'success' ? 'status_regression' : null
    assert.deepEqual(read(state, { type: 'declined' }), { result: 'answered', apply: state === 'issued', case_kind })
    assert.deepEqual(read(state, { type: 'pending' }), { result: 'answered', apply: false, case_kind })
  }
})

test('an appeal is news only where none of ours is open', () => {
  for (const state of shown) {
    assert.equal(read(state, { type: 'pending', appeal: true }).case_kind, 'unexpected_appeal')
    assert.equal(read(state, { type: 'pending', appeal: true }, false, true).case_kind, null)
    assert.equal(read(state, { type: 'pending', appeal: true }).apply, false)
  }
})

test('whatever is said of an order that nobody saw, no money moves', () => {
  for (const state of unshown) {
    assert.deepEqual(read(state, { type: 'approved' }, true), {
      result: 'answered',
      apply: false,
      case_kind: 'orphan_success',
    })
    for (const type of ['declined', 'pending', 'not_found', 'unknown'])
      assert.deepEqual([read(state, { type }, true).apply, read(state, { type }, true).case_kind], [false, null])
  }
})

test('what is no answer changes nothing', () => {
  for (const state of [...shown, ...unshown]) {
    for (const type of ['unknown', 'not_sent', 'action_required', 'nonsense'])
      assert.deepEqual(read(state, { type }), { result: 'error', apply: false, case_kind: null })
    assert.deepEqual(read(state, { type: 'not_found' }), { result: 'not_found', apply: false, case_kind: null })
  }
})
