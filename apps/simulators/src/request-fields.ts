/** Reading the fields of requests to the providers. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { errorDocument } from './world.ts'

export type Body = Readonly<Record<string, unknown>>

export function bodyOf(value: unknown): Body {
  return value !== null && typeof value === 'object' ? (value as Body) : {}
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 4096
}

/** Minor units as digits. */
export function isMinor(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,18}$/.test(value)
}

/** An http or https URL; everything else, such as `javascript:`, is empty. */
export function httpUrl(value: unknown): string {
  return isText(value) && /^https?:\/\//i.test(value) && URL.canParse(value) ? value : ''
}

export function idempotencyKey(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key']
  return typeof key === 'string' ? key : null
}

export function refuseUnreadable(reply: FastifyReply): FastifyReply {
  return reply.code(422).send(errorDocument('invalid_request', 'The request cannot be read.'))
}
