import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readCardTokenRequest } from './read-card-token-request.ts'
import { bodyOf, cardFields, refusalOf, sampleNow, shopWith } from './sample-requests.ts'

const { verification_value: _, ...card } = cardFields
const read = (request: object, token: string | null = null, shop = shopWith()) =>
  readCardTokenRequest(bodyOf(request), token, shop, sampleNow)
const errorsOf = (request: object, token: string | null = null) => refusalOf(() => read(request, token))?.errors

test('a card is kept with all that it needs', () => {
  const wish = {
    token: null,
    number: '4200000000000000',
    holder: 'John Doe',
    exp_month: 8,
    exp_year: 2030,
    contract: [],
  }
  for (const token of [undefined, null, '']) {
    assert.deepEqual(read({ ...card, token, public_key: 'x', contract: null }), wish)
  }
  assert.deepEqual(read({ ...card, contract: ['oneclick'] }), { ...wish, contract: ['oneclick'] })
})

test('what a new card lacks or has wrong', () => {
  assert.deepEqual(errorsOf({}), {
    number: ["can't be blank"],
    holder: ["can't be blank"],
    exp_month: ["can't be blank"],
    exp_year: ["can't be blank"],
  })
  assert.deepEqual(errorsOf({ ...card, number: '4200000000000001' }), { number: ['is invalid'] })
  assert.deepEqual(errorsOf({ ...card, holder: 'x'.repeat(33) }), {
    holder: ['is too long (maximum is 32 characters)'],
  })
  assert.deepEqual(errorsOf({ ...card, exp_year: 2010 }), { date: ['is expired'] })
  assert.deepEqual(errorsOf({ ...card, exp_year: '30' }), { exp_year: ['is invalid'] })
  assert.deepEqual(errorsOf({ ...card, contract: ['x'] }), { contract: ['is invalid'] })
})

test('a change needs its token only; what is not sent stays', () => {
  const nothing = { holder: null, exp_month: null, exp_year: null, contract: null }
  assert.deepEqual(read({ token: 'tok' }), { ...nothing, token: 'tok' })
  assert.deepEqual(read({ token: 'other', number: null }, 'tok'), { ...nothing, token: 'tok' })
  const change = { holder: 'Jane Doe', exp_month: '9', exp_year: 2031, contract: [] }
  assert.deepEqual(read({ ...change, token: 'tok' }), { ...change, exp_month: 9, token: 'tok' })
  assert.deepEqual(errorsOf({ exp_month: 1, exp_year: 2020 }, 'tok'), { date: ['is expired'] })
})

test('a shop that may not send card numbers may still change kept cards', () => {
  const closed = shopWith({ raw_card_data: false })
  assert.equal(refusalOf(() => read(card, null, closed))?.code, 'E.1065')
  assert.equal(read({ ...card, holder: 'Jane' }, 'tok', closed).holder, 'Jane')
})

test('a token that could not be kept anywhere does not exist', () => {
  assert.deepEqual(
    refusalOf(() => read({}, 'a\0b')),
    { http: 422, code: 'E.1037', errors: { token: ['does not exist'] }, message: 'Token does not exist.' },
  )
})
