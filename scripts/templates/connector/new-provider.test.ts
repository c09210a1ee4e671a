import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectorStructure, sampleCard } from '@cascad/connector/contract-suite'
import { readingOf } from './decline-codes.ts'
import connector from './index.ts'

connectorStructure({
  connector,
  credentials: { base_url: 'http://127.0.0.1:1', api_key: 'key' },
  charge: { card: sampleCard },
  answers: [
    '{"id":"p1","reference":"{reference}","status":"approved","amount":"12300","currency":"USD"}',
    '{"id":"p1","reference":"{reference}","status":"declined","reason":"expired_card","network_code":"54","text":"Expired card"}',
    '{"id":"p1","reference":"{reference}","status":"pending"}',
    '{"error":{"code":"invalid_request"},"text":"The request cannot be read."}',
    '{"error":{"code":"not_found"}}',
  ],
})

test('every reason of the table has its reading', () => {
  assert.deepEqual(readingOf('insufficient_funds'), { resolution: 'insufficient_funds', unified_code: 'F.0114' })
  assert.deepEqual(readingOf('expired_card'), { resolution: 'card_expired', unified_code: 'F.0111' })
  assert.deepEqual(readingOf('do_not_honor'), { resolution: 'issuer_decline', unified_code: 'F.0105' })
  assert.deepEqual(readingOf('unauthorized'), { resolution: 'provider_fatal_error', unified_code: 'F.0102' })
  assert.deepEqual(readingOf('invalid_request'), { resolution: 'invalid_request', unified_code: 'F.0128' })
  assert.deepEqual(readingOf('something else'), { resolution: null, unified_code: null })
})
