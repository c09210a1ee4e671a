import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { askedOf, isKept, keptPair, lateOf, latePair } from './late-claim.ts'

test('what a page is told about late requisites is what it reads', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9_999 }), (asked) => lateOf(Object.fromEntries([latePair(asked)])) === asked),
  )
})

test('anything else is about no requisites', () => {
  for (const mark of [undefined, null, '', '0', '01', '-1', '1.5', '1e3', '10000', ' 1', 'one', ['1'], { 0: '1' }, 1])
    assert.equal(askedOf(mark), 0, JSON.stringify(mark))
  assert.equal(lateOf({}), 0)
  assert.deepEqual([isKept({}), isKept({ kept: '0' }), isKept(Object.fromEntries([keptPair]))], [false, false, true])
})
