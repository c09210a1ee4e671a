/** Whatever is typed in and whatever comes back: a reading, no exception, and never the key. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SendRequest, SendResult } from '@cascad/connector'
import { anyResponse } from '@cascad/connector/contract-suite'
import type { Probe } from '@cascad/connector/trials'
import { eventNames } from '@cascad/provider-kit/events'
import * as fc from 'fast-check'
import { answered, connection, right } from './sample-issue.ts'
import { trials } from './trials.ts'

const data = {
  CREATE_PAYMENT: {
    amount: '3900.00',
    method: 'card',
    currencyRate: 85.5,
    currency: 'RUB',
    transactionWindowInMin: '',
  },
  GET_PAYMENT: { id: 'uniq-id' },
  CANCEL_PAYMENT: { id: 'uniq-id' },
  CREATE_APPEAL: { id: 'uniq-id', amount: '4000', url: 'http://exampel.com/example.pdf' },
  CANCEL_APPEAL: { id: 'appealId' },
  CONFIRM_APPEAL: { id: 'appealId' },
} as const

const anyEvent = fc.constantFrom(...eventNames)
const credentials = connection

async function tried(event: keyof typeof data, answer: SendResult, sent: SendRequest[] = []): Promise<Probe> {
  const send = async (request: SendRequest) => {
    sent.push(request)
    return answer
  }
  const probe = await trials.probe({ credentials, event, data: data[event], probe_id: 'probe-1' }, send)
  assert.ok(probe.type === 'tried')
  return probe
}

describe('a probe', () => {
  for (const event of eventNames) {
    test(`${event} leaves as the platform sends it, and is shown without the key`, async () => {
      const sent: SendRequest[] = []
      const probe = await tried(event, answered(200, right), sent)
      const [request, ...others] = sent
      assert.ok(request && others.length === 0)
      assert.equal(request.headers?.['x-api-key'], connection.api_key)
      assert.deepEqual(
        [probe.sent.url, probe.sent.headers['x-api-key'], probe.sent.body],
        [connection.endpoint_url, '***', request.body],
      )
      assert.equal(JSON.parse(request.body ?? '').event, `CascadeEvents.${event}`)
      assert.ok(request.answer_timeout_ms !== undefined && request.listen_ms === undefined)
    })
  }

  test('numbers may be typed as text, and what is left empty is left out', async () => {
    const sent: SendRequest[] = []
    await tried('CREATE_PAYMENT', answered(200, right), sent)
    assert.equal(
      sent[0]?.body,
      '{"event":"CascadeEvents.CREATE_PAYMENT","data":{"amount":3900,"method":"card","currencyRate":85.5,"currency":"RUB"}}',
    )
  })

  const rows: readonly [keyof typeof data, SendResult, Partial<Probe['reading']>][] = [
    ['CREATE_PAYMENT', answered(201, right), { result: 'issued', leads_to: 'issued', reference: right.id, done: true }],
    [
      'CREATE_PAYMENT',
      answered(409, { code: 'NO_REQUISITES', message: 'none' }),
      { result: 'refused', leads_to: 'refused', reason: 'NO_REQUISITES', text: 'none', health: 'healthy', done: false },
    ],
    ['CREATE_PAYMENT', answered(401, 'who?'), { result: 'refused', misconfigured: true, health: 'not_counted' }],
    ['CREATE_PAYMENT', answered(302, ''), { result: 'violation', misconfigured: true, health: 'failure' }],
    ['CREATE_PAYMENT', answered(500, { id: 'o-1' }), { result: 'unknown', leads_to: 'unknown', reference: 'o-1' }],
    [
      'CREATE_PAYMENT',
      answered(201, { ...right, bank: undefined }),
      { result: 'violation', text: 'bank is missing or malformed', reference: right.id },
    ],
    ['CREATE_PAYMENT', { type: 'not_sent', detail: 'ECONNREFUSED' }, { result: 'not_sent', text: 'ECONNREFUSED' }],
    ['GET_PAYMENT', answered(200, { status: 'pending' }), { result: 'pending', leads_to: null, done: true }],
    ['GET_PAYMENT', answered(200, { status: 'success' }), { result: 'success', leads_to: 'success', done: true }],
    ['GET_PAYMENT', answered(200, { status: 'failed' }), { result: 'failed', leads_to: 'failed', done: true }],
    ['GET_PAYMENT', answered(200, { status: 'appeal' }), { result: 'appeal', leads_to: null, done: true }],
    ['GET_PAYMENT', answered(200, { status: 'processing' }), { result: 'poll_error', leads_to: null, done: false }],
    ['GET_PAYMENT', answered(404, {}), { result: 'poll_error', health: 'failure', done: false }],
    ['CANCEL_PAYMENT', answered(201, ''), { result: 'delivered', leads_to: null, done: true }],
    ['CANCEL_PAYMENT', answered(409, { message: 'paid' }), { result: 'declined', text: 'paid', done: false }],
    ['CANCEL_PAYMENT', answered(500, ''), { result: 'undelivered', done: false }],
    [
      'CREATE_APPEAL',
      answered(200, { appealId: 'a-1' }),
      { result: 'acknowledged', leads_to: 'submitted', reference: 'a-1', done: true },
    ],
    ['CREATE_APPEAL', answered(409, ''), { result: 'acknowledged', leads_to: 'submitted', reference: null }],
    ['CREATE_APPEAL', answered(400, 'no'), { result: 'refused', leads_to: 'arbitration', text: 'no', done: false }],
    ['CREATE_APPEAL', answered(503, ''), { result: 'undelivered', leads_to: null, done: false }],
    ['CANCEL_APPEAL', answered(200, ''), { result: 'delivered', leads_to: 'cancelled', done: true }],
    ['CONFIRM_APPEAL', answered(404, ''), { result: 'delivered', leads_to: 'confirmed', done: true }],
    ['CONFIRM_APPEAL', answered(422, 'no'), { result: 'refused', leads_to: 'confirmed', done: false }],
    ['CONFIRM_APPEAL', { type: 'unknown', detail: 'reset' }, { result: 'undelivered', text: 'reset', done: false }],
  ]
  for (const [event, answer, expected] of rows) {
    const what = answer.type === 'response' ? `${answer.status} ${answer.body.slice(0, 40)}` : answer.type
    test(`${event} answered with ${what}`, async () => {
      const { reading } = await tried(event, answer)
      assert.deepEqual(
        Object.fromEntries(Object.keys(expected).map((name) => [name, Reflect.get(reading, name)])),
        expected,
      )
    })
  }

  test('data that is wrong is told by field, and nothing is sent', async () => {
    const send = async () => assert.fail('nothing may be sent')
    const probe = async (event: string, given: Record<string, unknown>) => {
      const result = await trials.probe({ credentials, event, data: given, probe_id: 'p' }, send)
      return result.type === 'invalid' ? Object.keys(result.fields).sort() : assert.fail()
    }
    assert.deepEqual(await probe('CREATE_PAYMENT', {}), ['amount', 'currency', 'currencyRate', 'method'])
    const wrong = { ...data.CREATE_PAYMENT, amount: 'lots', method: 'cash', transactionWindowInMin: '0.5' }
    assert.deepEqual(await probe('CREATE_PAYMENT', wrong), ['amount', 'method', 'transactionWindowInMin'])
    assert.deepEqual(await probe('CREATE_APPEAL', { id: 'x', amount: '-1', url: 'file:///etc' }), ['amount', 'url'])
    assert.deepEqual(await probe('NO_SUCH_EVENT', {}), ['event'])
  })

  test('any data and any answer lead to a reading or to messages, never to an exception', async () => {
    const value = fc.oneof(fc.anything(), fc.constantFrom('3900', 'card', 'RUB', 'http://a/b.pdf', '__proto__'))
    const names = fc.constantFrom(
      'id',
      'amount',
      'method',
      'currencyRate',
      'currency',
      'url',
      'transactionWindowInMin',
      'x',
    )
    const bodies = Object.values({ right, status: { status: 'success' }, appeal: { appealId: 'a' } })
    const any = anyResponse(bodies.map((body) => JSON.stringify(body)))
    await fc.assert(
      fc.asyncProperty(anyEvent, fc.dictionary(names, value), any, fc.boolean(), async (event, typed, answer, good) => {
        const given = good ? data[event] : typed
        const probe = await trials.probe({ credentials, event, data: given, probe_id: 'p' }, async () => answer)
        if (probe.type === 'invalid') assert.ok(!good && Object.keys(probe.fields).length > 0)
        else {
          assert.equal(typeof probe.reading.result, 'string')
          assert.deepEqual(JSON.parse(JSON.stringify(probe)), probe)
        }
      }),
      { numRuns: 1500 },
    )
  })
})

describe('what is shown of an exchange', () => {
  const echoing: fc.Arbitrary<SendResult> = fc
    .tuple(fc.constantFrom(200, 302, 400, 401, 422, 500), fc.constantFrom('message', 'id', 'bank', 'x'), fc.boolean())
    .map(([status, name, isPlain]) => {
      const body = isPlain
        ? `the key ${connection.api_key} is wrong`
        : JSON.stringify({ [name]: `<${connection.api_key}>` })
      return { type: 'response', status, headers: { location: `/?key=${connection.api_key}` }, body }
    })

  test('a key that the provider sends back is nowhere', async () => {
    await fc.assert(
      fc.asyncProperty(anyEvent, echoing, async (event, answer) => {
        assert.ok(!JSON.stringify(await tried(event, answer)).includes(connection.api_key))
      }),
    )
  })

  test('a key with quotes is not readable in its JSON spelling either', async () => {
    const api_key = 'quoted"key\\of"sixteen'
    const request = { credentials: { ...connection, api_key }, event: 'GET_PAYMENT', data: { id: 'a' }, probe_id: 'p' }
    const answer = answered(400, { message: `not ${api_key}!` })
    const text = JSON.stringify(await trials.probe(request, async () => answer))
    assert.ok(!text.includes('of') || !text.includes('quoted'), text)
  })
})
