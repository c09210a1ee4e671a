import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { prettyJson } from './pretty-json.ts'

test('JSON is laid out as usual, whatever it is', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value)
      assert.equal(prettyJson(text), JSON.stringify(JSON.parse(text), null, 2))
    }),
  )
})

test('numbers keep the digits they were sent with, and other text stays as it is', () => {
  assert.equal(
    prettyJson('{"amount":3900.00,"rate":85.50,"id":12345678901234567890}'),
    '{\n  "amount": 3900.00,\n  "rate": 85.50,\n  "id": 12345678901234567890\n}',
  )
  assert.equal(prettyJson('<html> {"a":1}'), '<html> {"a":1}')
  assert.equal(prettyJson(''), '')
  assert.equal(prettyJson({ amount: '1.50' }), '{\n  "amount": "1.50"\n}')
})
