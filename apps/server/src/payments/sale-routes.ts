/** Card details from a merchant's server, with the session token of the payment. Merchant API contract 15. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Account } from '../accounts/account.ts'
import { getAccount } from '../accounts/find-account.ts'
import type { Context } from '../context.ts'
import { currencies } from '../directory/currencies.ts'
import { unwrapAttributes } from '../http/attributes.ts'
import { checkAccountState } from '../http/credentials.ts'
import { Conflict, Problem } from '../http/problem.ts'
import { sendReply } from '../http/reply.ts'
import { bodyText, readJsonBody } from '../http/request-body.ts'
import { routeSchema } from '../http/route-schema.ts'
import type { Reply } from '../http/routes.ts'
import { lookBesidePayment, type SeenCard } from './card-watch.ts'
import { findSession, loadState, type State } from './find-payment.ts'
import type { Payment } from './payment.ts'
import { saleBody } from './request-schema.ts'
import { type SaleOperationDocument, saleOperationDocument } from './sale-operation.ts'
import { readSaleRequest, saleTypes } from './sale-request.ts'
import { saleReply } from './sale-schema.ts'
import { verifySessionToken } from './session-token.ts'
import { submitCard, takesCard } from './submit-card.ts'

/** The answer comes within this time, with what is known by then. */
const answerWithin_ms = 24_000

export function saleRoutes(app: FastifyInstance, ctx: Context): void {
  const described = routeSchema({
    method: 'POST',
    path: '/payment/sale',
    summary: 'Pay a payment invoice with card details, host to host',
    tag: 'Cards',
    body: saleBody,
    reply: saleReply,
    success: 201,
    security: 'basic',
  })
  app.post('/payment/sale', { schema: { ...described, security: [{ session: [] }] } }, async (request, reply) => {
    return sendReply(reply, await sell(ctx, request, await admit(app, ctx, request)))
  })
}

type Admitted = { readonly account: Account; readonly payment: Payment; readonly seen: SeenCard | null }

async function admit(app: FastifyInstance, ctx: Context, request: FastifyRequest): Promise<Admitted> {
  app.limits.failed_authentications_by_ip.look(request.ip)
  const sid = sessionOf(ctx, request.headers.authorization)
  // Whether the body is as it must be is looked at later; a number in it is looked up with the session, in one statement.
  const number = sid === null ? null : cardNumberIn(bodyText(request))
  const fingerprint = number === null ? null : ctx.secrets.cardFingerprint(number)
  const found = sid && (await findSession(ctx, sid, fingerprint === null ? null : lookBesidePayment(ctx, fingerprint)))
  if (!found) {
    app.limits.failed_authentications_by_ip.take(request.ip)
    throw new Problem(401, { headers: { 'www-authenticate': 'Bearer realm="Cascad"' } })
  }
  const { payment } = found
  app.limits.private_by_account.take(payment.account_id)
  const account = await getAccount(ctx, payment.account_id)
  checkAccountState(account, true)
  if (!account.options.allow_host_to_host) throw new Problem(403)
  return {
    account,
    payment,
    seen: fingerprint === null ? null : { fingerprint, version: payment.version, column: found.seen },
  }
}

function sessionOf(ctx: Context, authorization: string | undefined): string | null {
  const [, token] = /^Bearer +([A-Za-z0-9._-]{1,2000})$/i.exec(authorization ?? '') ?? []
  return token === undefined ? null : (verifySessionToken(ctx.secrets, token, ctx.now())?.sid ?? null)
}

function cardNumberIn(body: string): string | null {
  return /"card_number"\s*:\s*"(\d{12,19})"/.exec(body)?.[1] ?? null
}

async function sell(ctx: Context, request: FastifyRequest, { account, payment, seen }: Admitted): Promise<Reply> {
  const attributes = unwrapAttributes(readJsonBody(request), saleTypes)
  const before = payment.submissions === 0 ? { payment, attempts: [] } : await loadState(ctx, account.id, payment.id)
  if (!takesCard(account, before, ctx.now())) throw new Conflict(await view(ctx, before))
  const sale = readSaleRequest(attributes, {
    now: ctx.now(),
    test_mode: payment.test_mode,
    saved_card: payment.card_token !== null,
  })
  const after = await submitCard(ctx, account, before.payment, { ...sale, payer_on_page: false, seen }, answerWithin_ms)
  const body = await view(ctx, after)
  if (!after.accepted) throw new Conflict(body)
  return { status: 201, body }
}

async function view(ctx: Context, state: State): Promise<SaleOperationDocument> {
  return saleOperationDocument({ ...state, exponents: await currencies(ctx) })
}
