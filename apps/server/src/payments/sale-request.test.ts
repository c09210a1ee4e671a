import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../http/json.ts'
import { InvalidFields } from '../http/problem.ts'
import { readSaleRequest } from './sale-request.ts'

const now = new Date('2030-06-15T12:00:00Z')
const card: JsonObject = {
  card_number: '5123817234060000',
  card_holder: 'John Wick',
  cvv: '123',
  exp_month: '12',
  exp_year: '31',
}
const blank = 'This value should not be blank.'
const invalid = 'This value is not valid.'
const text = 'This value should be of type string.'

const read = (attributes: JsonObject, test_mode = true) =>
  readSaleRequest(attributes, { now, test_mode, saved_card: false })

function refusal(attributes: JsonObject, test_mode = true): Readonly<Record<string, string>> {
  try {
    read(attributes, test_mode)
  } catch (error) {
    if (error instanceof InvalidFields) return error.fields
    throw error
  }
  return {}
}

test('a card is read with the facts of the browser', () => {
  const browser_info = {
    browser_ip: '203.0.113.9',
    browser_color_depth: 24,
    browser_java_enabled: false,
    deep: { a: 1 },
    none: null,
  }
  assert.deepEqual(read({ ...card, browser_info }), {
    card: { number: '5123817234060000', exp_month: '12', exp_year: '2031', cvv: '123', holder: 'John Wick' },
    browser: { browser_ip: '203.0.113.9', browser_color_depth: '24', browser_java_enabled: 'false' },
    cvv: null,
    client_ip: '203.0.113.9',
  })
})

test('numbers are taken as their literal text, and an address that is none is not kept as one', () => {
  const numbers = { ...card, card_number: 5123817234060000, cvv: 123, exp_month: 7, exp_year: 2031, card_holder: '' }
  const sale = read({ ...numbers, browser_info: { browser_ip: 'unknown' } })
  assert.deepEqual(sale.card, {
    number: '5123817234060000',
    exp_month: '07',
    exp_year: '2031',
    cvv: '123',
    holder: null,
  })
  assert.equal(sale.client_ip, null)
})

test('each bad input has one message on its own field', () => {
  assert.deepEqual(refusal({}), { card_number: blank, cvv: blank, exp_month: blank, exp_year: blank })
  assert.deepEqual(refusal({ ...card, card_number: '4111111111111112' }), { card_number: invalid })
  assert.deepEqual(refusal({ ...card, card_number: '41111111111' }), { card_number: invalid })
  assert.deepEqual(refusal({ ...card, card_number: ['5123817234060000'] }), { card_number: text })
  assert.deepEqual(refusal({ ...card, cvv: '12' }), { cvv: invalid })
  assert.deepEqual(refusal({ ...card, exp_month: 13 }), { exp_month: invalid })
  assert.deepEqual(refusal({ ...card, exp_year: '203' }), { exp_year: invalid })
  assert.deepEqual(refusal({ ...card, card_holder: 'x'.repeat(101) }), {
    card_holder: 'This value is too long. The limit is 100 characters.',
  })
  assert.deepEqual(refusal({ ...card, card_holder: 5 }), { card_holder: text })
  assert.deepEqual(refusal({ ...card, browser_info: 'Firefox' }), {
    browser_info: 'This value should be of type object.',
  })
})

test('a date in the past is refused in live mode only', () => {
  assert.deepEqual(refusal({ ...card, exp_year: '29' }, false), { exp_year: invalid })
  assert.deepEqual(refusal({ ...card, exp_year: '29' }, true), {})
})

test('a wallet replaces the card fields in test mode and is refused in live mode', () => {
  assert.deepEqual(refusal({ google_pay: { token: 'x' } }, true), {})
  assert.deepEqual(refusal({ google_pay: { token: 'x' } }, false), { google_pay: invalid })
})
