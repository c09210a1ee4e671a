/** Turns whatever was thrown below the Card API's paths into its form of an error. Contract 11. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { problemOf } from '../http/answer-error.ts'
import { Problem } from '../http/problem.ts'
import { sendJson } from '../http/reply.ts'
import { isUid } from '../ids.ts'
import { CardProblem } from './card-problem.ts'
import { type ErrorCode, errorBody } from './errors.ts'
import { versionOf } from './shop-route.ts'

const cardPaths = /^\/(transactions|v2|credit_cards|process|async|ctp|services|shops)(\/|\?|$)/

/** Is the path one that the Card API keeps for itself? */
export function isCardPath(url: string): boolean {
  return cardPaths.test(url)
}

/** What stands where a uid would and is none is no path of ours, though the router has a route for uids there. */
function isKnownPath(url: string): boolean {
  const [, name] = /^\/transactions\/([^/?]*)\/?(?:\?|$)/.exec(url) ?? []
  return name === undefined || isUid(name) || orders.has(name)
}

const orders: ReadonlySet<string> = new Set(['payments', 'authorizations', 'captures', 'voids', 'refunds'])

const codes: Readonly<Record<number, ErrorCode>> = {
  400: 'E.1003',
  401: 'E.1001',
  403: 'E.1002',
  404: 'E.1004',
  405: 'E.1013',
  413: 'E.1014',
  429: 'E.1011',
  503: 'E.1016',
}

export function answerCardError(
  ctx: Context,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const told = error instanceof CardProblem ? error : refusalOf(error)
  const refused = told.http === 405 && !isKnownPath(request.url) ? new CardProblem(404, 'E.1004') : told
  if (refused.http >= 500 && !(error instanceof Problem || error instanceof CardProblem)) {
    const { url: route } = request.routeOptions ?? {}
    ctx.events.fault('card api', error, { request_id: request.id, method: request.method, route })
  }
  reply.code(refused.http).headers(refused.headers)
  return sendJson(reply, errorBody(versionOf(request) ?? 2, refused.code, refused.errors))
}

function refusalOf(error: unknown): CardProblem {
  const { status, headers } = problemOf(error)
  const code = codes[status]
  return code ? new CardProblem(status, code, null, headers) : new CardProblem(500, 'F.1000', null, headers)
}
