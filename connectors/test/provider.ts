import type { DeclineSignals, Outcome, Send, SendResult } from '@cascad/connector'
import { asObject, idOf, type JsonObject, minorOf, readJsonObject, textOf } from '@cascad/connector/answer'
import { type Static, Type } from 'typebox'

export const credentials = Type.Object(
  { base_url: Type.String({ title: 'Base URL', pattern: '^https?://', maxLength: 500 }) },
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
}

/** Asks the test provider and reads its answer as an outcome. A question (GET) that did not get through is `unknown`. */
export async function ask(send: Send, question: Question): Promise<Outcome> {
  const { credentials, method, path, body, idempotency_key } = question
  const result = await send({
    method,
    url: credentials.base_url.replace(/\/+$/, '') + path,
    headers: {
      accept: 'application/json',
      ...(body && { 'content-type': 'application/json' }),
      ...(idempotency_key !== undefined && { 'idempotency-key': idempotency_key }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  const outcome = readAnswer(result, question.reference)
  if (method === 'GET') {
    if (outcome.type === 'not_sent') return { type: 'unknown', detail: outcome.detail }
    // A refused question says nothing about the operation.
    const refused = result.type === 'response' && result.status !== 200 && outcome.type === 'declined'
    return refused ? { type: 'unknown', detail: `answered status ${result.status}` } : outcome
  }
  return outcome.type === 'not_found' ? { type: 'unknown', detail: 'the operation was not found' } : outcome
}

function readAnswer(result: SendResult, reference: string): Outcome {
  if (result.type !== 'response') return result
  const document = readJsonObject(result.body)
  if (!document) return { type: 'unknown', detail: `unreadable answer with status ${result.status}` }
  if (result.status === 200) return outcomeOf(document, reference)
  const code = idOf(asObject(document.error)?.code)
  if (result.status === 404 && code === 'not_found') return { type: 'not_found' }
  if (result.status === 422 && code !== null) return declined(null, code, textOf(asObject(document.error)?.text))
  return { type: 'unknown', detail: `answered status ${result.status}` }
}

function outcomeOf(document: JsonObject, reference: string): Outcome {
  const id = idOf(document.id)
  if (id === null || document.reference !== reference)
    return { type: 'unknown', detail: 'answer about another operation' }
  const outcome = readOperation(document, id)
  return outcome.type === 'unknown' ? { ...outcome, provider_reference: id } : outcome
}

function readOperation(document: JsonObject, id: string): Outcome {
  const amount_minor = minorOf(document.amount)
  switch (document.result) {
    case 'success':
      if (amount_minor === null) return { type: 'unknown', detail: 'success without a readable amount' }
      return {
        type: 'approved',
        provider_reference: id,
        amount_minor,
        rrn: null,
        approval_code: null,
        card_token: null,
      }
    case 'fail':
    case 'cancelled':
      return declined(id, document.result, textOf(document.text))
    case 'pending':
      return { type: 'pending', provider_reference: id }
    default:
      return { type: 'unknown', detail: 'answer with an unknown result' }
  }
}

/** The merchant API's reading of a failed test payment; no unified code that would let another route try. */
function declined(provider_reference: string | null, provider_code: string, provider_text: string | null): Outcome {
  const resolution =
    provider_code === 'fail' ? 'general_fatal_error' : provider_code === 'cancelled' ? null : 'invalid_request'
  const unified_code = provider_code === 'fail' ? 'F.0999' : provider_code === 'cancelled' ? 'F.0998' : 'F.0128'
  const signals: DeclineSignals = {
    resolution,
    unified_code,
    network_code: null,
    advice_code: null,
    provider_code,
    provider_text,
  }
  return { type: 'declined', provider_reference, signals }
}
