import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stripeLibrary } from './call.ts'
import type { Credentials } from './credentials.ts'
import { readEvent } from './read-event.ts'
import { declinedIntent, eventSample, heldIntent, intentSample, refundSample } from './sample-answers.ts'

const credentials: Credentials = { secret_key: 'sim_key_stripe', webhook_secret: 'sim_webhook_stripe' }
const reference = 'abcdefghijklmnop-1'
const signed_at = new Date('2026-11-01T12:00:00Z')
const after = (seconds: number) => new Date(signed_at.getTime() + seconds * 1000)

/** The event as it comes, signed by the library's own helper. */
function delivered(document: object, received_at: Date = after(1), secret = credentials.webhook_secret) {
  const body = JSON.stringify(document).replaceAll('{reference}', reference)
  const timestamp = signed_at.getTime() / 1000
  const header = stripeLibrary().webhooks.generateTestHeaderString({ payload: body, secret, timestamp })
  return { headers: { 'stripe-signature': header }, body, received_at }
}

const succeeded = eventSample('payment_intent.succeeded', intentSample())

test('a paid intent is the approval of its attempt', () => {
  const event = readEvent(credentials, delivered(succeeded))
  assert.deepEqual([event?.reference, event?.event_id], [reference, 'evt_1MqqbKLt4dXK03v5qaIbiNCC'])
  assert.equal(event?.outcome?.type === 'approved' && event.outcome.amount_minor, 12_300n)
})

test('a refused intent is the decline, an open one a reason to ask', () => {
  const failed = readEvent(credentials, delivered(eventSample('payment_intent.payment_failed', declinedIntent())))
  assert.equal(failed?.outcome?.type, 'declined')
  for (const status of ['processing', 'requires_action', 'requires_capture', 'requires_confirmation']) {
    const open = eventSample('payment_intent.created', intentSample({ status, amount_received: 0 }))
    assert.equal(readEvent(credentials, delivered(open))?.outcome, null)
  }
})

test('a card to be saved is asked about: its token takes a call', () => {
  const saving = eventSample('payment_intent.succeeded', intentSample({ setup_future_usage: 'on_session' }))
  assert.equal(readEvent(credentials, delivered(saving))?.outcome, null)
})

test('the age counts from the arrival, not from the reading', () => {
  assert.ok(readEvent(credentials, delivered(succeeded, after(299))))
  assert.equal(readEvent(credentials, delivered(succeeded, after(301))), null)
  const { received_at: _late, ...event } = delivered(succeeded)
  assert.equal(readEvent(credentials, event), null, 'without an arrival the age counts from now')
})

test('another secret, another body or no header is not genuine', () => {
  const event = delivered(succeeded)
  assert.equal(readEvent(credentials, delivered(succeeded, after(1), 'another_secret')), null)
  assert.equal(readEvent(credentials, { ...event, body: event.body.replace('12300', '99999') }), null)
  assert.equal(readEvent(credentials, { ...event, headers: {} }), null)
})

test('events of other objects, other programs and other accounts are not ours', () => {
  const refund = eventSample('refund.updated', refundSample())
  const foreign = eventSample('payment_intent.succeeded', intentSample({ metadata: {} }))
  const connected = eventSample('payment_intent.succeeded', intentSample(), { account: 'acct_1' })
  for (const document of [refund, foreign, connected]) assert.equal(readEvent(credentials, delivered(document)), null)
  assert.ok(readEvent({ ...credentials, account: 'acct_1' }, delivered(connected)))
  assert.equal(readEvent({ ...credentials, account: 'acct_1' }, delivered(succeeded)), null)
})

test('a hold, its end and news of its charge reach their attempt', () => {
  const held = readEvent(credentials, delivered(eventSample('payment_intent.amount_capturable_updated', heldIntent())))
  assert.equal(held?.outcome?.type === 'approved' && held.outcome.amount_minor, 12_300n)
  const lapsed = heldIntent({ status: 'canceled', cancellation_reason: 'automatic' })
  const ended = readEvent(credentials, delivered(eventSample('payment_intent.canceled', lapsed)))
  assert.equal(ended?.outcome?.type, 'declined')
  const metadata = { cascad_reference: '{reference}', cascad_exponent: '2' }
  for (const type of ['charge.captured', 'charge.refunded', 'charge.expired']) {
    const event = readEvent(credentials, delivered(eventSample(type, { id: 'ch_1', object: 'charge', metadata })))
    assert.deepEqual([event?.reference, event?.outcome], [reference, null], type)
  }
  const foreign = eventSample('charge.captured', { id: 'ch_1', object: 'charge', metadata: {} })
  assert.equal(readEvent(credentials, delivered(foreign)), null)
})
