import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  httpUrlOf,
  idOf,
  maskCardNumbers,
  minorOf,
  networkCodeOf,
  readJsonObject,
  textMapOf,
  textOf,
  withoutCardNumber,
} from './answer.ts'

test('only JSON objects are read', () => {
  for (const body of ['', 'null', '[]', '"x"', '1', '{', '{"a":1', '['.repeat(100_000)])
    assert.equal(readJsonObject(body), null)
  assert.deepEqual(readJsonObject('{"a":1}'), { a: 1 })
})

test('minor units are digits and nothing else', () => {
  for (const value of [1, '1.0', '-1', '+1', '', ' 1', '1e3', '9'.repeat(19), null]) assert.equal(minorOf(value), null)
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }), (minor) => assert.equal(minorOf(String(minor)), minor)),
  )
})

test('private codes are no network codes', () => {
  for (const value of ['5', '005', '1002', 'n7', 'R-', 5, null, '']) assert.equal(networkCodeOf(value), null)
  for (const value of ['05', '1A', 'N7', 'Z5']) assert.equal(networkCodeOf(value), value)
})

test('URLs are http or https without user and password', () => {
  for (const value of ['javascript:alert(1)', 'data:text/html,x', '/acs', 'http://a:b@host/', 'ftp://host/', null])
    assert.equal(httpUrlOf(value), null)
  assert.equal(httpUrlOf('https://acs.example/3ds?id=1'), 'https://acs.example/3ds?id=1')
})

test('ids and texts hold nothing that a column or a log refuses', () => {
  assert.equal(idOf('a b'), null)
  assert.equal(idOf('a\n'), null)
  assert.equal(textOf('a\u0000b\ud800'), 'a b\ufffd')
  assert.equal(textOf('  '), null)
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => assert.ok((textOf(text) ?? '').isWellFormed())))
})

test('a map of texts holds texts only, and no prototype', () => {
  assert.equal(textMapOf({ a: 1 }), null)
  assert.equal(textMapOf([]), null)
  assert.deepEqual(textMapOf(undefined), {})
  const map = textMapOf(JSON.parse('{"__proto__":"x","creq":"y"}'))
  assert.equal(Object.getPrototypeOf(map), Object.prototype)
  assert.deepEqual(Object.keys(map ?? {}).sort(), ['__proto__', 'creq'])
})

test('card numbers are masked however they are grouped, other digits stay', () => {
  assert.equal(maskCardNumbers('card 5519283812030000 no'), 'card 551928******0000 no')
  assert.equal(maskCardNumbers('5519 2838 1203 0000'), '551928******0000')
  assert.equal(maskCardNumbers('5519-2838-1203-0000'), '551928******0000')
  assert.equal(maskCardNumbers('order 123456789012345'), 'order 123456789012345')
})

test('a card number disappears from every field of an outcome', () => {
  const card = { number: '5519283812030000', exp_month: '12', exp_year: '2049', cvv: '123', holder: null }
  const outcome = withoutCardNumber(
    {
      type: 'action_required',
      provider_reference: 'x5519283812030000',
      action: {
        kind: 'three_ds',
        url: 'http://a/5519-2838-1203-0000',
        method: 'GET',
        params: { a: '5519 2838 1203 0000' },
      },
    },
    card,
  )
  assert.doesNotMatch(JSON.stringify(outcome).replace(/[ -]/g, ''), /5519283812030000/)
})
