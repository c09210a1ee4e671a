import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type ErrorCode, type Errors, errorBody, inOrderOf, messageOf } from './errors.ts'

const told: readonly (readonly [Errors, string])[] = [
  [{ credit_card: { token: ['does not exist'] } }, 'Token does not exist.'],
  [{ credit_card: { date: ['is expired'] } }, 'Date is expired.'],
  [{ credit_card: { verification_value: ['is not a number'] } }, 'Verification value is not a number.'],
  [
    { description: ["can't be blank"], amount: ['must be greater than 0'] },
    "Description can't be blank. Amount must be greater than 0.",
  ],
  [{ customer: { ip: ["can't be blank"] } }, "Ip can't be blank."],
  [{ parent_uid: ['Parent transaction is not found'] }, 'Parent uid Parent transaction is not found.'],
  [{ base: ["transaction can't be refunded"] }, "transaction can't be refunded"],
  [{ reason: ["can't be blank"], base: ['request is missing'] }, "Reason can't be blank. request is missing"],
]

for (const [errors, message] of told) {
  test(message, () => assert.equal(messageOf(errors), message))
}

test('a validation error in both versions', () => {
  const errors = { credit_card: { date: ['is expired'] } }
  assert.deepEqual(errorBody(2, 'E.1025', errors), { response: { message: 'Date is expired.', errors } })
  assert.deepEqual(errorBody(3, 'E.1025', errors), {
    code: 'E.1025',
    friendly_message: 'Invalid request parameters',
    message: 'Date is expired.',
    errors,
  })
})

test('an error of no field', () => {
  assert.deepEqual(errorBody(2, 'E.1004', null), { response: { message: 'Record not found' } })
  assert.deepEqual(errorBody(3, 'E.1004', null), {
    code: 'E.1004',
    friendly_message: 'Record not found',
    message: 'Record not found',
    errors: {},
  })
})

test('the same order and amount again', () => {
  const errors = { base: ['Duplicate transaction'] }
  assert.deepEqual(errorBody(2, 'F.0108', errors), { response: { message: 'Duplicate transaction', errors } })
  const flat = errorBody(3, 'F.0108', errors) as { code: string; message: string }
  assert.deepEqual([flat.code, flat.message], ['F.0108', 'Duplicate transaction'])
})

test('every code has something to say to both, whatever the version', () => {
  const codes: ErrorCode[] = ['E.1001', 'E.1002', 'E.1003', 'E.1004', 'E.1009', 'E.1010', 'E.1011', 'E.1013']
  codes.push('E.1014', 'E.1016', 'E.1025', 'E.1037', 'E.1065', 'F.0108', 'F.0135', 'F.1000')
  for (const code of codes) {
    const { response } = errorBody(2, code, null) as { response: object }
    assert.deepEqual(Object.keys(response), ['message'])
    const flat = errorBody(3, code, null) as Record<string, unknown>
    assert.deepEqual(Object.keys(flat), ['code', 'friendly_message', 'message', 'errors'])
    assert.ok(flat.friendly_message && flat.message)
  }
})

const name = fc.constantFrom('amount', 'description', 'credit_card', 'customer', 'reason', 'date', 'exp_year', 'base')
const { errors: anyErrors } = fc.letrec<{ errors: Errors; inner: readonly string[] | Errors }>((tie) => ({
  errors: fc.dictionary(name, tie('inner'), { minKeys: 1, noNullPrototype: true }),
  inner: fc.oneof({ depthSize: 'small' }, fc.constant(['is invalid']), tie('errors')),
}))

test('bringing errors into the order of the request changes nothing but the order, and doing it again nothing', () => {
  fc.assert(
    fc.property(anyErrors, fc.dictionary(name, fc.anything(), { noNullPrototype: true }), (errors, sent) => {
      const ordered = inOrderOf(sent as never, errors)
      assert.deepEqual(ordered, errors)
      assert.equal(JSON.stringify(inOrderOf(sent as never, ordered)), JSON.stringify(ordered))
      assert.equal(messageOf(ordered).length, messageOf(errors).length)
      if ('base' in errors) assert.equal(Object.keys(ordered).at(-1), 'base')
    }),
  )
})
