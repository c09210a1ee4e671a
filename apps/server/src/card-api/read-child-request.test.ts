import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type JsonValue, parseBody } from '../http/json.ts'
import { messageOf } from './errors.ts'
import { namedParent, type ParentFacts, readChildRequest } from './read-child-request.ts'
import { bodyOf, refusalOf } from './sample-requests.ts'
import type { ChildType } from './transaction.ts'

const parent_uid = '0193500a-6d2e-7b1c-9a53-2f1c7f6a1e11'
const fields = { parent_uid, amount: 50, reason: 'Returned goods' }
const left = (left_minor: bigint): ParentFacts => ({ type: 'ok', left_minor })
const types: readonly ChildType[] = ['capture', 'void', 'refund']

function read(request: object, type: ChildType = 'refund', parent: ParentFacts = left(100n)) {
  return readChildRequest(bodyOf(request), type, parent)
}

test('a complete request, whatever its type; a reason belongs to refunds', () => {
  for (const type of types) {
    assert.deepEqual(read({ ...fields, unknown: 1 }, type), {
      wish: {
        parent_uid,
        amount_minor: 50n,
        reason: type === 'refund' ? 'Returned goods' : null,
        tracking_id: null,
        duplicate_check: true,
        language: null,
        notification_url: null,
        additional_data: {},
      },
      errors: null,
    })
  }
})

test('an amount above what is left and no reason are told together', () => {
  const { errors } = read({ parent_uid, amount: 101 })
  assert.deepEqual(errors, { reason: ["can't be blank"], amount: ["can't be greater than 100"] })
  assert.equal(errors && messageOf(errors), "Reason can't be blank. Amount can't be greater than 100.")
  const sent = read({ amount: 101, parent_uid, reason: '' }).errors
  assert.equal(sent && messageOf(sent), "Amount can't be greater than 100. Reason can't be blank.")
})

test('what is left may be taken to the last unit, and nothing of nothing', () => {
  assert.equal(read({ ...fields, amount: 100 }).errors, null)
  assert.deepEqual(read({ ...fields, amount: 1 }, 'capture', left(0n)).errors, { amount: ["can't be greater than 0"] })
})

test('a parent that is not there, and the other mistakes with it', () => {
  assert.deepEqual(read({ parent_uid: 'x', amount: 0 }, 'refund', { type: 'missing' }).errors, {
    reason: ["can't be blank"],
    parent_uid: ['Parent transaction is not found'],
    amount: ['must be greater than 0'],
  })
  assert.deepEqual(read({ amount: 1 }, 'void', { type: 'missing' }).errors, { parent_uid: ["can't be blank"] })
})

test('a parent of another kind or state', () => {
  const words = { capture: 'captured', void: 'voided', refund: 'refunded' }
  for (const type of types) {
    const { errors } = read(fields, type, { type: 'refused' })
    assert.equal(errors && messageOf(errors), `transaction can't be ${words[type]}`)
  }
  const both = read({ parent_uid, amount: 'x', reason: 'r' }, 'refund', { type: 'refused' }).errors
  assert.equal(both && messageOf(both), "Amount is not a number. transaction can't be refunded")
})

test('each field by itself', () => {
  const wrong: readonly (readonly [string, unknown, string])[] = [
    ['amount', 1.5, 'is invalid'],
    ['amount', -1, 'must be greater than 0'],
    ['amount', null, 'must be greater than 0'],
    ['amount', '1e2', 'is invalid'],
    ['reason', '', "can't be blank"],
    ['reason', 'x'.repeat(256), 'is too long (maximum is 255 characters)'],
    ['reason', {}, 'is invalid'],
    ['tracking_id', 'x'.repeat(256), 'is too long (maximum is 255 characters)'],
    ['duplicate_check', 'no', 'is invalid'],
    ['language', 'english', 'is invalid'],
    ['notification_url', 'nowhere', 'is invalid'],
    ['additional_data', 'x', 'is invalid'],
    ['additional_data', { a: 'x'.repeat(16_384) }, 'is too long (maximum is 16384 characters)'],
  ]
  for (const [name, value, text] of wrong)
    assert.deepEqual(read({ ...fields, [name]: value }).errors, { [name]: [text] })
})

test('the parent that is named: a uid, or nothing', () => {
  assert.equal(namedParent(bodyOf({ parent_uid })), parent_uid)
  for (const uid of [null, 7, 'x', '', {}, `${parent_uid}'`])
    assert.equal(namedParent(bodyOf({ parent_uid: uid })), null)
  assert.equal(refusalOf(() => namedParent({}))?.message, 'request is missing')
})

test('any request of any type over any parent is a wish within what is left, or errors', () => {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 1 }),
    fc.integer(),
    fc.bigInt().map(String),
  ) as fc.Arbitrary<JsonValue>
  const request = fc.record(
    { parent_uid: value, amount: value, reason: value, tracking_id: value, additional_data: value, language: value },
    { requiredKeys: [] },
  )
  const parent = fc.oneof(
    fc.constant<ParentFacts>({ type: 'missing' }),
    fc.constant<ParentFacts>({ type: 'refused' }),
    fc.bigInt({ min: 0n, max: 1000n }).map(left),
  )
  fc.assert(
    fc.property(request, fc.constantFrom(...types), parent, (sent, type, facts) => {
      const body = parseBody(JSON.stringify({ request: sent }).replaceAll('__proto__', 'proto'))
      const { wish, errors } = readChildRequest(body, type, facts)
      if (!wish) return assert.ok(Object.keys(errors).length > 0)
      assert.ok(facts.type === 'ok' && wish.amount_minor > 0n && wish.amount_minor <= facts.left_minor)
    }),
  )
})
