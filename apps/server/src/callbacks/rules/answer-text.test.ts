import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { answerText } from './answer-text.ts'

test('an answer is kept as it came, an empty one is nothing', () => {
  assert.equal(answerText('{"error":"Київ 12345"}'), '{"error":"Київ 12345"}')
  assert.equal(answerText(''), null)
  assert.equal(answerText('\0'), null)
})

test('numbers as long as those of cards are not kept', () => {
  assert.equal(answerText('card 4200000000000000, order 42'), 'card [number], order 42')
})

test('whatever comes, at most 1024 characters are kept that a database takes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 1100 }), fc.nat(3), (text, times) => {
      const kept = answerText(text.repeat(times))
      assert.ok(kept === null || (kept.length <= 1024 && kept.isWellFormed() && !kept.includes('\0')))
      assert.doesNotMatch(kept ?? '', /\d{12,}/)
    }),
  )
})
