/** A route of the Card API: a shop's Basic credentials, a version by header, JSON whatever the Content-Type says. Contract 2. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import type { Account } from '../accounts/account.ts'
import { getAccount } from '../accounts/find-account.ts'
import { findShop, verifyShopSecret } from '../accounts/find-shop.ts'
import type { Shop } from '../accounts/shop.ts'
import type { Context } from '../context.ts'
import { parseBasic } from '../http/credentials.ts'
import type { JsonObject } from '../http/json.ts'
import { readParams } from '../http/query.ts'
import { createRateLimit, type RateLimit } from '../http/rate-limit.ts'
import { sendJson } from '../http/reply.ts'
import { readJsonBody } from '../http/request-body.ts'
import { CardProblem } from './card-problem.ts'
import { cardErrorReplies } from './schemas.ts'
import type { ApiVersion } from './transaction.ts'

export type ShopCall = {
  readonly shop: Shop
  readonly account: Account
  readonly version: ApiVersion
  readonly params: Readonly<Record<string, string>>
  /** `{}` for GET. */
  readonly body: JsonObject
  readonly path: string
  /** The header RequestID; `null` = none was sent. */
  readonly request_id: string | null
}

export type ShopReply = { readonly body: unknown; readonly headers?: Readonly<Record<string, string>> }

export type ShopRoute = {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly summary: string
  /** Markdown for those who write a client. */
  readonly description?: string
  readonly body?: TSchema
  readonly reply: TSchema
  readonly handle: (call: ShopCall) => Promise<ShopReply>
}

export function shopRoute(app: FastifyInstance, ctx: Context, route: ShopRoute): void {
  const names = [...route.path.matchAll(/:([a-z_]+)/g)].map((match) => match[1] as string)
  app.route({
    method: route.method,
    url: route.path,
    schema: {
      summary: route.summary,
      ...(route.description ? { description: route.description } : {}),
      tags: ['Card API'],
      security: [{ shop: [] }],
      ...(route.body ? { body: route.body } : {}),
      response: { 200: route.reply, ...cardErrorReplies },
      ...paramsOf(names),
    },
    handler: (request, reply) => answerShop(app, ctx, request, reply, route.handle),
  })
}

function paramsOf(names: readonly string[]): { params?: object } {
  if (names.length === 0) return {}
  const properties = Object.fromEntries(names.map((name) => [name, { type: 'string' }]))
  return { params: { type: 'object', properties, required: [...names] } }
}

/** Admits the shop, runs the use case and sends its answer. `read`: how a posted body is read. */
export async function answerShop(
  app: FastifyInstance,
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  handle: ShopRoute['handle'],
  read: (request: FastifyRequest) => JsonObject = readJsonBody,
): Promise<FastifyReply> {
  const shop = await admitShop(app, ctx, request)
  const account = await getAccount(ctx, shop.account_id)
  if (!shop.active || account.status !== 'active') throw new CardProblem(403, 'E.1002')
  const version = versionOf(request)
  if (version === null) throw new CardProblem(400, 'E.1003')
  limitOf(app, ctx, shop)?.take(String(shop.shop_id))
  const answer = await handle({
    shop,
    account,
    version,
    params: readParams(request),
    body: request.method === 'POST' ? read(request) : {},
    path: `${request.method} ${request.url.split('?', 1)[0]}`,
    request_id: requestIdOf(request),
  })
  if (answer.headers) reply.headers(answer.headers)
  return sendJson(reply.code(200), answer.body)
}

async function admitShop(app: FastifyInstance, ctx: Context, request: FastifyRequest): Promise<Shop> {
  app.limits.failed_authentications_by_ip.look(request.ip)
  const given = parseBasic(request.headers.authorization)
  const shop = given && /^[1-9][0-9]{0,8}$/.test(given.id) ? await findShop(ctx, Number(given.id)) : null
  if (!given || !shop || !verifyShopSecret(shop, given.api_key)) {
    app.limits.failed_authentications_by_ip.take(request.ip)
    throw new CardProblem(401, 'E.1001', null, { 'www-authenticate': 'Basic realm="Cascad"' })
  }
  return shop
}

/** No header is version 2; `null` = a version there is not. */
export function versionOf(request: FastifyRequest): ApiVersion | null {
  const sent = request.headers['x-api-version']
  if (sent === undefined || sent === '2') return 2
  return sent === '3' ? 3 : null
}

const requestIdForm = /^[\x21-\x7e]{1,255}$/

function requestIdOf(request: FastifyRequest): string | null {
  const sent = request.headers.requestid
  if (sent === undefined || sent === '') return null
  if (typeof sent !== 'string' || !requestIdForm.test(sent)) throw new CardProblem(400, 'E.1003')
  return sent
}

const limits = new WeakMap<FastifyInstance, Map<number, RateLimit>>()

/** Each shop has a limit of its own; `null` = it has none. */
function limitOf(app: FastifyInstance, ctx: Context, { settings }: Shop): RateLimit | null {
  const { rate_limit } = settings
  if (rate_limit === null || !ctx.config.rate_limits) return null
  const byRate = limits.get(app) ?? new Map<number, RateLimit>()
  limits.set(app, byRate)
  const found = byRate.get(rate_limit) ?? createRateLimit(rate_limit, ctx.now, undefined, 1_000)
  byRate.set(rate_limit, found)
  return found
}
