import assert from 'node:assert/strict'
import { test } from 'node:test'
import { classRules, declineClasses } from './decline-class.ts'
import { type ShownAttempt, unifiedCodeOf } from './unified-code-of.ts'

const declined = (changes: Partial<ShownAttempt> = {}): ShownAttempt => ({
  status: 'declined',
  class: 'soft_generic',
  signals: { unified_code: null },
  ...changes,
})

const byStatus: [status: string, code: string][] = [
  ['sent', 'P.0001'],
  ['incomplete', 'P.9998'],
  ['unknown', 'P.9999'],
  ['approved', 'S.0000'],
  ['not_sent', 'F.2006'],
  ['expired', 'F.0998'],
  ['cancelled', 'F.0998'],
  ['reversed', 'F.0999'],
]
for (const [status, code] of byStatus) {
  test(`an attempt that is ${status} is shown with ${code}, whatever its codes`, () => {
    assert.equal(unifiedCodeOf(declined({ status, signals: { unified_code: 'F.0105' } })), code)
  })
}

for (const name of declineClasses) {
  test(`a decline of class ${name} without a code of the provider is shown with that of the class`, () => {
    const code = name === 'unknown' ? 'F.0999' : (classRules[name].unified_code ?? 'F.0999')
    assert.equal(unifiedCodeOf(declined({ class: name })), code)
    assert.equal(unifiedCodeOf(declined({ class: name, signals: null })), code)
  })
}

test('the code of the provider goes first, but for one that speaks of success or of something under way', () => {
  assert.equal(unifiedCodeOf(declined({ signals: { unified_code: 'F.0114' } })), 'F.0114')
  for (const unified_code of ['S.0000', 'P.0001', 'P.9999'])
    assert.equal(unifiedCodeOf(declined({ signals: { unified_code } })), 'F.0105')
})

const authentications: [pa_status: string | null, code: string][] = [
  ['N', 'F.4001'],
  ['R', 'F.4002'],
  ['U', 'F.4003'],
  ['C', 'F.0130'],
  [null, 'F.0130'],
]
for (const [pa_status, code] of authentications) {
  test(`an authentication that ended with ${pa_status} is shown with ${code}`, () => {
    const card_facts = { three_ds: { pa_status } }
    assert.equal(unifiedCodeOf(declined({ class: 'three_ds_failed', card_facts })), code)
    assert.equal(unifiedCodeOf(declined({ class: 'soft_generic', card_facts })), 'F.0105')
  })
}

test('what nobody knows a class of is shown as a decline without a reason', () => {
  assert.equal(unifiedCodeOf(declined({ class: null })), 'F.0999')
  assert.equal(unifiedCodeOf({ status: 'something new', class: null, signals: null }), 'F.0999')
})
