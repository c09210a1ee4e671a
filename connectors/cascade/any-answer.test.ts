/** Whatever a provider answers, it is understood as one of the known results, and nothing personal gets where it does not belong. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Outcome, SendResult } from '@cascad/connector'
import { anyResponse, assertWellFormed } from '@cascad/connector/contract-suite'
import type { IssueResult, RequisiteMethod } from '@cascad/connector/requisites'
import * as fc from 'fast-check'
import { readAppeal, readClose } from './appeals.ts'
import { readIssue } from './read-issue.ts'
import { asked, right } from './sample-issue.ts'
import { readStatus } from './status.ts'
import { readCancel } from './void.ts'

const { cardNumber: _card, ...nameless } = right
const recorded = [
  right,
  { ...nameless, sbpNumber: '+79000000000' },
  { ...nameless, accountNumber: '40817810000000000001' },
  { ...right, id: 900719925474099 },
  { status: 'success' },
  { appealId: 'string' },
  { code: 'NO_REQUISITES', message: 'none at the moment' },
  { code: 'AMOUNT_OUT_OF_RANGE', message: 'to 1000', errors: { amount: 'too much' } },
].map((document) => JSON.stringify(document))

const anyAnswer: fc.Arbitrary<SendResult> = fc
  .tuple(anyResponse(recorded), fc.option(fc.oneof(fc.string(), fc.nat().map(String))))
  .map(([answer, pause]) =>
    answer.type === 'response' && pause !== null ? { ...answer, headers: { 'retry-after': pause } } : answer,
  )
const method = fc.constantFrom<RequisiteMethod>('card', 'sbp', 'account')

const forms = { card: /^\d{13,19}$/, sbp: /^\+\d{10,15}$/, account: /^[0-9A-Z]{5,34}$/ }
const types = {
  issued: 'action_required',
  refused: 'declined',
  violation: 'declined',
  not_sent: 'not_sent',
  unknown: 'unknown',
} as const

function assertKnown({ state, outcome, reason, health, skip, orphan }: IssueResult, of: RequisiteMethod): void {
  assert.equal(outcome.type, types[state])
  assert.equal(reason !== null, state === 'refused')
  assert.ok(health === 'healthy' || state !== 'issued')
  if (skip) assert.ok(Number.isInteger(skip.seconds) && skip.seconds >= 1 && skip.seconds <= 300)
  if (orphan !== null) assert.ok(state === 'violation' || state === 'unknown')
  if (outcome.type === 'action_required') {
    const { action, provider_reference } = outcome
    assert.ok(provider_reference !== null && provider_reference.length >= 1 && provider_reference.length <= 128)
    assert.match(action.number, forms[of])
    for (const text of [action.bank, action.owner]) assert.match(text, /^\P{Cc}{1,256}$/u)
    assert.deepEqual(JSON.parse(JSON.stringify(action)), action)
  } else {
    assertWellFormed(outcome as Outcome)
  }
}

test('any answer to CREATE_PAYMENT leads to a known result, by its status first', () => {
  fc.assert(
    fc.property(anyAnswer, method, fc.boolean(), (answer, of, require_luhn) => {
      const result = readIssue(answer, { ...asked, method: of, require_luhn })
      assertKnown(result, of)
      const hundred = answer.type === 'response' ? Math.floor(answer.status / 100) : 0
      if (hundred === 3) assert.equal(result.state, 'violation')
      if (hundred === 4) assert.equal(result.state, 'refused')
      if (hundred === 5) assert.equal(result.state, 'unknown')
    }),
    { numRuns: 2000 },
  )
})

test('no text of a refusal or a breach carries a long number out of the answer', () => {
  const number = fc.bigInt({ min: 10n ** 11n, max: 10n ** 18n }).map(String)
  const place = fc.constantFrom('message', 'error', 'description', 'detail', 'code', 'cardNumber', 'bank')
  fc.assert(
    fc.property(number, place, fc.constantFrom(200, 302, 400, 404, 409, 422, 500), (digits, name, status) => {
      const grouped = digits.replace(/(.{4})(?=.)/g, '$1 ')
      const body = JSON.stringify({ ...right, id: 'x', status: 'wrong', [name]: `to ${grouped}, not ${digits}` })
      const { outcome } = readIssue({ type: 'response', status, headers: {}, body }, asked)
      assert.ok(!JSON.stringify(outcome).replaceAll(' ', '').includes(digits))
    }),
  )
})

test('any answer to the other events leads to a known result', () => {
  fc.assert(
    fc.property(anyAnswer, (answer) => {
      const told = readStatus(answer, 'p-1')
      assertWellFormed(told)
      const is200 = answer.type === 'response' && answer.status >= 200 && answer.status < 300
      assert.ok(is200 || told.type === 'unknown' || told.type === 'not_found')
      const cancelled = readCancel(answer, 'p-1')
      assertWellFormed(cancelled)
      assert.notEqual(cancelled.type, 'approved')
      assert.equal(cancelled.type === 'pending', is200)
      assert.equal(readClose(answer).type === 'delivered' || !is200, true)
      const appeal = readAppeal(answer)
      assert.ok(is200 ? appeal.type === 'acknowledged' : true)
      if (appeal.type === 'acknowledged' && appeal.reference !== null)
        assert.match(appeal.reference, /^\P{Cc}{1,128}$/u)
    }),
    { numRuns: 1000 },
  )
})
