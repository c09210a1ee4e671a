import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { passesLuhn } from './card.ts'
import { readCard, type SentCard } from './read-card.ts'

const good: SentCard = { number: '5123 8172-3406 0000', holder: null, cvv: '123', exp_month: '7', exp_year: '31' }
const now = new Date('2030-06-15T12:00:00Z')
const live = { now, test_mode: false }

const problemsOf = (part: Partial<SentCard>, test_mode = false) =>
  readCard({ ...good, ...part }, { now, test_mode }).problems

test('blanks and hyphens go, month and year get their full length', () => {
  assert.deepEqual(readCard(good, live).card, {
    number: '5123817234060000',
    holder: null,
    cvv: '123',
    exp_month: '07',
    exp_year: '2031',
  })
  assert.equal(readCard({ ...good, exp_year: '2031', exp_month: '12' }, live).card?.exp_year, '2031')
})

test('every part is checked, all at once', () => {
  assert.deepEqual(problemsOf({ number: null, cvv: '', exp_month: ' ', exp_year: null }), {
    number: 'blank',
    cvv: 'blank',
    exp_month: 'blank',
    exp_year: 'blank',
  })
  assert.deepEqual(problemsOf({ number: '5123817234060001', cvv: '12', exp_month: '13', exp_year: '031' }), {
    number: 'invalid',
    cvv: 'invalid',
    exp_month: 'invalid',
    exp_year: 'invalid',
  })
  for (const cvv of ['12', '12345', '12a', '１２３']) assert.deepEqual(problemsOf({ cvv }), { cvv: 'invalid' }, cvv)
  for (const exp_month of ['0', '00', '13', '007', '1.', '-1'])
    assert.deepEqual(problemsOf({ exp_month }), { exp_month: 'invalid' }, exp_month)
  for (const exp_year of ['1', '203', '20311', 'xx'])
    assert.deepEqual(problemsOf({ exp_year }), { exp_year: 'invalid' }, exp_year)
})

test('numbers of 12 to 19 digits with a right check digit pass, others do not', () => {
  const digits = fc
    .integer({ min: 8, max: 21 })
    .chain((length) => fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }))
  fc.assert(
    fc.property(digits, (list) => {
      const number = list.join('')
      const right = number.length >= 12 && number.length <= 19 && passesLuhn(number)
      assert.equal(readCard({ ...good, number }, live).problems === null, right)
      assert.equal(
        readCard({ ...good, number: `${number.slice(0, 4)}.${number.slice(4)}` }, live).problems?.number,
        'invalid',
      )
    }),
  )
})

test('a card is good to the end of its month in live mode, and for ever in test mode', () => {
  assert.equal(problemsOf({ exp_month: '06', exp_year: '30' }), null)
  assert.deepEqual(problemsOf({ exp_month: '05', exp_year: '30' }), { exp_year: 'invalid' })
  assert.deepEqual(problemsOf({ exp_month: '12', exp_year: '2029' }), { exp_year: 'invalid' })
  assert.equal(problemsOf({ exp_month: '05', exp_year: '30' }, true), null)
  const lastMoment = new Date('2030-06-30T23:59:59.999Z')
  const june = { ...good, exp_month: '06', exp_year: '30' }
  assert.equal(readCard(june, { now: lastMoment, test_mode: false }).problems, null)
  assert.deepEqual(readCard(june, { now: new Date('2030-07-01T00:00:00Z'), test_mode: false }).problems, {
    exp_year: 'invalid',
  })
})
