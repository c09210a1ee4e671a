/** The official library under our terms: one request each, by our `send`, with nothing of its own added. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Send, SendRequest, SendResult } from '@cascad/connector'
import { sampleCard, sampleCharge, sampleStatus } from '@cascad/connector/contract-suite'
import type { Credentials } from './credentials.ts'
import connector from './index.ts'
import { errorSample } from './sample-answers.ts'

const credentials: Credentials = { secret_key: 'sim_key_stripe', webhook_secret: 'sim_webhook_stripe' }

async function sentBy(own: Credentials, result: SendResult): Promise<SendRequest[]> {
  const sent: SendRequest[] = []
  const send: Send = async (request) => {
    sent.push(request)
    return result
  }
  await connector.charge(sampleCharge(own, { card: sampleCard }), send)
  return sent
}

test('a request goes to Stripe with the key, the pinned version and no telemetry', async () => {
  const [request] = await sentBy(credentials, { type: 'unknown', detail: 'reset' })
  assert.equal(request?.url, 'https://api.stripe.com:443/v1/payment_intents')
  const headers = request?.headers ?? {}
  assert.equal(headers.authorization, 'Bearer sim_key_stripe')
  assert.equal(headers['stripe-version'], '2026-10-28.endive')
  assert.equal(headers['content-type'], 'application/x-www-form-urlencoded')
  assert.equal(headers['stripe-account'], undefined)
  assert.equal(headers['x-stripe-client-telemetry'], undefined)
  assert.doesNotMatch(headers['x-stripe-client-user-agent'] ?? '', /platform|telemetry_id/)
})

test('base URL, its path and the connected account come from the credentials', async () => {
  const own = { ...credentials, base_url: 'http://127.0.0.1:4001/stripe/', account: 'acct_1' }
  const [request] = await sentBy(own, { type: 'unknown', detail: 'reset' })
  assert.equal(request?.url, 'http://127.0.0.1:4001/stripe/v1/payment_intents')
  assert.equal(request?.headers?.['stripe-account'], 'acct_1')
})

const provoking: readonly (readonly [name: string, result: SendResult])[] = [
  ['a closed connection', { type: 'unknown', detail: 'ECONNRESET: read ECONNRESET' }],
  ['a refused connection', { type: 'not_sent', detail: 'ECONNREFUSED' }],
  ['a conflict', { type: 'response', status: 409, headers: {}, body: JSON.stringify(errorSample('api_error', null)) }],
  ['an order to retry', { type: 'response', status: 500, headers: { 'stripe-should-retry': 'true' }, body: '{}' }],
  ['a rate limit', { type: 'response', status: 429, headers: { 'retry-after': '0' }, body: '{}' }],
]

for (const [name, result] of provoking) {
  test(`${name} is never answered by sending again`, async () => {
    assert.equal((await sentBy(credentials, result)).length, 1)
  })
}

test('the card stands in the body of the one request, and in no question', async () => {
  const [request] = await sentBy(credentials, { type: 'unknown', detail: 'reset' })
  const fields = new URLSearchParams(request?.body)
  assert.equal(fields.get('payment_method_data[card][number]'), sampleCard.number)
  assert.equal(fields.get('payment_method_data[card][cvc]'), sampleCard.cvv)
  assert.equal(fields.get('confirm'), 'true')
  assert.equal(fields.get('capture_method'), 'automatic')
  const sent: SendRequest[] = []
  const charge = sampleCharge(credentials, { card: sampleCard })
  await connector.status?.(sampleStatus(charge, 'pi_1'), async (question) => {
    sent.push(question)
    return { type: 'unknown', detail: 'reset' }
  })
  assert.doesNotMatch(JSON.stringify(sent), new RegExp(`${sampleCard.number}|idempotency-key`))
})
