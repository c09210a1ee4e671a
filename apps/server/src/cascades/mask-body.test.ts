import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskNumbers } from '@cascad/provider-kit/mask'
import fc from 'fast-check'
import { maskBody } from './mask-body.ts'

test('what is asked for is kept to the letter', () => {
  const body =
    '{"event":"CascadeEvents.CREATE_PAYMENT","data":{"amount":12345678.90,"method":"card","currencyRate":85.50,"currency":"RUB","transactionWindowInMin":30}}'
  assert.equal(maskBody(body), body)
})

test('requisites are masked by their method, their owner word by word', () => {
  const cases: [body: string, kept: string][] = [
    [
      '{"id":"trp_1234567890123456","status":"pending","bank":"Example Bank","owner":"Ivan Ivanov","cardNumber":"5363 5423 1029 7979"}',
      '{"id":"trp_1234567890123456","status":"pending","bank":"Example Bank","owner":"I*** I***","cardNumber":"536354******7979"}',
    ],
    // As it is read, without the mark of the byte order.
    ['\ufeff{"owner":"Ivan Ivanov","text":"Ivan Ivanov"}', '{"owner":"I*** I***","text":"****"}'],
    ['{"owner":"Élise","sbpNumber":"+7 (900) 123-12-34"}', '{"owner":"É***","sbpNumber":"+7******1234"}'],
    ['{"accountNumber":"GB29 NWBK 6016 1331 9268 19"}', '{"accountNumber":"****6819"}'],
    ['{"cardNumber":5363542310297979}', '{"cardNumber":"536354******7979"}'],
    ['{"id":123456789012345678901}', '{"id":123456789012345678901}'],
    [
      '{"data":{"id":"x","amount":4000,"url":"https://pay.example.com/receipts/rcp_1.pdf?exp=1&sig=abc"}}',
      '{"data":{"id":"x","amount":4000,"url":"https://pay.example.com/receipts/rcp_1.pdf"}}',
    ],
    ['{"x-api-key":"0123456789abcdef"}', '{"x-api-key":"***"}'],
    ['{"note":"call +7 (900) 123-12-34 now","serial":12345678}', '{"note":"call +****1234 now","serial":"****5678"}'],
  ]
  for (const [body, kept] of cases) assert.equal(maskBody(body), kept)
})

test('a number or an owner stands nowhere else in the answer', () => {
  const body = JSON.stringify({
    id: 'ord-5363542310297979',
    cardNumber: '5363 5423 1029 7979',
    owner: 'Ivan Ivanov',
    message: 'sent to IVAN  IVANOV on 5363-5423-1029-7979',
    deep: [{ 'Ivan Ivanov': 1 }],
  })
  const kept = maskBody(body)
  assert.doesNotMatch(kept, /5363-?5423|54231029|ivanov/i)
  assert.match(kept, /"id":"ord-\*{4}"/)
})

test('a broken answer keeps nothing personal either', () => {
  const kept = maskBody('{"id":"trp_1","owner":"Ivan Ivanov","cardNumber":"5363 5423 1029 7979","sbpNumber":"+79001231')
  assert.doesNotMatch(kept, /Ivanov|5423|9001/)
  assert.match(kept, /"id":"trp_1"/)
  assert.doesNotMatch(maskBody('{"owner":"Ivan Iva'), /Iva/)
})

test('the key of the endpoint is never kept, wherever it stands', () => {
  const key = 'sim_cascade_key_volga'
  for (const body of [`{"echo":"${key}"}`, `<h1>${key}</h1>`, `{"${key}":1}`])
    assert.doesNotMatch(maskBody(body, [key]), new RegExp(key))
})

test('whatever the body is, it is masked, short and fit for a row', () => {
  const digits = fc.stringMatching(/^\d{13,19}$/)
  fc.assert(
    fc.property(fc.jsonValue(), digits, fc.string({ unit: 'binary' }), (value, number, noise) => {
      for (const body of [JSON.stringify({ value, cardNumber: number, number }), noise, `${noise}${number}`]) {
        const kept = maskBody(body)
        assert.ok(!kept.includes(number.slice(6, 13)), kept)
        assert.ok(kept.isWellFormed() && !kept.includes('\0') && kept.length <= 8192)
      }
    }),
  )
  assert.ok(maskBody('['.repeat(60_000)).length <= 8192)
  const crowd = JSON.stringify(Array.from({ length: 4_000 }, (_, index) => ({ owner: `Owner ${index}` })))
  assert.doesNotMatch(maskBody(crowd), /Owner 1/)
})

test('numbers of seven digits stay, longer ones are cut', () => {
  assert.equal(maskNumbers('1234567 and 12345678 and 12-34-56-78'), '1234567 and ****5678 and ****5678')
  assert.equal(maskNumbers('5363_5423/1029·7979, 5363\u200b5423–10297979'), '****7979, ****7979')
})
