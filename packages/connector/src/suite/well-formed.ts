/** What every outcome must look like, whatever a provider said. */
import assert from 'node:assert/strict'
import type { CardFacts, Outcome, OutcomeType } from '../connector.ts'

const members: Readonly<Record<OutcomeType, readonly string[]>> = {
  approved: ['amount_minor', 'approval_code', 'card_token', 'provider_reference', 'rrn', 'type'],
  declined: ['provider_reference', 'signals', 'type'],
  action_required: ['action', 'provider_reference', 'type'],
  pending: ['provider_reference', 'type'],
  not_sent: ['detail', 'type'],
  unknown: ['detail', 'type'],
  not_found: ['type'],
}

/** `class` and `appeal` only where requisites are asked for, an id only where the answer has the one of this very charge. */
const more: Partial<Record<OutcomeType, readonly string[]>> = {
  declined: ['class'],
  pending: ['appeal'],
  unknown: ['provider_reference'],
}

/** Line breaks may stand in the hidden fields of a form. */
const controls = /[^\P{Cc}\t\n\r]/u
const text_length_max = 16_384
const signalNames = ['advice_code', 'network_code', 'provider_code', 'provider_text', 'resolution', 'unified_code']

export function assertWellFormed(outcome: Outcome): void {
  assert.ok(Object.hasOwn(members, outcome.type), `unknown type of outcome: ${outcome.type}`)
  const facts = 'card_facts' in outcome ? outcome.card_facts : undefined
  const optional: readonly string[] = ['card_facts', ...(more[outcome.type] ?? [])]
  const given = Object.keys(outcome).filter((name) => !optional.includes(name))
  assert.deepEqual(given.sort(), members[outcome.type])
  if (facts !== undefined) assertFacts(facts)
  for (const text of textsOf(outcome)) {
    assert.ok(text.length <= text_length_max, 'a text is too long')
    assert.ok(text.isWellFormed(), 'a text is not well-formed Unicode')
    assert.doesNotMatch(text, controls)
  }
  if (outcome.type === 'approved') {
    assert.ok(outcome.amount_minor === null || (typeof outcome.amount_minor === 'bigint' && outcome.amount_minor >= 0n))
  }
  if (outcome.type === 'declined') {
    const { signals } = outcome
    assert.deepEqual(Object.keys(signals).sort(), signalNames)
    if (signals.network_code !== null)
      assert.match(signals.network_code, /^[0-9A-Z]{2}$/, 'a private code stands as network code')
    if (signals.advice_code !== null) assert.match(signals.advice_code, /^[0-9A-Z]{2}$/)
    if (signals.unified_code !== null) assert.match(signals.unified_code, /^F\.\d{4}$/)
    if (signals.resolution !== null) assert.match(signals.resolution, /^[a-z0-9_]+$/)
  }
  if (outcome.type === 'action_required') {
    assert.match(outcome.action.url, /^https?:\/\//)
    assert.ok(outcome.action.method === 'GET' || outcome.action.method === 'POST')
    for (const value of Object.values(outcome.action.params)) assert.equal(typeof value, 'string')
  }
}

const factNames = ['avs_result', 'bank_code', 'cvc_result', 'descriptor', 'rrn', 'three_ds']
const threeDsNames = ['cavv', 'cavv_algorithm', 'eci', 'pa_status', 've_status', 'xid']

function assertFacts(facts: CardFacts): void {
  assert.deepEqual(Object.keys(facts).sort(), factNames)
  if (facts.three_ds) assert.deepEqual(Object.keys(facts.three_ds).sort(), threeDsNames)
  for (const fact of [...Object.values({ ...facts, three_ds: null }), ...Object.values(facts.three_ds ?? {})]) {
    assert.ok(fact === null || typeof fact === 'string')
  }
}

/** No digit sequence of the card, plain or grouped, anywhere in the value. */
export function assertWithout(value: unknown, number: string): void {
  for (const text of textsOf(value)) {
    assert.ok(!text.replace(/[ -]/g, '').includes(number), 'a card number came through')
  }
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsOf(inner)])
}
