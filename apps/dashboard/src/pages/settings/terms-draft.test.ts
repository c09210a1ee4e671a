import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Connection } from '../../../../server/src/provider-api/connection-documents.ts'
import { draftOf, type MethodDraft, type TermsDraft, termsOf } from './terms-draft.ts'

const endpoint: Connection['endpoint'] = {
  endpoint_url: 'https://desk.example/api',
  api_key_mask: '…abcd',
  event_form: 'prefixed',
  changed_at: null,
  changed_by: null,
}
const connection: Connection = {
  gateway_id: 901,
  name: 'Desk',
  mode: 'live',
  status: 'active',
  endpoint,
  pending: null,
  event_form: 'prefixed',
  window_minutes: 30,
  create_timeout_s: 10,
  require_luhn: false,
  finalise_grace_s: 90,
  request_gap_ms: 0,
  supports_idempotency_key: false,
  methods: [{ method: 'card', limits: { min: '100', max: '150000.50', daily_count: 40 } }],
  possible_methods: ['card', 'sbp'],
  currencies: ['RUB'],
  rate_source: 'desk',
  rate_margin_percent: '1',
  misconfigured_at: null,
  misconfigured_reason: null,
  tested_at: null,
}

const typed = (next: Partial<TermsDraft>) => termsOf({ ...draftOf(connection), ...next }, connection)
const card = (next: Partial<MethodDraft>) => {
  const [first, ...others] = draftOf(connection).methods
  assert.ok(first)
  return typed({ methods: [{ ...first, ...next }, ...others] })
}

test('what was not touched is not sent', () => {
  assert.deepEqual(termsOf(draftOf(connection), connection), { change: {}, mistakes: {} })
})

test('only what was changed is sent, methods as a whole', () => {
  assert.deepEqual(typed({ event_form: 'bare' }).change, { event_form: 'bare' })
  assert.deepEqual(typed({ finalise_grace_s: ' 60 ', supports_idempotency_key: true }).change, {
    finalise_grace_s: 60,
    supports_idempotency_key: true,
  })
  assert.deepEqual(card({ max: '1 000 000,25', daily_count: '' }).change, {
    methods: [{ method: 'card', limits: { min: '100', max: '1000000.25' } }],
  })
  const [first, second] = draftOf(connection).methods
  assert.ok(first && second)
  assert.deepEqual(
    typed({
      methods: [
        { ...first, enabled: false },
        { ...second, enabled: true, min: '5' },
      ],
    }).change,
    {
      methods: [{ method: 'sbp', limits: { min: '5' } }],
    },
  )
})

test('amounts keep every digit', () => {
  const { change } = card({ daily_amount: '123456789012345678.12345678' })
  assert.equal(change.methods?.[0]?.limits.daily_amount, '123456789012345678.12345678')
})

test('a spelling that waits for its test is what is shown, and giving up on it is a change', () => {
  const waiting: Connection = { ...connection, pending: { ...endpoint, event_form: 'bare' } }
  assert.equal(draftOf(waiting).event_form, 'bare')
  assert.deepEqual(termsOf(draftOf(waiting), waiting).change, {})
  assert.deepEqual(termsOf({ ...draftOf(waiting), event_form: 'prefixed' }, waiting).change, {
    event_form: 'prefixed',
  })
})

test('what cannot be is named by its field', () => {
  const rows: readonly [ReturnType<typeof typed>, Record<string, string>][] = [
    [typed({ finalise_grace_s: '111' }), { finalise_grace_s: 'grace' }],
    [typed({ finalise_grace_s: '1.5' }), { finalise_grace_s: 'grace' }],
    [typed({ request_gap_ms: '-1' }), { request_gap_ms: 'gap' }],
    [card({ enabled: false }), { methods: 'no_method' }],
    [card({ min: '200000' }), { 'card.max': 'min_above_max' }],
    [card({ min: 'ten' }), { 'card.min': 'amount' }],
    [card({ daily_amount: '1,000' }), { 'card.daily_amount': 'amount' }],
    [card({ daily_count: '0' }), { 'card.daily_count': 'whole_number' }],
    [card({ daily_count: '2.5' }), { 'card.daily_count': 'whole_number' }],
  ]
  for (const [terms, mistakes] of rows) assert.deepEqual(terms.mistakes, mistakes)
})
