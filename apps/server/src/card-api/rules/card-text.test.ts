import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cardText } from './card-text.ts'

test('a card is named by its network and its last four digits', () => {
  for (const [brand, expected] of [
    ['visa', 'Visa ••••\u00a01234'],
    ['master', 'Mastercard ••••\u00a01234'],
    ['unknown', '••••\u00a01234'],
    ['constructor', '••••\u00a01234'],
  ] as const) {
    assert.equal(cardText({ brand, last_4: '1234' }), expected)
  }
  assert.equal(cardText(null), null)
})
