/** A request and an answer, apart from any server. */
import { Buffer } from 'node:buffer'

/** Bodies arrive whole, or as a stream that is read only after the key was found right. */
export type RequestBody = Uint8Array | AsyncIterable<Uint8Array>

export type HttpRequest = {
  readonly method: string
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: RequestBody
}
export type HttpAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export function jsonAnswer(status: number, document: object, headers: Record<string, string> = {}): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(document),
  }
}

export function errorAnswer(
  status: number,
  code: string,
  message: string,
  more: { readonly errors?: Record<string, string>; readonly headers?: Record<string, string> } = {},
): HttpAnswer {
  return jsonAnswer(status, { code, message, ...(more.errors && { errors: more.errors }) }, more.headers)
}

/**
 * The body as text. A stream over the limit is left unread, not destroyed: the socket still has to carry the answer.
 */
export async function readBody(body: RequestBody, bytes_max: number): Promise<string | 'too_large' | 'unreadable'> {
  try {
    const bytes = body instanceof Uint8Array ? body : await collect(body, bytes_max)
    if (bytes === null || bytes.byteLength > bytes_max) return 'too_large'
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return 'unreadable'
  }
}

async function collect(stream: AsyncIterable<Uint8Array>, bytes_max: number): Promise<Uint8Array | null> {
  const iterator = stream[Symbol.asyncIterator]()
  const chunks: Uint8Array[] = []
  let length = 0
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
    length += next.value.byteLength
    if (length > bytes_max) return null
    chunks.push(next.value)
  }
  return Buffer.concat(chunks, length)
}
