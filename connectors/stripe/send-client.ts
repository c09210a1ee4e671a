/** Stripe's library over the platform's `send`: its limits, its redaction, its proof that nothing was sent. */
import type { Send, SendResult } from '@cascad/connector'
import { asObject } from '@cascad/connector/answer'
import type Stripe from 'stripe'

type Headers = Readonly<Record<string, string | number | string[]>>

/** Headers of answers that the library or we use. The rest, notices and orders to retry among them, is not for it. */
const keptHeaders = ['request-id', 'idempotent-replayed']

/**
 * Sends every request of the library once and keeps what came back. The errors it throws carry no code of a closed
 * connection: for those codes the library sends again, whatever it is told about retries.
 */
export class SendClient implements Stripe.HttpClient {
  readonly #send: Send
  readonly #path_prefix: string
  result: SendResult | null = null

  /** `path_prefix` goes before the library's paths, for a base URL with a path of its own. */
  constructor(send: Send, path_prefix: string) {
    this.#send = send
    this.#path_prefix = path_prefix
  }

  getClientName(): string {
    return 'cascad'
  }

  async makeRequest(
    host: string,
    port: string,
    path: string,
    method: string,
    headers: Headers,
    body: string,
    protocol: string,
  ): Promise<Stripe.HttpClientResponse> {
    const result = await this.#send({
      method: method as 'GET' | 'POST',
      url: `${protocol}://${host}:${port}${this.#path_prefix}${path}`,
      headers: textHeaders(headers),
      ...(body !== '' && { body }),
    })
    this.result = result
    if (result.type !== 'response') throw new Error(result.type)
    return responseOf(result)
  }
}

function textHeaders(headers: Headers): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)])
  return Object.fromEntries(entries.filter(([name]) => name !== 'content-length'))
}

function responseOf({ status, headers, body }: SendResult & { type: 'response' }): Stripe.HttpClientResponse {
  const kept = keptHeaders.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]]))
  return {
    getStatusCode: () => status,
    getHeaders: () => Object.fromEntries(kept),
    getRawResponse: () => ({}),
    toStream: () => null,
    async toJSON() {
      // The library only knows what to do with objects.
      const document = asObject(JSON.parse(body, keepDigits))
      if (!document) throw new Error('no object')
      return document
    },
  }
}

/** Whole numbers beyond what a double holds stay digits. */
function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const { source } = context ?? {}
  return typeof value === 'number' && !Number.isSafeInteger(value) && /^\d+$/.test(source ?? '') ? source : value
}
