/** A route of the private API: Basic credentials, JSON in, JSON out. Order of checks: merchant API contract 2.3. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { authenticate, checkAccountState, isAllowedIp } from './credentials.ts'
import { Problem } from './problem.ts'
import { readParams, readQuery } from './query.ts'
import { sendReply } from './reply.ts'
import { readJsonBody } from './request-body.ts'
import { routeSchema } from './route-schema.ts'
import type { PrivateCall, Reply } from './routes.ts'

export type PrivateRoute = {
  readonly method: 'GET' | 'POST'
  /** With a leading slash and without a prefix: `/payment-invoices/:id`. */
  readonly path: string
  readonly summary: string
  readonly tag: string
  /** `true`: only an `active` account may; others get 403. */
  readonly creates?: boolean
  readonly query?: TSchema
  readonly body?: TSchema
  readonly reply: TSchema
  readonly success: 200 | 201
  /** Of the body; left out = 1 MiB. */
  readonly body_bytes_max?: number
  readonly handle: (call: PrivateCall) => Promise<Reply>
}

/** Registers the route as `/api<path>` and as `<path>`. */
export function privateRoute(app: FastifyInstance, ctx: Context, route: PrivateRoute): void {
  const schema = routeSchema({ ...route, security: 'basic' })
  const admit = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    request.account = await admitAccount(app, ctx, request, route.creates ?? false)
    if (route.body_bytes_max !== undefined) app.upload_slots.take(request, reply, request.account.id)
  }
  for (const prefix of ['/api', '']) {
    app.route({
      method: route.method,
      url: prefix + route.path,
      schema: prefix === '' ? { ...schema, hide: true } : schema,
      ...(route.body_bytes_max === undefined ? {} : { bodyLimit: route.body_bytes_max }),
      onRequest: admit,
      handler: async (request, reply) => {
        const answer = await route.handle({
          account: request.account!,
          params: readParams(request),
          query: readQuery(request),
          body: route.method === 'POST' ? readJsonBody(request) : {},
          ip: request.ip,
          request,
        })
        return sendReply(reply, answer)
      },
    })
  }
}

async function admitAccount(
  app: FastifyInstance,
  ctx: Context,
  request: FastifyRequest,
  creates: boolean,
): Promise<Account> {
  app.limits.failed_authentications_by_ip.look(request.ip)
  const account = await authenticate(ctx, request).catch((error: unknown) => {
    if (error instanceof Problem && error.status === 401) app.limits.failed_authentications_by_ip.take(request.ip)
    throw error
  })
  app.limits.private_by_account.take(account.id)
  if (!isAllowedIp(request.ip, account.api_ip_allowlist)) throw new Problem(403)
  checkAccountState(account, creates)
  return account
}
