import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { appealStates } from '../appeal.ts'
import { type StepToTell, toldOfStep } from './told-of-step.ts'

const told = (step: Partial<StepToTell>): string[] =>
  toldOfStep({
    from: 'submitted',
    to: 'submitted',
    step: 'message',
    calls: null,
    side: 'system',
    opened_side: 'merchant',
    internal: false,
    ...step,
  }).map(({ audience, occasion }) => `${audience} ${occasion}`)

test('every change of state is told the opener’s side: the merchant for his payer as well', () => {
  for (const to of appealStates.filter((state) => state !== 'arbitration')) {
    const from = to === 'opened' ? null : 'arbitration'
    assert.deepEqual(told({ from, to, opened_side: 'merchant' }), [`merchant ${to}`])
    assert.deepEqual(told({ from, to, opened_side: 'payer' }), [`payer ${to}`, `merchant ${to}`])
    assert.deepEqual(told({ from, to, opened_side: 'operator' }), [`operator ${to}`])
  }
})

test('an operator is called when he has to decide or to look, by one mail', () => {
  assert.deepEqual(told({ to: 'arbitration', step: 'contest', side: 'merchant' }), [
    'merchant arbitration',
    'operator alarm',
  ])
  assert.deepEqual(told({ to: 'arbitration', step: 'no_verdict', calls: 'alarm', opened_side: 'operator' }), [
    'operator alarm',
  ])
  assert.deepEqual(told({ step: 'alarm', calls: 'alarm', opened_side: 'payer' }), ['operator alarm'])
  assert.deepEqual(told({ step: 'give_up_close', calls: 'alarm' }), ['operator alarm'])
})

test('a provider is told when half of its time is over, and of nothing else', () => {
  assert.deepEqual(told({ step: 'remind', calls: 'reminder' }), ['provider reminder'])
  fc.assert(
    fc.property(
      fc.record({
        from: fc.constantFrom(null, ...appealStates),
        to: fc.constantFrom(...appealStates),
        step: fc.constantFrom('message', 'accept', 'alarm', 'deliver_close'),
        calls: fc.constantFrom(null, 'alarm' as const),
        side: fc.constantFrom('merchant' as const, 'payer' as const, 'provider' as const, 'operator' as const),
        opened_side: fc.constantFrom('merchant' as const, 'payer' as const, 'operator' as const),
        internal: fc.boolean(),
      }),
      (step) => {
        const lines = toldOfStep(step)
        assert.equal(lines.filter(({ audience }) => audience === 'provider').length, 0)
        assert.equal(new Set(lines.map(({ audience }) => audience)).size, lines.length)
        if (step.opened_side !== 'payer') assert.ok(lines.every(({ audience }) => audience !== 'payer'))
        if (step.opened_side === 'operator') assert.ok(lines.every(({ audience }) => audience === 'operator'))
      },
    ),
  )
})

test('a message is told the opener’s side unless it wrote it, and a note nobody', () => {
  assert.deepEqual(told({ side: 'provider' }), ['merchant message'])
  assert.deepEqual(told({ side: 'merchant' }), [])
  assert.deepEqual(told({ side: 'merchant', opened_side: 'payer' }), ['payer message'])
  assert.deepEqual(told({ side: 'operator', opened_side: 'payer' }), ['payer message', 'merchant message'])
  assert.deepEqual(told({ side: 'provider', internal: true }), [])
  assert.deepEqual(told({ step: 'miss_close' }), [])
})
