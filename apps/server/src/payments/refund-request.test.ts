import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../http/json.ts'
import { InvalidFields } from '../http/problem.ts'
import { readRefundRequest } from './refund-request.ts'

const payment = { id: 'cpi_0Aq3kZ7Bd9Xw2Lm4', exponent: 2 }
const blank = 'This value should not be blank.'

const read = (attributes: JsonObject, envelope: JsonObject = {}) =>
  readRefundRequest({ body: { data: { ...envelope, attributes } }, attributes }, payment)

function refusal(attributes: JsonObject, envelope: JsonObject = {}): Readonly<Record<string, string>> {
  try {
    read(attributes, envelope)
  } catch (error) {
    if (error instanceof InvalidFields) return error.fields
    throw error
  }
  return {}
}

test('a refund names its reference, and without an amount means the whole rest', () => {
  assert.deepEqual(read({ reference_id: ' r-1 ' }), { amount_minor: null, reference_id: 'r-1', description: null })
  const whole = { amount: '10.5', reference_id: 7, description: 'late', invoiceId: payment.id }
  assert.deepEqual(read(whole, { id: payment.id }), { amount_minor: 1050n, reference_id: '7', description: 'late' })
})

test('each bad input has one message on its own field', () => {
  assert.deepEqual(refusal({}), { reference_id: blank })
  assert.deepEqual(refusal({ reference_id: '  ' }), { reference_id: blank })
  assert.deepEqual(refusal({ reference_id: 'x'.repeat(256) }), {
    reference_id: 'This value is too long. The limit is 255 characters.',
  })
  assert.deepEqual(refusal({ reference_id: 'r', amount: 0 }), { amount: 'This value should be greater than 0.' })
  assert.deepEqual(refusal({ reference_id: 'r', amount: -1 }), { amount: 'This value should be greater than 0.' })
  assert.deepEqual(refusal({ reference_id: 'r', amount: 0.001 }), {
    amount: 'This value should have no more than 2 decimal places.',
  })
  assert.deepEqual(refusal({ reference_id: 'r', amount: 'all' }), { amount: 'This value is not a valid number.' })
  assert.deepEqual(refusal({ reference_id: 'r', description: {} }), {
    description: 'This value should be of type string.',
  })
  assert.deepEqual(refusal({ amount: true, description: 'x'.repeat(501) }), {
    reference_id: blank,
    amount: 'This value is not a valid number.',
    description: 'This value is too long. The limit is 500 characters.',
  })
})

test('an id in the body must be that of the path', () => {
  assert.deepEqual(refusal({ reference_id: 'r' }, { id: 'cpi_0000000000000000' }), { id: 'This value is not valid.' })
  assert.deepEqual(refusal({ reference_id: 'r', invoiceId: 'cpi_0000000000000000' }), {
    invoiceId: 'This value is not valid.',
  })
})
