import assert from 'node:assert/strict'
import { it } from 'node:test'
import { texts } from '../texts/texts.ts'
import { failureReason } from './failure-reason.ts'

it('a resolution becomes a reason in plain words, in capitals too', () => {
  assert.equal(failureReason('INSUFFICIENT_FUNDS'), 'funds')
  assert.equal(failureReason('invalid_3ds_code'), 'confirmation')
  assert.equal(failureReason('strategy_received_no_routes'), 'unavailable')
  assert.equal(failureReason('lost_or_stolen_card'), 'blocked')
})

it('a code that nobody knows is a plain decline, never its own text', () => {
  assert.equal(failureReason('<b>provider says no</b>'), 'declined')
  assert.equal(failureReason('constructor'), 'declined')
})

it('every language says something else for every reason', () => {
  for (const { reasons } of Object.values(texts)) {
    assert.equal(new Set(Object.values(reasons)).size, Object.keys(reasons).length)
  }
})
