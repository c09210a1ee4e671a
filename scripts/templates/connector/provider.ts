import type { Outcome, Send, SendResult } from '@cascad/connector'
import {
  asObject,
  idOf,
  type JsonObject,
  minorOf,
  networkCodeOf,
  readJsonObject,
  textOf,
} from '@cascad/connector/answer'
import { type Static, Type } from 'typebox'
import { readingOf } from './decline-codes.ts'

/** What an operator gives to a gateway of this provider. */
export const credentials = Type.Object(
  {
    base_url: Type.String({ title: 'Base URL', pattern: '^https?://', maxLength: 500 }),
    api_key: Type.String({ title: 'API key', minLength: 1, maxLength: 500, secret: true }),
  },
  { additionalProperties: false },
)

export type Credentials = Static<typeof credentials>

type Call = {
  readonly credentials: Credentials
  readonly method: 'GET' | 'POST'
  /** Begins with a slash; below the base URL. */
  readonly path: string
  readonly body?: object
  readonly idempotency_key?: string
  /** Our reference: an answer about another one is not believed. */
  readonly reference: string
}

/** One call of the provider, read as an outcome. A refused or undelivered question (GET) is `unknown`. */
export async function call(send: Send, request: Call): Promise<Outcome> {
  const { credentials, method, path, body, idempotency_key } = request
  const result = await send({
    method,
    url: credentials.base_url.replace(/\/+$/, '') + path,
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${credentials.api_key}`,
      ...(body && { 'content-type': 'application/json' }),
      ...(idempotency_key !== undefined && { 'idempotency-key': idempotency_key }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  const outcome = readAnswer(result, request.reference)
  if (method === 'POST') return outcome.type === 'not_found' ? unknown('answered status 404') : outcome
  if (outcome.type === 'not_sent') return unknown(outcome.detail)
  const refused = result.type === 'response' && result.status >= 300 && outcome.type === 'declined'
  return refused ? unknown(`look-up answered status ${result.status}`) : outcome
}

/** Only the provider's own words make a refusal definite; redirects, 5xx and everything unreadable leave the result open. */
function readAnswer(result: SendResult, reference: string): Outcome {
  if (result.type !== 'response') return result
  const { status } = result
  const document = readJsonObject(result.body)
  if (!document) return unknown(`unreadable answer with status ${status}`)
  if (status >= 200 && status < 300) return outcomeOf(document, reference)
  const code = idOf(asObject(document.error)?.code)
  if (status === 404 && code === 'not_found') return { type: 'not_found' }
  if ((status === 400 || status === 401 || status === 422) && code !== null) return declined(null, code, document)
  return unknown(`answered status ${status}`)
}

function outcomeOf(document: JsonObject, reference: string): Outcome {
  const id = idOf(document.id)
  if (id === null || document.reference !== reference) return unknown('answer about another payment')
  const amount_minor = minorOf(document.amount)
  switch (document.status) {
    case 'approved':
      if (amount_minor === null) return unknown('approval without a readable amount')
      return {
        type: 'approved',
        provider_reference: id,
        amount_minor,
        rrn: null,
        approval_code: null,
        card_token: null,
      }
    case 'declined':
      return declined(id, textOf(document.reason), document)
    case 'pending':
      return { type: 'pending', provider_reference: id }
    default:
      return unknown('answer with an unknown status')
  }
}

function declined(provider_reference: string | null, provider_code: string | null, document: JsonObject): Outcome {
  return {
    type: 'declined',
    provider_reference,
    signals: {
      ...readingOf(provider_code),
      network_code: networkCodeOf(document.network_code),
      advice_code: null,
      provider_code: textOf(provider_code),
      provider_text: textOf(document.text),
    },
  }
}

function unknown(detail: string): Outcome {
  return { type: 'unknown', detail }
}
