import type { DeclineSignals, Outcome, Send, SendResult } from '@cascad/connector'
import { asObject, httpUrlOf, idOf, type JsonObject, minorOf, readJsonObject, textOf } from '@cascad/connector/answer'
import { type Static, Type } from 'typebox'

export const credentials = Type.Object(
  {
    base_url: Type.String({ title: 'Base URL', pattern: '^https?://', maxLength: 500 }),
    shop: Type.String({ title: 'Shop', pattern: '^[A-Za-z0-9_-]{1,64}$' }),
    secret: Type.String({ title: 'Secret', minLength: 1, maxLength: 500, secret: true }),
  },
  { additionalProperties: false },
)

export type Credentials = Static<typeof credentials>

type Question = {
  readonly credentials: Credentials
  readonly method: 'GET' | 'POST'
  /** Begins with a slash; below the base URL. */
  readonly path: string
  readonly body?: object
  readonly idempotency_key?: string
  /** Our reference of what is asked about: the answer must name it. */
  readonly reference: string
  readonly currency?: string
}

/** Asks the provider and reads its answer as an outcome. A question (GET) that did not get through is `unknown`. */
export async function ask(send: Send, question: Question): Promise<Outcome> {
  const { credentials, method, path, body, idempotency_key } = question
  const result = await send({
    method,
    url: credentials.base_url.replace(/\/+$/, '') + path,
    headers: {
      accept: 'application/json',
      authorization: `Basic ${Buffer.from(`${credentials.shop}:${credentials.secret}`).toString('base64')}`,
      ...(body && { 'content-type': 'application/json' }),
      ...(idempotency_key !== undefined && { 'idempotency-key': idempotency_key }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  const outcome = readAnswer(result, question)
  if (method === 'POST') return outcome.type === 'not_found' ? unknown('the operation was not found') : outcome
  if (outcome.type === 'not_sent') return unknown(outcome.detail)
  // A refused question says nothing about the operation.
  if (result.type === 'response' && result.status !== 200 && outcome.type === 'declined')
    return unknown(`answered status ${result.status}`)
  return outcome
}

function readAnswer(result: SendResult, question: Question): Outcome {
  if (result.type !== 'response') return result
  const { status } = result
  if (status === 401) return declined(null, 'unauthorized', null)
  if (status === 429) return declined(null, 'too_many_requests', null)
  const document = readJsonObject(result.body)
  if (!document) return unknown(`unreadable answer with status ${status}`)
  if (status === 200) return outcomeOf(document, question)
  const error = asObject(document.error)
  const code = idOf(error?.code)
  if (status === 404 && code === 'not_found') return { type: 'not_found' }
  if ((status === 400 || status === 403 || status === 422) && code !== null && document.state === undefined) {
    return declined(null, code, textOf(error?.text))
  }
  return unknown(`answered status ${status}`)
}

/** The outcome told by an operation document: `{id, order, state, amount, currency, reason, page}`. */
export function outcomeOf(
  document: JsonObject,
  expected: { readonly reference: string; readonly currency?: string },
): Outcome {
  const provider_reference = idOf(document.id)
  if (provider_reference === null || document.order !== expected.reference)
    return unknown('answer about another operation')
  const outcome = readOperation(document, expected, provider_reference)
  return outcome.type === 'unknown' ? { ...outcome, provider_reference } : outcome
}

function readOperation(
  document: JsonObject,
  expected: { readonly currency?: string },
  provider_reference: string,
): Outcome {
  if (expected.currency !== undefined && document.currency !== expected.currency)
    return unknown('answer in another currency')
  switch (document.state) {
    case 'paid':
    case 'done': {
      const amount_minor = minorOf(document.amount)
      if (amount_minor === null) return unknown('success without a readable amount')
      return { type: 'approved', provider_reference, amount_minor, rrn: null, approval_code: null, card_token: null }
    }
    case 'rejected':
    case 'cancelled':
      return declined(provider_reference, idOf(document.reason) ?? document.state, textOf(document.text))
    case 'waiting': {
      const url = httpUrlOf(document.page)
      if (url === null) return unknown('answer without a usable page')
      return {
        type: 'action_required',
        provider_reference,
        action: { kind: 'redirect', url, method: 'GET', params: {} },
      }
    }
    case 'processing':
      return { type: 'pending', provider_reference }
    default:
      return unknown('answer with an unknown state')
  }
}

/** The provider's reasons: resolution of the merchant API, unified code of the Card API. */
const reasons = new Map<string, { readonly resolution: string | null; readonly unified_code: string | null }>([
  ['payer_declined', { resolution: 'declined', unified_code: 'F.0132' }],
  ['payer_cancelled', { resolution: 'client_auth_failed', unified_code: 'F.0132' }],
  ['no_funds', { resolution: 'insufficient_funds', unified_code: 'F.0114' }],
  ['over_limit', { resolution: 'limit_violation', unified_code: 'F.0125' }],
  ['blocked', { resolution: 'customer_blocked', unified_code: 'F.0100' }],
  ['timed_out', { resolution: 'transaction_expired', unified_code: 'F.0998' }],
  ['system_error', { resolution: 'provider_error', unified_code: 'F.0117' }],
  ['rejected', { resolution: 'general_decline', unified_code: 'F.0999' }],
  ['cancelled', { resolution: 'client_auth_failed', unified_code: 'F.0998' }],
  ['voided', { resolution: null, unified_code: null }],
  ['unauthorized', { resolution: 'provider_fatal_error', unified_code: 'F.0102' }],
  ['forbidden', { resolution: 'provider_fatal_error', unified_code: 'F.0102' }],
  ['too_many_requests', { resolution: 'provider_error', unified_code: 'F.0123' }],
  ['invalid_request', { resolution: 'invalid_request', unified_code: 'F.0128' }],
  ['reference_closed', { resolution: 'general_decline', unified_code: 'F.0109' }],
  ['duplicate_reference', { resolution: 'duplicated_transaction', unified_code: 'F.0108' }],
])

function declined(provider_reference: string | null, provider_code: string, provider_text: string | null): Outcome {
  const reading = reasons.get(provider_code) ?? { resolution: null, unified_code: null }
  const signals: DeclineSignals = { ...reading, network_code: null, advice_code: null, provider_code, provider_text }
  return { type: 'declined', provider_reference, signals }
}

function unknown(detail: string): Outcome {
  return { type: 'unknown', detail }
}
