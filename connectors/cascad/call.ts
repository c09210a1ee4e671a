import type { Send, SendResult } from '@cascad/connector'
import { asObject, type JsonObject, readJsonObject, textOf } from '@cascad/connector/answer'
import type { Credentials } from './credentials.ts'

/** A refusal in the Card API's own form: no transaction was made. */
export type Refusal = {
  readonly type: 'refused'
  readonly code: string
  readonly text: string | null
  readonly errors: JsonObject
}

export type Answer =
  | { readonly type: 'document'; readonly document: JsonObject }
  | Refusal
  /** The RequestID belongs to a request with another body, which may have made a transaction. */
  | { readonly type: 'other_body' }
  | { readonly type: 'not_found' }
  | { readonly type: 'not_sent'; readonly detail: string }
  | { readonly type: 'unknown'; readonly detail: string }

type Call = {
  readonly credentials: Credentials
  readonly method: 'GET' | 'POST'
  /** Begins with a slash; below the base URL. */
  readonly path: string
  /** Inside the root object `request`. */
  readonly request?: object
  /** The same for every repeat of this request, never used for another. */
  readonly request_id?: string
}

/** One call in version 3. Never throws. */
export async function call(send: Send, { credentials, method, path, request, request_id }: Call): Promise<Answer> {
  const { base_url, shop_id, secret } = credentials
  const result = await send({
    method,
    url: base_url.replace(/\/+$/, '') + path,
    headers: {
      accept: 'application/json',
      authorization: `Basic ${Buffer.from(`${shop_id}:${secret}`).toString('base64')}`,
      'x-api-version': '3',
      ...(request && { 'content-type': 'application/json' }),
      ...(request_id !== undefined && { requestid: request_id }),
    },
    ...(request && { body: JSON.stringify({ request }) }),
  })
  return readAnswer(result)
}

/** HTTP status that goes with each code of a refusal. A pair that is not here did not come from the Card API. */
const refusals: ReadonlyMap<string, number> = new Map([
  ['E.1001', 401],
  ['E.1002', 403],
  ['E.1003', 400],
  ['E.1004', 404],
  ['E.1010', 422],
  ['E.1011', 429],
  ['E.1014', 413],
  ['E.1025', 422],
  ['E.1037', 422],
  ['E.1065', 403],
  ['F.0108', 422],
  ['F.0135', 422],
])

/** What a proxy says, 409, every 5xx and whatever cannot be read leave the result open: the transaction may exist. */
function readAnswer(result: SendResult): Answer {
  if (result.type !== 'response') return result
  const { status } = result
  const document = readJsonObject(result.body)
  if (status === 200 && document) return { type: 'document', document }
  const code = document?.code
  const own = document && document.status === undefined && document.uid === undefined
  if (!own || typeof code !== 'string' || refusals.get(code) !== status)
    return { type: 'unknown', detail: `answered status ${status}` }
  if (code === 'E.1004') return { type: 'not_found' }
  if (code === 'E.1010') return { type: 'other_body' }
  return { type: 'refused', code, text: textOf(document.message), errors: asObject(document.errors) ?? {} }
}
