import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { type AnswerKind, answersThatCount, noteAnswer, type PairAlarms } from './feed-alarms.ts'

const quiet: PairAlarms = { failing: false, jumping: false, streak: 0 }
const kinds = { u: 'usable', d: 'doubtful', x: 'unusable', c: 'usable' } as const

/** What is told at each answer of a text of u, d, x, and c = usable by which a jump is believed. */
function told(answers: string): string[] {
  let alarms = quiet
  return [...answers].map((letter) => {
    const { after, changes } = noteAnswer(alarms, kinds[letter as keyof typeof kinds], letter === 'c')
    alarms = after
    return changes.join(' ')
  })
}

test('a feed fails with the third answer in a row that cannot be used, and works again with the third that can', () => {
  assert.deepEqual(told('uxxux'), ['', '', '', '', ''])
  assert.deepEqual(told('xxxxxx'), ['', '', 'fails', '', '', ''])
  assert.deepEqual(told('xxxuuxuuuu'), ['', '', 'fails', '', '', '', '', '', 'works_again', ''])
})

test('a jump is told with the first doubtful answer; it is over when it is believed or three answers in a row could be used', () => {
  assert.deepEqual(told('uddc'), ['', 'jumps', '', 'jump_stays'])
  assert.deepEqual(told('duduuu'), ['jumps', '', '', '', '', 'jump_over'])
  assert.deepEqual(told('dxu'), ['jumps', '', ''])
  assert.deepEqual(told('dxxxuuu'), ['jumps', '', '', 'fails', '', '', 'works_again jump_over'])
})

test('whatever comes, each alarm begins before it is over, and never twice; within three answers there is one change of a kind at most', () => {
  const answers = fc.array(fc.constantFrom<AnswerKind>('usable', 'doubtful', 'unusable'), { maxLength: 60 })
  fc.assert(
    fc.property(answers, (given) => {
      let alarms = quiet
      const last: Record<string, number> = {}
      given.forEach((kind, index) => {
        const { after, changes } = noteAnswer(alarms, kind, false)
        assert.deepEqual(
          changes.filter((one) => one === 'fails' || one === 'works_again'),
          after.failing === alarms.failing ? [] : [after.failing ? 'fails' : 'works_again'],
        )
        assert.deepEqual(
          changes.filter((one) => one === 'jumps' || one === 'jump_over'),
          after.jumping === alarms.jumping ? [] : [after.jumping ? 'jumps' : 'jump_over'],
        )
        for (const change of changes) {
          assert.ok(index - (last[change] ?? Number.NEGATIVE_INFINITY) > answersThatCount)
          last[change] = index
        }
        alarms = after
      })
    }),
  )
})
