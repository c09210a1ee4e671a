import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Outcome } from '@cascad/connector'
import type { Attempt } from '../payment.ts'
import { approved, challenge, declined, start, tell, unknown, world } from '../sample-decisions.ts'

test('an unknown outcome never moves the cascade on', () => {
  const w = world()
  assert.equal(tell(w, 1, unknown).code, 'stop_class_unknown')
  assert.equal(w.attempts.length, 1)
  assert.equal(w.payment.status, 'process_pending')
})

test('a decline whose network code means "received too late" is unknown, not declined', () => {
  const w = world()
  tell(w, 1, declined('68'))
  assert.equal(w.attempts[0]?.status, 'unknown')
})

test('an unknown attempt that is looked up as declined inside the budget goes on, after it does not', () => {
  const inside = world()
  tell(inside, 1, unknown)
  inside.at = new Date(start.getTime() + 8_000)
  assert.equal(tell(inside, 1, declined('96')).code, 'hop')
  const after = world()
  tell(after, 1, unknown)
  after.at = new Date(start.getTime() + 60_000)
  assert.equal(tell(after, 1, declined('96')).code, 'stop_time_budget')
  assert.equal(after.payment.status, 'process_failed')
})

test('a payer who was sent to 3-D Secure is never moved to another gateway', () => {
  const w = world()
  tell(w, 1, challenge)
  assert.equal(w.payment.resolution, 'auth_3ds_required')
  assert.equal(tell(w, 1, declined('96')).code, 'stop_payer_acted')
  assert.equal(w.payment.status, 'process_failed')
})

test('do-not-honour causes one hop, the second ends the cascade', () => {
  const w = world()
  assert.equal(tell(w, 1, declined('05')).code, 'hop')
  assert.equal(tell(w, 2, declined('05')).code, 'stop_quota_soft_generic')
  assert.equal(w.payment.resolution, 'issuer_decline')
})

test('time alone never fails an unknown attempt, and ends one that waits for its payer', () => {
  const lost = world()
  tell(lost, 1, unknown)
  assert.equal(tell(lost, 1, { type: 'time_over' }).code, 'no_change')
  const waiting = world()
  tell(waiting, 1, challenge)
  tell(waiting, 1, { type: 'time_over' })
  assert.deepEqual(
    [waiting.payment.status, waiting.payment.resolution, waiting.attempts[0]?.status],
    ['process_failed', 'expired', 'expired'],
  )
})

test('an order that its payer left is taken back, unless late success is welcome', () => {
  const ended = (options: { accept?: boolean; void?: boolean }): Attempt['reversal_status'] | undefined => {
    const w = world()
    tell(w, 1, challenge)
    tell(w, 1, { type: 'time_over' }, options)
    assert.equal(w.payment.due_at === null, w.attempts[0]?.reversal_status === null)
    return w.attempts[0]?.reversal_status
  }
  assert.equal(ended({}), 'needed')
  assert.equal(ended({ accept: true }), null)
  assert.equal(ended({ void: false }), null)
})

test('what is being taken back never wins any more, whatever the account accepts', () => {
  const w = world()
  tell(w, 1, challenge)
  tell(w, 1, { type: 'time_over' })
  assert.equal(tell(w, 1, approved(), { accept: true }).code, 'late_approval')
  assert.deepEqual([w.payment.status, w.attempts[0]?.reversal_status], ['process_failed', 'needed'])
})

test('a confirmed void ends an unknown attempt as reversed, and nothing else', () => {
  const w = world()
  assert.equal(tell(w, 1, { type: 'voided' }).code, 'no_change')
  tell(w, 1, unknown)
  tell(w, 1, { type: 'voided' })
  assert.deepEqual([w.payment.status, w.attempts[0]?.status], ['process_failed', 'reversed'])
  assert.equal(tell(w, 1, approved()).code, 'no_change')
})

test('an approval after the attempt was given up is reversed, or wins when the account accepts late success', () => {
  const reversed = world()
  tell(reversed, 1, declined('51'))
  assert.equal(tell(reversed, 1, approved()).code, 'late_approval')
  assert.deepEqual([reversed.payment.status, reversed.attempts[0]?.reversal_status], ['process_failed', 'needed'])
  const accepted = world()
  tell(accepted, 1, declined('51'))
  assert.equal(tell(accepted, 1, approved(), { accept: true }).code, 'late_success')
  assert.deepEqual([accepted.payment.status, accepted.attempts[0]?.winner], ['processed', true])
})

test('a late approval of more than was asked for goes back, even where late ones are welcome; one of nothing means nothing', () => {
  for (const accept of [false, true]) {
    const w = world()
    tell(w, 1, declined('51'))
    assert.equal(tell(w, 1, approved(0n), { accept }).code, 'no_change')
    assert.equal(tell(w, 1, approved(10_001n), { accept }).code, 'late_approval')
    const { winner, reversal_status, approved_amount_minor } = w.attempts[0] as Attempt
    assert.deepEqual([winner, reversal_status, approved_amount_minor], [false, 'needed', 10_001n])
    assert.equal(w.payment.status, 'process_failed')
  }
})

test('an approved authorization is held and looked after; the gateway may say that it is gone', () => {
  const w = world('authorize')
  assert.equal(tell(w, 1, approved(4_000n)).code, 'win')
  assert.deepEqual(
    [w.payment.status, w.payment.authorized_amount_minor, w.payment.processed_at, w.payment.resolution],
    ['authorized', 4_000n, null, 'ok'],
  )
  assert.ok(w.payment.due_at !== null)
  assert.equal(tell(w, 1, approved()).code, 'no_change')
  assert.equal(tell(w, 1, declined('05')).code, 'hold_gone')
  w.payment = { ...w.payment, voided_amount_minor: 4_000n, status: 'terminated' }
  assert.equal(tell(w, 1, declined('05')).code, 'no_change')
})

test('a card approval above the amount asked for is contradictory and stays unknown', () => {
  const w = world()
  tell(w, 1, approved(10_001n))
  assert.equal(w.attempts[0]?.status, 'unknown')
})

test('"not found" proves nothing before the settle delay, and after it that nothing was sent', () => {
  const w = world()
  tell(w, 1, unknown)
  assert.equal(tell(w, 1, { type: 'not_found' }).code, 'stop_class_unknown')
  w.at = new Date(start.getTime() + 4_000)
  assert.equal(tell(w, 1, { type: 'not_found' }).code, 'hop')
  assert.equal(w.attempts[0]?.status, 'not_sent')
})

test('"not found" proves nothing after the gateway has told of the charge: it took more than was asked, and then denies it', () => {
  const pending: Outcome = { type: 'pending', provider_reference: 'p' }
  for (const told of [[approved(10_001n)], [unknown, pending], [unknown, challenge], [unknown, approved(10_001n)]]) {
    const w = world()
    for (const outcome of told) tell(w, 1, outcome)
    for (const seconds of [4, 40, 400]) {
      w.at = new Date(start.getTime() + seconds * 1000)
      assert.equal(tell(w, 1, { type: 'not_found' }).code, 'stop_class_unknown')
    }
    assert.equal(w.attempts.length, 1)
    assert.equal(w.attempts[0]?.status, 'unknown')
  }
})
