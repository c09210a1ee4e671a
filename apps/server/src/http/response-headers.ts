/** Headers that every answer carries. Merchant API contract 1.1 and 1.3. */
import { randomUUID } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

const corsPaths = /^\/(public-api(\/|\?|$)|payment\/sale\/?(\?|$))/

/** Is the path one that pages of other origins may call? */
export function isCorsPath(url: string): boolean {
  return corsPaths.test(url)
}

/** The id the client sent when it is a good one, else a new one. */
export function requestId(sent: string | string[] | undefined): string {
  return typeof sent === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(sent) ? sent : randomUUID()
}

export function setCors(reply: FastifyReply): void {
  reply
    .header('access-control-allow-origin', '*')
    .header('access-control-allow-methods', 'GET, POST, OPTIONS')
    .header('access-control-allow-headers', 'Content-Type, Authorization')
}

/** What is set before anything can fail. Routes may set others in their place. */
export function setEarlyHeaders(request: FastifyRequest, reply: FastifyReply, options: { https: boolean }): void {
  reply
    .header('x-request-id', request.id)
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
  if (options.https) reply.header('strict-transport-security', 'max-age=31536000')
  if (isCorsPath(request.url)) setCors(reply)
}

/** What depends on the answer: a JSON document is no page, so it may load and frame nothing. */
export function setLateHeaders(reply: FastifyReply): void {
  const type = reply.getHeader('content-type')
  if (typeof type !== 'string' || !type.startsWith('application/json')) return
  reply
    .header('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
    .header('x-frame-options', 'DENY')
}
