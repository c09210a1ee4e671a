import type { Outcome, Send, SendResult } from '@cascad/connector'
import { asObject, idOf, type JsonObject, readJsonObject, textOf } from '@cascad/connector/answer'
import type { Credentials } from './credentials.ts'
import { refusalOf } from './decline-codes.ts'

export type Answer =
  | { readonly type: 'document'; readonly document: JsonObject }
  /** The acquirer says in its own words that it did not take the request. */
  | { readonly type: 'refused'; readonly outcome: Outcome & { type: 'declined' } }
  | { readonly type: 'not_found' }
  | { readonly type: 'not_sent'; readonly detail: string }
  | { readonly type: 'unknown'; readonly detail: string }

type Call = {
  readonly credentials: Credentials
  readonly method: 'GET' | 'POST'
  /** Begins with a slash; below the base URL. */
  readonly path: string
  readonly body?: object
  readonly idempotency_key?: string
}

/** One call of the acquirer. Never throws; amounts in `body` are digits, so that no number is rounded on the way. */
export async function call(send: Send, { credentials, method, path, body, idempotency_key }: Call): Promise<Answer> {
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
  return readAnswer(result)
}

/**
 * What kind of answer this is. A refusal must be definite: the acquirer's own error document, or a status that says the
 * request never reached processing (401, 429). Redirects, 409, 5xx and everything unreadable leave the result open.
 */
function readAnswer(result: SendResult): Answer {
  if (result.type !== 'response') return result
  const { status } = result
  const document = readJsonObject(result.body)
  if (status >= 200 && status < 300) {
    return document
      ? { type: 'document', document }
      : { type: 'unknown', detail: `unreadable answer with status ${status}` }
  }
  if (status === 401) return refused('unauthorized', null)
  if (status === 429) return refused('too_many_requests', null)
  const error = asObject(document?.error)
  const code = idOf(error?.code)
  if (!error || code === null || document?.status !== undefined)
    return { type: 'unknown', detail: `answered status ${status}` }
  if (status === 404 && code === 'not_found') return { type: 'not_found' }
  if (status === 403) return refused('forbidden', textOf(error.text))
  if (status === 400 || status === 404 || status === 422) return refused(code, textOf(error.text))
  return { type: 'unknown', detail: `answered status ${status}` }
}

function refused(code: string, provider_text: string | null): Answer {
  const signals = {
    ...refusalOf(code),
    network_code: null,
    advice_code: null,
    provider_code: textOf(code),
    provider_text,
  }
  return { type: 'refused', outcome: { type: 'declined', provider_reference: null, signals } }
}
