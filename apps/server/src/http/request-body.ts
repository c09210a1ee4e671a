/** Bodies of requests: raw text first, meaning later, whatever the Content-Type says. Merchant API contract 3.1. */
import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type JsonObject, parseBody } from './json.ts'
import { Problem } from './problem.ts'
import { parseQuery } from './query.ts'
import type { QueryValue } from './routes.ts'

export const bodyBytesMax = 1_048_576

/** Every body becomes text; invalid UTF-8 is 400, more than 1 MiB is 413. */
export function acceptBodies(app: FastifyInstance): void {
  app.decorateRequest('sent_content_type', '')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    const bytes = body as Buffer
    if (isUtf8(bytes)) done(null, bytes.toString('utf8'))
    else done(new Problem(400, { title: 'Invalid body', detail: 'The request body is not valid UTF-8.' }))
  })
}

/** Puts the Content-Type aside, so that a malformed one is no reason to refuse the request. */
export function setContentTypeAside(request: FastifyRequest): void {
  const sent = request.raw.headers['content-type']
  if (sent === undefined) return
  request.sent_content_type = sent.toLowerCase()
  request.raw.headers['content-type'] = 'text/plain'
}

/** The body as text; empty when there is none. */
export function bodyText(request: FastifyRequest): string {
  const text = typeof request.body === 'string' ? request.body : ''
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}

/** A JSON body as an object; 400 otherwise. Empty = `{}`. */
export function readJsonBody(request: FastifyRequest): JsonObject {
  return parseBody(bodyText(request))
}

/** Was the body written as JSON? Clients send JSON under the form's Content-Type, so the text decides. */
export function isJsonBody(request: FastifyRequest): boolean {
  const first = bodyText(request).trimStart()[0]
  return first === '{' || first === '[' || !request.sent_content_type.startsWith('application/x-www-form-urlencoded')
}

/** A JSON or a form body as an object; 400 otherwise. Empty fields of a form count as not sent. */
export function readBody(request: FastifyRequest): JsonObject {
  if (isJsonBody(request)) return readJsonBody(request)
  return withoutEmpty(parseQuery(bodyText(request).trim())) as JsonObject
}

function withoutEmpty(value: QueryValue): QueryValue {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(withoutEmpty)
  for (const [key, item] of Object.entries(value)) {
    if (item === '') delete value[key]
    else value[key] = withoutEmpty(item)
  }
  return value
}
