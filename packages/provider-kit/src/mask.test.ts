import assert from 'node:assert/strict'
import { test } from 'node:test'
import { masked, maskNumbers } from './mask.ts'

test('requisites are masked, the bank stays', () => {
  const shown = masked({
    bank: 'Example Bank',
    owner: 'Ivan Ivanov',
    cardNumber: '5363 5423 1029 7979',
    sbpNumber: '+7 900 123-12-34',
    accountNumber: '40817810000000001234',
    amount: '3900',
    url: 'https://pay.example.com/receipts/rcp_1.pdf?exp=1&sig=secret',
  })
  assert.deepEqual(shown, {
    bank: 'Example Bank',
    owner: 'I*** I***',
    cardNumber: '536354******7979',
    sbpNumber: '+7******1234',
    accountNumber: '****1234',
    amount: '3900',
    url: 'https://pay.example.com/receipts/rcp_1.pdf',
  })
})

test('numbers too short to be cut are hidden whole', () => {
  assert.deepEqual(masked({ cardNumber: '1234', sbpNumber: '12', accountNumber: '1234', owner: '' }), {
    cardNumber: '******',
    sbpNumber: '******',
    accountNumber: '****',
    owner: '',
  })
})

test('long numbers in free text are cut to their last four', () => {
  assert.equal(maskNumbers('card 5363 5423 1029 7979 is busy'), 'card ****7979 is busy')
  assert.equal(maskNumbers('order 1234567 of 2027'), 'order 1234567 of 2027')
  assert.equal(maskNumbers('call +7 (900) 123-45-67 now'), 'call +****4567 now')
  assert.equal(maskNumbers('5363\u00a05423_1029/7979, 5363\u200b5423–10297979'), '****7979, ****7979')
})
