/** Turns whatever was thrown below `/provider-api` into its form of an error; nothing private goes out. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { problemOf } from '../http/answer-error.ts'
import { InvalidFields, Problem } from '../http/problem.ts'
import { sendJson } from '../http/reply.ts'
import type { ErrorDocument } from './documents.ts'
import { invalidFields, ProviderProblem } from './provider-problem.ts'

/** Is the path one of the dashboard's API? */
export function isProviderPath(url: string): boolean {
  return /^\/provider-api(\/|\?|$)/.test(url)
}

const texts: Readonly<Record<number, readonly [code: string, message: string]>> = {
  400: ['bad_request', 'The request cannot be read.'],
  401: ['signed_out', 'Sign in first.'],
  403: ['forbidden', 'This is not for you.'],
  404: ['not_found', 'There is nothing here.'],
  405: ['method_not_allowed', 'That cannot be done here.'],
  413: ['too_large', 'That is too large.'],
  429: ['too_many_requests', 'Too many tries. Wait a moment.'],
  503: ['unavailable', 'This is not available now. Try again.'],
}
const internal = ['internal', 'Something went wrong on our side.'] as const

export function answerProviderError(
  ctx: Context,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error instanceof ProviderProblem) return send(reply, error)
  if (error instanceof InvalidFields) return send(reply, invalidFields(error.fields))
  const problem = problemOf(error)
  if (problem.status >= 500 && !(error instanceof Problem)) {
    const { url: route } = request.routeOptions ?? {}
    ctx.events.fault('provider api', error, { request_id: request.id, method: request.method, route })
  }
  const [code, message] = texts[problem.status] ?? internal
  reply.headers(problem.headers)
  return send(reply, new ProviderProblem(problem.status, code, problem.detail ?? message))
}

function send(reply: FastifyReply, { status, code, message, fields }: ProviderProblem): FastifyReply {
  const body: ErrorDocument = { error: { code, message, ...(fields ? { fields } : {}) } }
  return sendJson(reply.code(status), body)
}
