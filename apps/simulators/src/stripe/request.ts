/** Reading requests in Stripe's form: a bearer key, nested names in a form body. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Body, bodyOf } from '../request-fields.ts'
import type { Terminal } from '../terminals/terminal.ts'
import { refuse, type World } from '../world.ts'
import { errorObject } from './documents.ts'

export type Call = { readonly terminal: Terminal; readonly fields: Body; readonly key: string | null }

/** The account whose key came along, and the fields of body or query; otherwise the refusal is sent. */
export function callOf(world: World, request: FastifyRequest, reply: FastifyReply): Call | null {
  const secret = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
  const terminal = [...world.terminals.values()].find((one) => one.provider === 'stripe' && one.api_key === secret)
  if (!terminal) {
    refuse(world, reply, 'stripe', 401, 'unauthorized', 'Invalid API Key provided.')
    return null
  }
  const key = request.headers['idempotency-key']
  const fields = bodyOf(request.method === 'GET' ? request.query : request.body)
  return { terminal, fields, key: typeof key === 'string' ? key : null }
}

/** Top level of a name such as `metadata[cascad_reference]`. */
export function unknownField(fields: Body, known: ReadonlySet<string>): string | null {
  return Object.keys(fields).find((name) => !known.has(name.split('[')[0] as string)) ?? null
}

export function badRequest(reply: FastifyReply, code: string | null, message: string, more: object = {}): FastifyReply {
  return reply.code(400).send(errorObject('invalid_request_error', code, message, more))
}

export function isExpanded(fields: Body, name: string): boolean {
  return Object.entries(fields).some(([field, value]) => field.startsWith('expand[') && value === name)
}
