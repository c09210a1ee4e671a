import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { en } from '../texts/en.ts'
import { type AppealText, appealText, readAppealForm, refusalProblems } from './read-appeal-form.ts'

const words = en.appeal
const given = { reasons: ['not_credited', 'wrong_amount'], exponent: 2 } as const
const text = (change: Partial<AppealText> = {}): AppealText => ({
  reason: 'wrong_amount',
  amount: '4000',
  comment: '',
  ...change,
})

describe('what a payer writes about a transfer', () => {
  const amounts: [string, bigint | null][] = [
    ['4000', 400_000n],
    ['4 000,00', 400_000n],
    ['4\u00a0000.5', 400_050n],
    ['0.01', 1n],
    ['0', null],
    ['-5', null],
    ['1.234.567', null],
    ['1,005', null],
    ['4000 RUB', null],
    ['', null],
    ['9'.repeat(20), null],
  ]
  for (const [amount, minor] of amounts) {
    it(`the amount "${amount}" is ${minor ?? 'none'}`, () => {
      const read = readAppealForm(text({ amount }), words, given)
      assert.equal(read.appeal?.amount_minor ?? null, minor)
      assert.equal(read.problems?.amount, minor === null ? words.amount_invalid : undefined)
    })
  }

  it('who sent what was asked for is not asked for the amount', () => {
    const read = readAppealForm(text({ reason: 'not_credited', amount: 'nonsense' }), words, given)
    assert.deepEqual(read.appeal, { reason: 'not_credited', amount_minor: null, comment: '' })
  })

  it('a reason that this payment cannot have is none', () => {
    const read = readAppealForm(text({ reason: 'not_credited' }), words, { ...given, reasons: ['wrong_amount'] })
    assert.deepEqual(read.problems, { reason: words.reason_blank })
  })

  it('a comment has at most 1000 characters as a reader counts them', () => {
    assert.equal(readAppealForm(text({ comment: '🙂'.repeat(1000) }), words, given).problems, null)
    assert.deepEqual(readAppealForm(text({ comment: '🙂'.repeat(1001) }), words, given).problems, {
      comment: words.comment_long,
    })
  })

  it('a form without a field reads as empty', () => {
    assert.deepEqual(appealText({}), { reason: '', amount: '', comment: '' })
  })
})

describe('a refusal', () => {
  it('shows at its field, or is no matter of the form', () => {
    assert.deepEqual(refusalProblems('amount_equal', words), { amount: words.amount_same })
    assert.deepEqual(refusalProblems('receipt_type', words), { receipt: words.receipt_invalid })
    assert.equal(refusalProblems('too_many', words), null)
    assert.equal(refusalProblems('appeal_exists', words), null)
  })
})
