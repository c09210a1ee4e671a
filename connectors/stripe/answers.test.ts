/** What each answer of Stripe means: recorded samples, one line each. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Outcome } from '@cascad/connector'
import { sampleCard, sampleCharge, sampleRefund, sampleStatus, sampleVoid } from '@cascad/connector/contract-suite'
import type { Credentials } from './credentials.ts'
import connector from './index.ts'
import {
  type Answers,
  answering,
  cardError,
  challengedIntent,
  declinedIntent,
  errorSample,
  facts,
  intentSample,
  redirectAction,
  refundSample,
  samples,
} from './sample-answers.ts'

const credentials: Credentials = { secret_key: 'sim_key_stripe', webhook_secret: 'sim_webhook_stripe' }
const id = 'pi_3MtwBwLkdIwHu7ix28a3tqPa'
const request = () => sampleCharge(credentials, { card: sampleCard })

async function charged(...answers: Answers): Promise<Outcome> {
  const asked = request()
  return await connector.charge(asked, answering(asked.reference, ...answers).send)
}

test('a paid intent is approved with its amount, id and authorization code', async () => {
  assert.deepEqual(await charged([200, samples.succeeded]), {
    type: 'approved',
    provider_reference: id,
    amount_minor: 12_300n,
    rrn: null,
    approval_code: '123456',
    card_token: null,
  })
})

const types: readonly (readonly [name: string, type: Outcome['type'], status: number, document: object])[] = [
  ['a processing intent', 'pending', 200, samples.processing],
  ['a cancelled intent', 'declined', 200, samples.canceled],
  ['an intent given back in full', 'declined', 200, intentSample({ latest_charge: { refunded: true } })],
  ['a refused intent without an error document', 'declined', 200, declinedIntent()],
  ['a charge that waits for its capture', 'unknown', 200, intentSample({ status: 'requires_capture' })],
  ['an intent nobody confirmed', 'unknown', 200, intentSample({ status: 'requires_confirmation' })],
  ['a status of later versions', 'unknown', 200, intentSample({ status: 'brand_new' })],
  ['an intent about another reference', 'unknown', 200, intentSample({ metadata: { cascad_reference: 'other-1' } })],
  ['an intent in another currency', 'unknown', 200, intentSample({ currency: 'eur' })],
  ['an approval without an amount', 'unknown', 200, intentSample({ amount_received: null })],
  ['another object', 'unknown', 200, refundSample()],
  ['a wrong key', 'declined', 401, errorSample('invalid_request_error', null)],
  ['an expired key', 'declined', 401, errorSample('invalid_request_error', 'api_key_expired')],
  ['a missing permission', 'declined', 403, errorSample('invalid_request_error', null)],
  ['a rate limit', 'declined', 429, errorSample('invalid_request_error', 'rate_limit')],
  ['a locked object', 'unknown', 429, errorSample('invalid_request_error', 'lock_timeout')],
  ['a key under way', 'unknown', 409, errorSample('invalid_request_error', 'idempotency_key_in_use')],
  ['another conflict', 'unknown', 409, errorSample('invalid_request_error', null)],
  ['a failed dependency', 'unknown', 424, errorSample('api_error', null)],
  ['a fault of Stripe', 'unknown', 500, errorSample('api_error', null)],
  ['a fault that looks like a refusal', 'unknown', 503, cardError()],
  ['an error of no known type', 'unknown', 400, errorSample('brand_new_error', 'parameter_missing')],
  ['an empty refusal', 'unknown', 400, {}],
  ['an approval with a refusing status', 'unknown', 402, samples.succeeded],
  ['network code 68', 'unknown', 402, cardError({ type: 'card_error', network_decline_code: '68' })],
  ['network code 00', 'unknown', 402, cardError({ type: 'card_error', network_decline_code: '00' })],
]

for (const [name, type, status, document] of types) {
  test(`${name} is ${type}`, async () => {
    assert.equal((await charged([status, document])).type, type)
  })
}

test('an intent of ours that cannot be used still says that the charge arrived; another one does not', async () => {
  const idOf = (outcome: Outcome) => (outcome.type === 'unknown' ? outcome.provider_reference : outcome.type)
  assert.equal(idOf(await charged([200, intentSample({ amount_received: null })])), intentSample().id)
  assert.equal(idOf(await charged([200, intentSample({ currency: 'eur' })])), intentSample().id)
  assert.equal(idOf(await charged([200, intentSample({ metadata: { cascad_reference: 'other-1' } })])), undefined)
})

test('set-up faults carry the codes that pause the route', async () => {
  const raw = { message: 'See https://support.stripe.com/questions/enabling-access-to-raw-card-data-apis.' }
  const codes = await Promise.all([
    charged([401, errorSample('invalid_request_error', null)]),
    charged([403, errorSample('invalid_request_error', null)]),
    charged([402, errorSample('invalid_request_error', null, raw)]),
  ])
  assert.deepEqual(
    codes.map((outcome) => outcome.type === 'declined' && outcome.signals.unified_code),
    ['F.0102', 'F.0102', 'F.0107'],
  )
})

test('a refusal that shows a paid intent is the approval', async () => {
  const error = errorSample('invalid_request_error', 'payment_intent_unexpected_state', {
    payment_intent: intentSample(),
  })
  assert.equal((await charged([400, error])).type, 'approved')
})

test('a refusal about the intent of another payment decides nothing', async () => {
  const foreign = { ...declinedIntent(), metadata: { cascad_reference: 'other-1' } }
  const error = { error: { type: 'card_error', code: 'card_declined', payment_intent: foreign } }
  assert.equal((await charged([402, error])).type, 'unknown')
})

test('the payer is sent where Stripe says, in both forms of the action', async () => {
  const url = 'https://hooks.stripe.com/redirect/authenticate/src_1?client_secret=x'
  const sdk = { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect', stripe_js: url } }
  for (const action of [redirectAction, sdk]) {
    assert.deepEqual(await charged([200, challengedIntent(action)]), {
      type: 'action_required',
      provider_reference: id,
      action: { kind: 'three_ds', url, method: 'GET', params: {} },
      card_facts: facts({ three_ds: { ve_status: 'Y', pa_status: 'C' } }),
    })
  }
  const script = { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'stripe_3ds2_fingerprint', stripe_js: '' } }
  assert.equal((await charged([200, challengedIntent(script)])).type, 'unknown')
})

test('a failed challenge is told by its own code', async () => {
  const error = { type: 'invalid_request_error', code: 'payment_intent_authentication_failure', message: 'Failed.' }
  const outcome = await charged([200, declinedIntent(error)])
  assert.equal(outcome.type === 'declined' && outcome.signals.unified_code, 'F.4001')
})

test('a replayed answer that is still open is asked about anew', async () => {
  const replay = [200, samples.challenged, { 'idempotent-replayed': 'true' }] as const
  assert.equal((await charged(replay, [200, samples.succeeded])).type, 'approved')
})

test('a key used with other parameters: what stands under the reference decides', async () => {
  const taken = [400, samples.idempotency] as const
  const hit = [200, { object: 'search_result', data: [intentSample()] }] as const
  const none = [200, { object: 'list', data: [] }] as const
  assert.equal((await charged(taken, hit, [200, samples.succeeded])).type, 'approved')
  assert.equal((await charged(taken, hit, [200, samples.canceled])).type, 'declined')
  assert.equal((await charged(taken, none, none)).type, 'unknown')
})

test('an amount Stripe cannot express is declined without a request', async () => {
  const asked = { ...request(), amount_minor: 5_124n, currency: 'KWD', exponent: 3 }
  const { send, sent } = answering(asked.reference)
  const outcome = await connector.charge(asked, send)
  assert.equal(outcome.type === 'declined' && outcome.signals.provider_code, 'amount_not_payable')
  assert.equal(sent.length, 0)
})

test('the amount taken is read in the decimals the charge was made with', async () => {
  const asked = { ...request(), amount_minor: 500n, currency: 'ISK', exponent: 0 }
  const metadata = { cascad_reference: '{reference}', cascad_exponent: '0' }
  const intent = intentSample({ currency: 'isk', amount: 50_000, amount_received: 50_000, metadata })
  const { send, sent } = answering(asked.reference, [200, intent], [200, intent])
  const outcome = await connector.charge(asked, send)
  assert.equal(outcome.type === 'approved' && outcome.amount_minor, 500n)
  assert.match(sent[0]?.body ?? '', /(^|&)amount=50000(&|$)/)
  const known = await connector.status?.(sampleStatus(asked, id), send)
  assert.equal(known?.type === 'approved' && known.amount_minor, 500n)
})

test('a look-up searches, then lists the newest, and reads the intent as it is now', async () => {
  const asked = request()
  const list = (...data: object[]) => [200, { object: 'list', has_more: false, data }] as const
  const found = answering(asked.reference, list(), list(intentSample()), [200, samples.succeeded])
  assert.equal((await connector.status?.(sampleStatus(asked), found.send))?.type, 'approved')
  assert.deepEqual(
    found.sent.map(({ url }) => new URL(url).pathname),
    ['/v1/payment_intents/search', '/v1/payment_intents', `/v1/payment_intents/${id}`],
  )
  const missing = answering(asked.reference, list(), list())
  assert.equal((await connector.status?.(sampleStatus(asked), missing.send))?.type, 'not_found')
  const unsearchable = [400, errorSample('invalid_request_error', null)] as const
  const india = answering(asked.reference, unsearchable, list(intentSample()), [200, samples.succeeded])
  assert.equal((await connector.status?.(sampleStatus(asked), india.send))?.type, 'approved')
  const two = answering(
    asked.reference,
    list(intentSample(), intentSample({ id: 'pi_2' })),
    list(intentSample(), intentSample({ id: 'pi_2' })),
  )
  assert.equal((await connector.status?.(sampleStatus(asked), two.send))?.type, 'unknown')
})

const refunds: readonly (readonly [name: string, type: Outcome['type'], status: number, document: object])[] = [
  ['a refund', 'approved', 200, samples.refund],
  ['a pending refund', 'pending', 200, refundSample({ status: 'pending' })],
  ['a failed refund', 'declined', 200, refundSample({ status: 'failed', failure_reason: 'lost_or_stolen_card' })],
  ['a cancelled refund', 'declined', 200, refundSample({ status: 'canceled' })],
  ['a refund in another currency', 'unknown', 200, refundSample({ currency: 'eur' })],
  ['a refund of another reference', 'unknown', 200, refundSample({ metadata: {} })],
  ['a refund of what is given back', 'declined', 400, errorSample('invalid_request_error', 'charge_already_refunded')],
  ['a refund under a key with other parameters', 'unknown', 400, samples.idempotency],
  ['a refund while the charge is locked', 'unknown', 429, errorSample('invalid_request_error', 'lock_timeout')],
]

for (const [name, type, status, document] of refunds) {
  test(`${name} is ${type}`, async () => {
    const asked = sampleRefund(request(), id, 100n)
    const { send, sent } = answering(asked.reference, [status, document])
    assert.equal((await connector.refund?.(asked, send))?.type, type)
    assert.equal(sent[0]?.headers?.['idempotency-key'], asked.operation_id)
  })
}

test('a void gives a paid intent back under its own key, and cancels an open one', async () => {
  const asked = sampleVoid(request(), id)
  const paid = answering(asked.reference, [200, samples.succeeded], [200, refundSample()])
  assert.equal((await connector.void?.(asked, paid.send))?.type, 'approved')
  assert.equal(paid.sent[1]?.headers?.['idempotency-key'], asked.void_id)
  assert.doesNotMatch(paid.sent[1]?.body ?? '', /amount=/)
  const open = answering(asked.reference, [200, samples.challenged], [200, samples.canceled])
  assert.equal((await connector.void?.(asked, open.send))?.type, 'approved')
  assert.match(open.sent[1]?.url ?? '', /\/cancel$/)
  const paid_meanwhile = errorSample('invalid_request_error', 'payment_intent_unexpected_state', {
    payment_intent: intentSample(),
  })
  const late = answering(asked.reference, [200, samples.challenged], [400, paid_meanwhile])
  assert.notEqual((await connector.void?.(asked, late.send))?.type, 'approved')
})

test('a void of what has not arrived takes the key of the charge; taken already, it is unknown', async () => {
  const asked = sampleVoid(request())
  const none = [200, { object: 'list', data: [] }] as const
  const empty = intentSample({ status: 'requires_payment_method', amount_received: 0, latest_charge: null })
  const closed = answering(asked.reference, none, none, [200, empty], [200, samples.canceled])
  assert.equal((await connector.void?.(asked, closed.send))?.type, 'approved')
  assert.equal(closed.sent[2]?.headers?.['idempotency-key'], asked.attempt_id)
  assert.doesNotMatch(closed.sent[2]?.body ?? '', /confirm|payment_method_data/)
  const arrived = answering(asked.reference, none, none, [400, samples.idempotency])
  assert.equal((await connector.void?.(asked, arrived.send))?.type, 'unknown')
})

test('a saved card is charged with its customer, the code as a token of its own, and an odd token is no card', async () => {
  const asked = { ...request(), card: null, card_token: 'cus_1/pm_1', cvv: '739' }
  const { send, sent } = answering(
    asked.reference,
    [200, { id: 'cvctok_1', object: 'token' }],
    [200, samples.succeeded],
  )
  assert.equal((await connector.charge(asked, send)).type, 'approved')
  const fields = new URLSearchParams(sent[1]?.body)
  assert.deepEqual(
    ['customer', 'payment_method', 'payment_method_options[card][cvc_token]'].map((name) => fields.get(name)),
    ['cus_1', 'pm_1', 'cvctok_1'],
  )
  const lost = answering(asked.reference, [500, {}])
  assert.equal((await connector.charge(asked, lost.send)).type, 'not_sent')
  const odd = answering(asked.reference)
  assert.equal((await connector.charge({ ...asked, card_token: 'tok_1' }, odd.send)).type, 'declined')
  assert.equal(odd.sent.length, 0)
})

test('a card that cannot be saved does not spoil the payment', async () => {
  const asked = { ...request(), want_card_token: true }
  const saving = intentSample({ setup_future_usage: 'on_session' })
  const lost = answering(asked.reference, [200, saving], [500, {}])
  const outcome = await connector.charge(asked, lost.send)
  assert.equal(outcome.type === 'approved' && outcome.card_token, null)
  assert.match(lost.sent[0]?.body ?? '', /setup_future_usage=on_session/)
})
