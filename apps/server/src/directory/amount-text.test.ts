import assert from 'node:assert/strict'
import { it } from 'node:test'
import { amountText, durationText, timeText } from './amount-text.ts'

const plain = (text: string) => text.replace(/\s/g, ' ')

it('an amount has the digits of its language and all decimals of its currency, however large', () => {
  assert.equal(plain(amountText(123450n, 'USD', 2, 'en')), '1,234.50 USD')
  assert.equal(plain(amountText(123450n, 'UAH', 2, 'uk')), '1 234,50 UAH')
  assert.equal(plain(amountText(5000n, 'JPY', 0, 'ru')), '5 000 JPY')
  assert.equal(plain(amountText(-45_614_036n, 'USDT', 6, 'en')), '-45.614036 USDT')
  assert.equal(plain(amountText(1n, 'BTC', 8, 'en')), '0.00000001 BTC')
  assert.equal(plain(amountText(99999999999999999999n, 'USD', 2, 'en')), '999,999,999,999,999,999.99 USD')
})

it('an amount does not break between lines', () => {
  assert.doesNotMatch(amountText(123450n, 'UAH', 2, 'ru'), / /)
})

it('a time names its zone', () => {
  const time = new Date('2026-07-01T21:30:00Z')
  assert.match(timeText(time, 'en', 'Europe/Kyiv'), /^2 July 2026.* 00:30 \S+/)
  assert.match(plain(timeText(time, 'ru', 'UTC')), /^1 июля 2026 г\. в 21:30 UTC/)
  assert.match(plain(timeText(time, 'uk', 'UTC')), /^1 липня 2026 р\. о 21:30\D* UTC/)
})

it('time left', () => {
  assert.equal(durationText(0), '0:00')
  assert.equal(durationText(-5), '0:00')
  assert.equal(durationText(1_799_000), '29:59')
  assert.equal(durationText(7_265_000), '2:01:05')
})
