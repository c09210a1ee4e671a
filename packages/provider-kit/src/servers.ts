/** The handler in the servers people have. None of them is imported: their requests and replies are taken as they are. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { errorAnswer, type HttpAnswer, type HttpRequest, type RequestBody } from './http.ts'

type Handle = (request: HttpRequest) => Promise<HttpAnswer>

/** `body` and `rawBody` are what middleware has made of the request: parsed, and the bytes as they came. */
type Received = IncomingMessage & { readonly body?: unknown; readonly rawBody?: unknown }

/**
 * For `node:http` and for Express: `app.all('/cascade', toNodeListener(handler))`. The bytes of the body must still be
 * there: mount it before `express.json()`, or keep them in `request.rawBody`, or use `express.raw({ type: () => true })`.
 */
export function toNodeListener(handle: Handle): RequestListener {
  return async (request: Received, response: ServerResponse) => {
    const body = bodyOf(request)
    const answer = body
      ? await handle({ method: request.method ?? '', headers: headersOf(request.headers), body })
      : errorAnswer(500, 'INTERNAL', 'another middleware has read the body: mount the handler before it')
    if (!response.destroyed) response.writeHead(answer.status, answer.headers).end(answer.body)
  }
}

/** Bytes that an earlier middleware kept, else the stream; `null` when only a parsed object is left of it. */
function bodyOf(request: Received): RequestBody | null {
  for (const kept of [request.rawBody, request.body]) {
    if (kept instanceof Uint8Array) return kept
    if (typeof kept === 'string') return new TextEncoder().encode(kept)
  }
  return request.readableDidRead ? null : request
}

function headersOf(headers: IncomingMessage['headers']): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  )
}

/** For servers that take a fetch `Request` and give a `Response`: Hono, Next.js route handlers, Bun, Deno. */
export function toFetchHandler(handle: Handle): (request: Request) => Promise<Response> {
  return async (request) => {
    const answer = await handle({
      method: request.method,
      headers: Object.fromEntries(request.headers),
      body: (request.body as AsyncIterable<Uint8Array> | null) ?? new Uint8Array(),
    })
    return new Response(answer.body, { status: answer.status, headers: answer.headers })
  }
}

type FastifyReplyLike = {
  code(status: number): FastifyReplyLike
  headers(headers: Record<string, string>): FastifyReplyLike
  send(body: string): unknown
}
type FastifyUsed = {
  removeAllContentTypeParsers(): void
  addContentTypeParser(
    type: string,
    parser: (request: unknown, payload: unknown, done: (error: null, body: unknown) => void) => void,
  ): unknown
  all(
    path: string,
    handler: (
      request: { method: string; headers: IncomingMessage['headers']; body: unknown },
      reply: FastifyReplyLike,
    ) => Promise<unknown>,
  ): unknown
}
/** Fastify's own types are overloaded beyond comparison with ours; the names are enough to tell it from another server. */
type FastifyLike = { readonly [Name in keyof FastifyUsed]: (...args: never[]) => unknown }

/** For Fastify: `app.register(toFastifyPlugin(handler), { prefix: '/cascade' })`. Other routes keep their body parsers. */
export function toFastifyPlugin(handle: Handle): (app: FastifyLike) => Promise<void> {
  return async (fastify) => {
    const app = fastify as unknown as FastifyUsed
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    app.all('/', async (request, reply) => {
      const answer = await handle({
        method: request.method,
        headers: headersOf(request.headers),
        body: (request.body as RequestBody | undefined) ?? new Uint8Array(),
      })
      return reply.code(answer.status).headers(answer.headers).send(answer.body)
    })
  }
}
