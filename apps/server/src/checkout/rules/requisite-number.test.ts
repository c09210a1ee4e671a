import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { RequisiteMethod } from '@cascad/connector/requisites'
import fc from 'fast-check'
import { copiedAmount, copiedNumber, numberText } from './requisite-number.ts'

describe('the number a payer transfers to', () => {
  const cases: [RequisiteMethod, string, string][] = [
    ['card', '5363542310297979', '5363 5423 1029 7979'],
    ['card', '2200123412341234567', '2200 1234 1234 1234 567'],
    ['card', '536354******7979', '5363 54 •••• 7979'],
    ['account', 'DE89370400440532013000', 'DE89 3704 0044 0532 0130 00'],
    ['account', '40817810099910004312', '4081 7810 0999 1000 4312'],
    ['account', '****1234', '•••• 1234'],
    ['sbp', '+79000000000', '+7 900 000-00-00'],
    ['sbp', '+77012345678', '+7 701 234-56-78'],
    ['sbp', '+380501234567', '+380 50 123-45-67'],
    ['sbp', '+375291234567', '+375 29 123-45-67'],
    ['sbp', '+996555123456', '+996 555 123-456'],
    ['sbp', '+4915112345678', '+49 151 123 456 78'],
    ['sbp', '+12125550123', '+1 212 555 0123'],
    ['sbp', '+351912345678', '+351 912 345 678'],
    ['sbp', '+7******1234', '+7 •••• 1234'],
  ]
  for (const [method, number, text] of cases) {
    it(`${method} ${number} is shown as ${text}`, () => assert.equal(numberText(method, number), text))
  }

  it('is copied whole and without signs, whatever it looks like', () => {
    assert.equal(copiedNumber('+79000000000'), '79000000000')
    assert.equal(copiedNumber('DE89370400440532013000'), 'DE89370400440532013000')
  })

  it('amounts are copied with a point and whole fractions', () => {
    assert.deepEqual(
      [copiedAmount('3900', 2), copiedAmount('3900.5', 2), copiedAmount('0.01', 2), copiedAmount('1.5', 3)],
      ['3900', '3900.50', '0.01', '1.500'],
    )
  })

  it('shows every digit of every number in its order', () => {
    const number = fc.oneof(
      fc.tuple(fc.constant('card' as const), fc.stringMatching(/^\d{13,19}$/)),
      fc.tuple(fc.constant('sbp' as const), fc.stringMatching(/^\+\d{10,15}$/)),
      fc.tuple(fc.constant('account' as const), fc.stringMatching(/^[0-9A-Z]{5,34}$/)),
    )
    fc.assert(
      fc.property(number, ([method, text]) => {
        const shown = numberText(method, text)
        assert.equal(copiedNumber(shown), copiedNumber(text))
        assert.doesNotMatch(shown, /^\s|\s$|\s\s/)
      }),
    )
  })

  it('shows nothing of a mask but what it leaves open', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{0,6}\*{4,12}\d{4}$/), (mask) => {
        assert.equal(copiedNumber(numberText('card', mask)), mask.replaceAll('*', ''))
      }),
    )
  })
})
