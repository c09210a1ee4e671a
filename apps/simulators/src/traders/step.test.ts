import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { demoDesks } from './demo-desks.ts'
import { amountSteps, readStep, stepForms, stepOfAmount } from './step.ts'

test('every step can be written without its argument', () => {
  for (const [name, { usual }] of Object.entries(stepForms)) assert.deepEqual(readStep(name), { name, argument: usual })
})

test('arguments are read, and wrong ones are no step', () => {
  assert.deepEqual(readStep('issue_late:0.5'), { name: 'issue_late', argument: '0.5' })
  assert.deepEqual(readStep('refuse:RATE_REJECTED'), { name: 'refuse', argument: 'RATE_REJECTED' })
  for (const text of [
    '',
    'no',
    'issue:5',
    'issue_late:x',
    'refuse:no',
    'refuse_plain:500',
    'get:200',
    'toString',
    'a:b',
  ]) {
    assert.equal(readStep(text), null, text)
  }
})

test('the two digits after the point choose the step', () => {
  for (const [digits, text] of amountSteps) assert.deepEqual(stepOfAmount(`100.${digits}`), readStep(text))
  assert.deepEqual(stepOfAmount('100.1'), readStep('refuse:NO_REQUISITES'))
  assert.deepEqual(
    ['3900', '0.99', '5.009'].map((amount) => stepOfAmount(amount).name),
    ['issue', 'issue', 'issue'],
  )
})

test('any text is a step or null', () => {
  fc.assert(fc.property(fc.string(), (text) => void readStep(text)))
})

test('a desk may give digits of its own a meaning, which goes before the common one', () => {
  const own = { '17': 'refuse:NO_REQUISITES', '01': 'issue_never' }
  assert.deepEqual(stepOfAmount('8900.17', own), { name: 'refuse', argument: 'NO_REQUISITES' })
  assert.deepEqual(stepOfAmount('1.01', own), { name: 'issue_never', argument: '' })
  assert.deepEqual(stepOfAmount('1.02', own), stepOfAmount('1.02'))
})

test('the steps of the demo desks are steps', () => {
  const all = Object.values(demoDesks).flatMap(({ amount_steps = {} }) => Object.values(amount_steps))
  assert.ok(all.length > 0)
  for (const step of all) assert.ok(readStep(step), step)
})
