import assert from 'node:assert/strict'
import { test } from 'node:test'
import { envelopeId, peekAttributes, unwrapAttributes } from './attributes.ts'
import type { JsonObject } from './json.ts'
import { InvalidFields } from './problem.ts'

const types = ['payment-invoice', 'payment-invoices'] as const

test('the three envelope forms carry the same attributes', () => {
  const attributes = { amount: 10 }
  const forms: JsonObject[] = [
    { data: { type: 'payment-invoice', attributes } },
    { data: { type: 'payment-invoices', attributes } },
    { data: { attributes } },
    attributes,
    { data: null, amount: 10 },
  ]
  for (const body of forms) assert.equal(unwrapAttributes(body, types).amount, 10)
  assert.deepEqual(unwrapAttributes({ data: { amount: 10 } }, types), attributes)
  assert.deepEqual(unwrapAttributes({ data: { type: 'payment-invoice', attributes: null, amount: 10 } }, types), {
    type: 'payment-invoice',
    attributes: null,
    amount: 10,
  })
  assert.deepEqual(unwrapAttributes({}, types), {})
  assert.deepEqual(unwrapAttributes({ data: [] }, types), {}, 'an empty list is an empty map')
})

test('another type or a broken envelope is one message on its field', () => {
  const refused: [JsonObject, Record<string, string>][] = [
    [{ data: { type: 'payout-invoice', attributes: {} } }, { type: 'This value is not one of the allowed choices.' }],
    [{ data: { type: 'payout-invoice' } }, { type: 'This value is not one of the allowed choices.' }],
    [{ type: 'refund', amount: 1 }, { type: 'This value is not one of the allowed choices.' }],
    [{ data: { type: 7 } }, { type: 'This value should be of type string.' }],
    [{ data: 'x' }, { data: 'This value should be of type object.' }],
    [{ data: [{ type: 'payment-invoice' }] }, { data: 'This value should be of type object.' }],
    [{ data: { attributes: 'x' } }, { attributes: 'This value should be of type object.' }],
  ]
  for (const [body, fields] of refused) {
    assert.throws(
      () => unwrapAttributes(body, types),
      (error) => {
        assert.ok(error instanceof InvalidFields)
        assert.deepEqual(error.fields, fields)
        return true
      },
    )
  }
})

test('a peek never complains', () => {
  assert.equal(peekAttributes({ data: { attributes: { public_key: 'k' } } }).public_key, 'k')
  for (const body of [{ data: 'x' }, { data: { attributes: 3 } }, { data: [1] }])
    assert.deepEqual(peekAttributes(body), {})
})

test('the id of an envelope is text or absent', () => {
  assert.equal(envelopeId({ data: { id: 'cpi_1' } }), 'cpi_1')
  for (const body of [{}, { data: {} }, { data: { id: null } }, { id: 'flat' }]) assert.equal(envelopeId(body), null)
  assert.throws(() => envelopeId({ data: { id: 5 } }), InvalidFields)
})
