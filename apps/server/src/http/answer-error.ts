/** Turns whatever was thrown into one answer. Bodies: merchant API contract 4.1; nothing private goes out. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { type ErrorPage, errorPage, errorPagePolicy } from './error-page.ts'
import { Conflict, InvalidFields, Problem, type ProblemStatus } from './problem.ts'
import { sendJson } from './reply.ts'
import { isJsonBody } from './request-body.ts'
import { isUpload } from './upload.ts'

type Answer = {
  readonly status: number
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
  readonly fields: Readonly<Record<string, string>> | null
}

/** Sends the answer to an error, and reports the unexpected ones. */
export function answerError(ctx: Context, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const answer = answerOf(error)
  if (answer.status >= 500 && !(error instanceof Problem)) {
    ctx.events.fault('http', error, {
      request_id: request.id,
      method: request.method,
      route: request.routeOptions?.url,
    })
  }
  reply.code(answer.status).headers(answer.headers)
  const page = pageFor(request)
  if (!page) return sendJson(reply, answer.body)
  return reply
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-security-policy', errorPagePolicy)
    .send(page({ status: answer.status, fields: answer.fields }))
}

function answerOf(error: unknown): Answer {
  if (error instanceof InvalidFields) {
    return { status: 422, body: { errors: error.fields }, headers: {}, fields: error.fields }
  }
  if (error instanceof Conflict) return { status: 409, body: error.document, headers: {}, fields: null }
  const problem = problemOf(error)
  return { status: problem.status, body: problem.body(), headers: problem.headers, fields: null }
}

/** Away, full, or a statement that took longer than its limit (57014): trying later may help, trying at once does not. */
const databaseAway =
  /^(08\w{3}|57P0[123]|57014|53300|CONNECTION_(CLOSED|ENDED|DESTROYED)|CONNECT_TIMEOUT|ECONNREFUSED)$/

/** The problem an error is for the caller; everything unknown is 500. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  const { code, statusCode, name } = (error ?? {}) as { code?: unknown; statusCode?: unknown; name?: unknown }
  if (typeof code === 'string' && code.startsWith('FST_')) return problemOfFramework(statusCode)
  if (typeof code === 'string' && (name === 'PostgresError' || code.includes('CONN')) && databaseAway.test(code)) {
    return new Problem(503, { headers: { 'retry-after': '5' } })
  }
  // A client that went away while it was still sending.
  if (code === 'ECONNRESET' && statusCode === 400) return new Problem(400)
  return new Problem(500)
}

function problemOfFramework(status: unknown): Problem {
  const passed: readonly ProblemStatus[] = [404, 405, 413, 429, 503]
  const known = passed.find((candidate) => candidate === status)
  if (known) return new Problem(known)
  return new Problem(typeof status === 'number' && status >= 400 && status < 500 ? 400 : 500)
}

/** The page to answer with, or `null` for JSON. API paths speak JSON unless their route has a page. */
function pageFor(request: FastifyRequest): ErrorPage | null {
  const accept = request.headers.accept ?? ''
  if (/\bapplication\/(vnd\.api\+)?json\b/i.test(accept)) return null
  const own = (request.routeOptions?.config as { error_page?: ErrorPage } | undefined)?.error_page
  if (own) return request.method === 'POST' && !isUpload(request) && isJsonBody(request) ? null : own
  if (/^\/(api|public-api)(\/|\?|$)/.test(request.url)) return null
  return /\btext\/html\b/i.test(accept) ? errorPage : null
}
