import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { cardFormText, readCardForm, splitExpiry } from './read-card-form.ts'
import { texts } from './texts/texts.ts'

const now = new Date('2026-03-15T12:00:00Z')
const good = { card_number: '5519 2838 1203 0000', expiry: '12/28', cvv: '123', holder: '' }
const read = (sent: Partial<typeof good>, test_mode = false) =>
  readCardForm({ ...good, ...sent }, texts.en, { now, test_mode })

describe('the date of a card, as people and browsers write it', () => {
  for (const text of ['09/28', '9/28', '0928', '09 / 2028', '09-28', '2028-09', '092028', '09.28']) {
    it(text, () => {
      const { card } = read({ expiry: text })
      assert.deepEqual([card?.exp_month, card?.exp_year], ['09', '2028'])
    })
  }
  for (const text of ['928', '13/28', '00/28', 'ab/cd', '09/1', '09/28/1']) {
    it(`not ${text}`, () => assert.ok(read({ expiry: text }).problems?.expiry))
  }
  it('is no date without a year', () => assert.equal(splitExpiry('09'), null))
})

describe('a card form', () => {
  it('makes a card, holder or not', () => {
    assert.deepEqual(read({}).card, {
      number: '5519283812030000',
      exp_month: '12',
      exp_year: '2028',
      cvv: '123',
      holder: null,
    })
    assert.equal(read({ holder: 'Олена Іваненко' }).card?.holder, 'Олена Іваненко')
  })
  it('says at every field what is wrong, all at once', () => {
    const { problems } = read({ card_number: '5519283812030001', expiry: '', cvv: '12', holder: 'x'.repeat(101) })
    const { card } = texts.en
    assert.deepEqual(problems, {
      card_number: card.number_invalid,
      expiry: card.expiry_blank,
      cvv: card.cvv_invalid,
      holder: card.holder_long,
    })
  })
  it('refuses a past date in live mode only, and says so', () => {
    assert.equal(read({ expiry: '02/26' }).problems?.expiry, texts.en.card.expiry_past)
    assert.equal(read({ expiry: '02/26' }, true).problems, null)
    assert.equal(read({ expiry: '03/26' }).problems, null)
  })
  it('reads lists and maps in place of text as nothing', () => {
    const sent = cardFormText({ card_number: ['1', '2'], expiry: { a: 'b' }, cvv: ' 123 ' })
    assert.deepEqual(sent, { card_number: '', expiry: '', cvv: '123', holder: '' })
  })
})
