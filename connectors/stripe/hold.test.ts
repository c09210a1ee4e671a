/** Holds: made, captured, given up; what each answer of Stripe means for them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OperationRequest, Outcome } from '@cascad/connector'
import { sampleCard, sampleCharge, sampleRefund, sampleStatus } from '@cascad/connector/contract-suite'
import * as fc from 'fast-check'
import type { Credentials } from './credentials.ts'
import connector from './index.ts'
import {
  type Answers,
  answering,
  capturedIntent,
  errorSample,
  heldIntent,
  intentSample,
  samples,
} from './sample-answers.ts'

const credentials: Credentials = { secret_key: 'sim_key_stripe', webhook_secret: 'sim_webhook_stripe' }
const id = 'pi_3MtwBwLkdIwHu7ix28a3tqPa'
const hold = () => sampleCharge(credentials, { card: sampleCard, operation: 'authorize' })

function operation(more: Partial<OperationRequest<Credentials>> = {}): OperationRequest<Credentials> {
  return { ...sampleRefund(hold(), id, 12_300n), final: true, ...more }
}

type What = 'capture' | 'captureStatus' | 'cancel' | 'cancelStatus'

async function done(what: What, asked: OperationRequest<Credentials>, ...answers: Answers) {
  const { send, sent } = answering(asked.reference, ...answers)
  const outcome = (await connector[what]?.(asked, send)) as Outcome
  return { outcome, sent, form: new URLSearchParams(sent.at(-1)?.body) }
}

const closed = (intent: object) =>
  errorSample('invalid_request_error', 'payment_intent_unexpected_state', { payment_intent: intent })
const canceled = () => heldIntent({ status: 'canceled', amount_capturable: 0 })

test('an authorization asks for a capture by hand, and is approved with what is held', async () => {
  const asked = hold()
  const { send, sent } = answering(asked.reference, [200, samples.held])
  const outcome = await connector.charge(asked, send)
  assert.deepEqual(outcome.type === 'approved' && [outcome.amount_minor, outcome.approval_code], [12_300n, '123456'])
  assert.equal(new URLSearchParams(sent[0]?.body).get('capture_method'), 'manual')
})

test('a hold stays the approval of all that was held, whatever was captured of it; a lapsed one is declined', async () => {
  const asked = hold()
  const known = async (intent: object) =>
    connector.status?.(sampleStatus(asked, id), answering(asked.reference, [200, intent]).send)
  const metadata = { cascad_reference: asked.reference, cascad_exponent: '2', cascad_capture: 'capture-1' }
  const part = await known(capturedIntent(300, { metadata }))
  assert.equal(part?.type === 'approved' && part.amount_minor, 12_300n)
  const lapsed = await known(heldIntent({ status: 'canceled', cancellation_reason: 'automatic' }))
  assert.equal(lapsed?.type === 'declined' && lapsed.signals.unified_code, 'F.0109')
  const given_up = await known(heldIntent({ status: 'canceled', cancellation_reason: 'requested_by_customer' }))
  assert.equal(given_up?.type === 'declined' && given_up.signals.unified_code, null)
})

test('a capture names its amount and its reference, once, under its own key', async () => {
  const asked = operation({ amount_minor: 300n })
  const { outcome, sent, form } = await done('capture', asked, [200, capturedIntent(300)])
  assert.deepEqual(outcome, {
    type: 'approved',
    provider_reference: 'ch_3MtwBwLkdIwHu7ix28a3tqPa',
    amount_minor: 300n,
    rrn: null,
    approval_code: '123456',
    card_token: null,
  })
  assert.equal(sent.length, 1)
  assert.match(sent[0]?.url ?? '', /\/v1\/payment_intents\/pi_3MtwBwLkdIwHu7ix28a3tqPa\/capture$/)
  assert.equal(sent[0]?.headers?.['idempotency-key'], asked.operation_id)
  assert.deepEqual(
    [form.get('amount_to_capture'), form.get('metadata[cascad_capture]'), form.get('metadata[cascad_reference]')],
    ['300', asked.reference, null],
  )
})

type Row = readonly [name: string, what: What, type: Outcome['type'], status: number, document: object]

const foreign = { metadata: { cascad_capture: 'other' } }
const rows: readonly Row[] = [
  ['a captured hold', 'capture', 'approved', 200, capturedIntent(12_300)],
  ['a capture under way', 'capture', 'pending', 200, capturedIntent(0, { status: 'processing' })],
  ['a hold that stays uncaptured', 'capture', 'unknown', 200, heldIntent()],
  ['another intent', 'capture', 'unknown', 200, capturedIntent(12_300, { id: 'pi_2' })],
  ['another currency', 'capture', 'unknown', 200, capturedIntent(12_300, { currency: 'eur' })],
  ['a captured hold without an amount', 'capture', 'unknown', 200, capturedIntent(1, { amount_received: null })],
  ['more than is held', 'capture', 'declined', 400, errorSample('invalid_request_error', 'amount_too_large')],
  ['a lapsed hold', 'capture', 'declined', 400, errorSample('invalid_request_error', 'charge_expired_for_capture')],
  ['a cancelled hold', 'capture', 'declined', 400, closed(canceled())],
  ['a hold captured by another order', 'capture', 'declined', 400, closed(capturedIntent(12_300, foreign))],
  ['a hold captured by this order long ago', 'capture', 'approved', 400, closed(capturedIntent(12_300))],
  ['a locked hold', 'capture', 'unknown', 429, errorSample('invalid_request_error', 'lock_timeout')],
  ['a key under way', 'capture', 'unknown', 409, errorSample('invalid_request_error', 'idempotency_key_in_use')],
  ['a fault of Stripe', 'capture', 'unknown', 500, errorSample('api_error', null)],
  ['a captured hold', 'captureStatus', 'approved', 200, capturedIntent(12_300)],
  ['an uncaptured hold', 'captureStatus', 'not_found', 200, heldIntent()],
  ['a hold captured by another order', 'captureStatus', 'not_found', 200, capturedIntent(12_300, foreign)],
  ['a cancelled hold', 'captureStatus', 'not_found', 200, canceled()],
  ['a status of later versions', 'captureStatus', 'unknown', 200, heldIntent({ status: 'brand_new' })],
  ['a missing intent', 'captureStatus', 'unknown', 404, errorSample('invalid_request_error', 'resource_missing')],
  ['a cancelled hold', 'cancel', 'approved', 200, canceled()],
  ['a hold cancelled before', 'cancel', 'approved', 400, closed(canceled())],
  ['a captured hold', 'cancel', 'declined', 400, closed(capturedIntent(12_300))],
  ['a refusal about another hold', 'cancel', 'declined', 400, closed({ ...canceled(), id: 'pi_2' })],
  ['a hold that stays', 'cancel', 'unknown', 200, heldIntent()],
  ['a fault of Stripe', 'cancel', 'unknown', 502, errorSample('api_error', null)],
  ['a cancelled hold', 'cancelStatus', 'approved', 200, canceled()],
  ['a hold that stays', 'cancelStatus', 'not_found', 200, heldIntent()],
  ['a captured hold', 'cancelStatus', 'not_found', 200, capturedIntent(12_300)],
  ['an intent in another currency', 'cancelStatus', 'unknown', 200, { ...canceled(), currency: 'eur' }],
]

for (const [name, what, type, status, document] of rows) {
  test(`${what}: ${name} is ${type}`, async () => {
    assert.equal((await done(what, operation(), [status, document])).outcome.type, type)
  })
}

test('whatever part is captured, its amount comes back unchanged, in every number of decimals', async () => {
  const currencies = [
    ['USD', 2, 1n, 1n],
    ['JPY', 0, 1n, 1n],
    ['KWD', 3, 10n, 1n],
    ['ISK', 0, 1n, 100n],
  ] as const
  const amount = fc.bigInt({ min: 1n, max: 10n ** 12n })
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...currencies), amount, async ([currency, exponent, step, scale], count) => {
      const amount_minor = count * step
      const asked = operation({ amount_minor, currency, exponent })
      const captured = capturedIntent(Number(amount_minor * scale), { currency: currency.toLowerCase() })
      const { outcome, form } = await done('capture', asked, [200, captured])
      assert.equal(form.get('amount_to_capture'), String(amount_minor * scale))
      assert.equal(outcome.type === 'approved' && outcome.amount_minor, amount_minor)
    }),
    { numRuns: 50 },
  )
})

test('a cancel gives up the whole hold under its own key; an order for a part of it is declined unsent', async () => {
  const asked = operation()
  const whole = await done('cancel', asked, [200, canceled()])
  assert.match(whole.sent[0]?.url ?? '', /\/cancel$/)
  assert.equal(whole.sent[0]?.headers?.['idempotency-key'], asked.operation_id)
  const part = await done('cancel', operation({ amount_minor: 300n, final: false }), [200, heldIntent()])
  assert.equal(part.outcome.type, 'declined')
  assert.deepEqual(
    part.sent.map(({ method }) => method),
    ['GET'],
  )
  const under_way = capturedIntent(300, { status: 'processing' })
  const late = await done('cancel', operation({ amount_minor: 300n, final: false }), [200, under_way])
  assert.equal(late.outcome.type, 'declined')
  const all = await done('cancel', operation({ final: false }), [200, heldIntent()], [200, canceled()])
  assert.equal(all.outcome.type, 'approved')
})

test('a hold whose id never reached us is found by our reference, for orders and for questions', async () => {
  const list = [
    200,
    { object: 'search_result', data: [heldIntent({ metadata: { cascad_reference: 'hold-1' } })] },
  ] as const
  const asked = operation({ payment_reference: 'hold-1' })
  const captured = await done('capture', asked, list, [200, heldIntent()], [200, capturedIntent(12_300)])
  assert.equal(captured.outcome.type, 'approved')
  const known = await done('captureStatus', asked, list, [200, capturedIntent(12_300)])
  assert.equal(known.outcome.type, 'approved')
  const none = [200, { object: 'list', data: [] }] as const
  for (const what of ['capture', 'captureStatus', 'cancel', 'cancelStatus'] as const) {
    assert.equal((await done(what, asked, none, none)).outcome.type, 'unknown')
  }
})

test('an amount Stripe cannot express is not captured', async () => {
  const { outcome, sent } = await done('capture', operation({ amount_minor: 5_124n, currency: 'KWD', exponent: 3 }))
  assert.equal(outcome.type, 'declined')
  assert.equal(sent.length, 0)
})

test('a refund of a capture names the intent it came from', async () => {
  const asked = { ...operation({ amount_minor: 100n }), capture_reference: 'ch_3MtwBwLkdIwHu7ix28a3tqPa' }
  const { send, sent } = answering(asked.reference, [200, samples.refund])
  assert.equal((await connector.refund?.(asked, send))?.type, 'approved')
  assert.equal(new URLSearchParams(sent[0]?.body).get('payment_intent'), id)
})

test('a void of a hold cancels it', async () => {
  const asked = hold()
  const { send, sent } = answering(asked.reference, [200, heldIntent()], [200, canceled()])
  const { attempt_id, reference } = asked
  const wanted = { credentials, reference, provider_reference: id, test_mode: true, void_id: 'void_1', attempt_id }
  assert.equal((await connector.void?.(wanted, send))?.type, 'approved')
  assert.match(sent[1]?.url ?? '', /\/cancel$/)
})

test('an intent that nobody asked to hold is no hold', async () => {
  const asked = hold()
  const { send } = answering(asked.reference, [200, intentSample({ status: 'requires_capture' })])
  assert.equal((await connector.charge(asked, send)).type, 'unknown')
})
