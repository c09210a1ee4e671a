import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DeclineSignals } from '@cascad/connector'
import fc from 'fast-check'
import { adviceCodes } from './advice-codes.ts'
import { classifyDecline, type DeclineOverride } from './classify-decline.ts'
import { type DeclineClass, declineClasses, isStricter } from './decline-class.ts'
import { networkCodes } from './network-codes.ts'
import { resolutionCodes } from './resolution-class.ts'
import { mastercard, none, visa } from './sample-signals.ts'
import { unifiedCodes } from './unified-codes.ts'

const anySignals: fc.Arbitrary<DeclineSignals> = fc.record({
  resolution: fc.option(fc.constantFrom(...resolutionCodes.keys(), 'new_code')),
  unified_code: fc.option(fc.constantFrom(...unifiedCodes.keys(), 'F.0777')),
  network_code: fc.option(fc.constantFrom(...networkCodes.keys(), 'ZZ')),
  advice_code: fc.option(fc.constantFrom(...adviceCodes.keys(), '99')),
  provider_code: fc.option(fc.constantFrom('X1', 'X2')),
  provider_text: fc.constant(null),
})
const anyCard = fc.record({ brand: fc.constantFrom('visa', 'mastercard', 'amex', null) })
const anyOverride: fc.Arbitrary<DeclineOverride> = fc.oneof(
  fc.record({
    kind: fc.constant('network_code' as const),
    code: fc.constantFrom(...networkCodes.keys()),
    class: fc.constantFrom(...declineClasses),
  }),
  fc.record({
    kind: fc.constant('unified_code' as const),
    code: fc.constantFrom(...unifiedCodes.keys()),
    class: fc.constantFrom(...declineClasses),
  }),
  fc.record({
    kind: fc.constant('provider_code' as const),
    code: fc.constantFrom('X1', 'X2'),
    class: fc.constantFrom(...declineClasses),
  }),
)

test('of several signals the strictest wins', () => {
  fc.assert(
    fc.property(anySignals, anyCard, (signals, card) => {
      const read = classifyDecline(signals, card)
      const named = read.signals.flatMap((signal) => (signal.class === null ? [] : [signal.class]))
      if (named.length === 0) return assert.equal(read.class, 'unmapped')
      assert.ok(named.includes(read.class))
      for (const name of named) assert.ok(!isStricter(name, read.class))
    }),
  )
})

test('one more signal never makes a decline milder, pairs and unmapped alone aside', () => {
  fc.assert(
    fc.property(anySignals, fc.constantFrom(...unifiedCodes.keys()), (signals, unified_code) => {
      const before = classifyDecline({ ...signals, unified_code: null }, visa)
      fc.pre(before.signals.some((signal) => signal.class !== null))
      assert.ok(!isStricter(before.class, classifyDecline({ ...signals, unified_code }, visa).class))
    }),
  )
})

const neverMilder = declineClasses.filter(
  (name) =>
    ![
      'gateway_rejected',
      'acquirer_technical',
      'issuer_technical',
      'soft_generic',
      'acquirer_risk',
      'unmapped',
      'limit',
      'insufficient_funds',
    ].includes(name),
)

test('overrides may tighten everything and loosen only what may be loosened', () => {
  fc.assert(
    fc.property(anySignals, anyCard, fc.array(anyOverride, { maxLength: 5 }), (signals, card, overrides) => {
      const before = classifyDecline(signals, card)
      const after = classifyDecline(signals, card, overrides)
      before.signals.forEach((signal, index) => {
        const now = after.signals[index]?.class ?? null
        if (signal.class === null || now === null || !isStricter(signal.class, now)) return
        assert.ok(!neverMilder.includes(signal.class), `${signal.class} became ${now}`)
      })
    }),
  )
})

test('an override in each direction', () => {
  const read = (network_code: string, to: DeclineClass) =>
    classifyDecline({ ...none, network_code }, mastercard, [{ kind: 'network_code', code: network_code, class: to }])
      .class
  assert.equal(read('51', 'soft_generic'), 'soft_generic')
  assert.equal(read('51', 'never'), 'never')
  assert.equal(read('14', 'soft_generic'), 'never')
  assert.equal(read('54', 'gateway_rejected'), 'card_data')
  assert.equal(read('68', 'soft_generic'), 'unknown')
})

test('the strictest of several allowed overrides counts, and a pair can be tightened by its parts only', () => {
  const both: DeclineOverride[] = [
    { kind: 'network_code', code: '51', class: 'soft_generic' },
    { kind: 'network_code', code: '51', class: 'limit' },
  ]
  assert.equal(classifyDecline({ ...none, network_code: '51' }, visa, both).class, 'limit')
  const pair = { ...none, network_code: '83', advice_code: '01' }
  const tighten = (to: DeclineClass) =>
    classifyDecline(pair, mastercard, [{ kind: 'network_code', code: '83', class: to }]).class
  assert.equal(tighten('never'), 'never')
  assert.equal(tighten('soft_generic'), 'authentication_required')
})
