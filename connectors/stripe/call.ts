import { createRequire } from 'node:module'
import type { Send } from '@cascad/connector'
import { asObject, type JsonObject } from '@cascad/connector/answer'
import type Stripe from 'stripe'
import type { Credentials } from './credentials.ts'
import { SendClient } from './send-client.ts'

export type Answer =
  | { readonly type: 'document'; readonly document: JsonObject; readonly replayed: boolean }
  /** Below 500; `error` is Stripe's own error object, empty when the answer had none. */
  | { readonly type: 'error'; readonly status: number; readonly error: JsonObject }
  | { readonly type: 'not_sent'; readonly detail: string }
  | { readonly type: 'unknown'; readonly detail: string }

/** The version of the API that every request names, whatever the account is set to. */
const api_version = '2026-10-28.endive'
const default_base_url = 'https://api.stripe.com'

const require = createRequire(import.meta.url)
let loaded: typeof Stripe | null = null

/**
 * The library, loaded when it is first needed: 140 ms and 25 MB as CommonJS, more as ES modules, for which no
 * installation without a gateway of Stripe should wait. Events are read without `await`, hence `require`.
 */
export function stripeLibrary(): typeof Stripe {
  loaded ??= require('stripe') as typeof Stripe
  return loaded
}

/** One call through the library. Never throws; the library sends once, and tells Stripe nothing about earlier calls. */
export async function call(
  send: Send,
  credentials: Credentials,
  ask: (stripe: Stripe) => Promise<unknown>,
): Promise<Answer> {
  const url = new URL(credentials.base_url ?? default_base_url)
  const protocol = url.protocol === 'http:' ? 'http' : 'https'
  const client = new SendClient(send, url.pathname.replace(/\/+$/, ''))
  let document: JsonObject | null = null
  let error: JsonObject | null = null
  try {
    // Made anew for every call, 0.3 ms: the time limits of `send` belong to the call.
    const Library = stripeLibrary()
    const stripe = new Library(credentials.secret_key, {
      apiVersion: api_version,
      httpClient: client,
      host: url.hostname,
      port: url.port || (protocol === 'http' ? '80' : '443'),
      protocol,
      maxNetworkRetries: 0,
      telemetry: false,
      ...(credentials.account !== undefined && { stripeAccount: credentials.account }),
    })
    document = asObject(await ask(stripe))
  } catch (thrown) {
    error = asObject((thrown as { raw?: unknown } | null)?.raw)
  }
  return answerOf(client, document, error)
}

/** The library looks at the body alone; the status has the last word here. */
function answerOf({ result }: SendClient, document: JsonObject | null, error: JsonObject | null): Answer {
  if (result === null) return { type: 'not_sent', detail: 'the library refused to send the request' }
  if (result.type !== 'response') return result
  const { status, headers } = result
  if (status >= 200 && status < 300 && document) {
    return { type: 'document', document, replayed: headers['idempotent-replayed'] === 'true' }
  }
  if (status >= 400 && status < 500 && !document) return { type: 'error', status, error: error ?? {} }
  return { type: 'unknown', detail: `answered status ${status}` }
}
