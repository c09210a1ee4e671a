/** A route of the public API: public key, JSON or form in, JSON out. Order of checks: merchant API contract 2.3. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { checkAccountState, resolvePublicKey, sentPublicKey } from './credentials.ts'
import type { ErrorPage } from './error-page.ts'
import type { JsonObject } from './json.ts'
import { Problem } from './problem.ts'
import { readParams, readQuery } from './query.ts'
import { sendReply } from './reply.ts'
import { readBody } from './request-body.ts'
import { routeSchema } from './route-schema.ts'
import type { OpenCall, PublicCall, Query, Reply } from './routes.ts'

type PublicRouteParts = {
  readonly method: 'GET' | 'POST'
  /** With a leading slash and without a prefix: `/payment-invoices/:id`. */
  readonly path: string
  readonly summary: string
  readonly tag: string
  /** `true`: only an `active` account may; others get 403. */
  readonly creates?: boolean
  /** `true`: 403 as well when the account forbids creation through the public API. */
  readonly creates_invoice?: boolean
  readonly query?: TSchema
  readonly body?: TSchema
  readonly reply: TSchema
  readonly success: 200 | 201 | 302
  /** Looks at the query before the key is: throws 400. */
  readonly check_query?: (query: Query) => void
  /** Answers errors to browsers with a page; callers that speak JSON still get JSON. */
  readonly error_page?: ErrorPage
}

export type PublicRoute = PublicRouteParts &
  (
    | { readonly key: 'required'; readonly handle: (call: PublicCall) => Promise<Reply> }
    | { readonly key: 'optional'; readonly handle: (call: OpenCall) => Promise<Reply> }
  )

type Owner = { account: Account; test_mode: boolean }
const nobody = { account: null, test_mode: null } as const

/** Registers the route as `/public-api<path>`. */
export function publicRoute(app: FastifyInstance, ctx: Context, route: PublicRoute): void {
  app.route({
    method: route.method,
    url: `/public-api${route.path}`,
    schema: routeSchema({ ...route, security: route.key === 'required' ? 'public_key' : 'public_key_optional' }),
    config: route.error_page ? { error_page: route.error_page } : {},
    onRequest: async (request) => {
      app.limits.public_by_ip.take(request.ip)
    },
    handler: async (request, reply) => {
      const query = readQuery(request)
      const body = route.method === 'POST' ? readBody(request) : {}
      route.check_query?.(query)
      const owner = await admitOwner(app, ctx, request, { query, body })
      const call = { params: readParams(request), query, body, ip: request.ip, request }
      if (route.key === 'optional') {
        if (owner) checkAccountState(owner.account, false)
        return sendReply(reply, await route.handle({ ...call, ...(owner ?? nobody) }))
      }
      if (!owner) throw new Problem(401)
      checkAccountState(owner.account, (route.creates ?? false) || (route.creates_invoice ?? false))
      if (route.creates_invoice && owner.account.options.forbid_public_creation) throw new Problem(403)
      return sendReply(reply, await route.handle({ ...call, ...owner }))
    },
  })
}

async function admitOwner(
  app: FastifyInstance,
  ctx: Context,
  request: FastifyRequest,
  sent: { query: Query; body: JsonObject },
): Promise<Owner | null> {
  app.limits.failed_authentications_by_ip.look(request.ip)
  try {
    const key = sentPublicKey(sent.query, sent.body)
    return key === null ? null : await resolvePublicKey(ctx, key)
  } catch (error) {
    if (error instanceof Problem && error.status === 401) app.limits.failed_authentications_by_ip.take(request.ip)
    throw error
  }
}
