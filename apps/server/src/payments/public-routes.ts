/** The public API of payments, for pages of merchants: create, post a form, read. Merchant API contract 11.3, 11.4, 11.6. */
import type { FastifyInstance } from 'fastify'
import { getAccount } from '../accounts/find-account.ts'
import type { Context } from '../context.ts'
import { currencies } from '../directory/currencies.ts'
import { unwrapAttributes } from '../http/attributes.ts'
import { errorPage } from '../http/error-page.ts'
import { Conflict, Problem } from '../http/problem.ts'
import { publicRoute } from '../http/public-route.ts'
import type { OpenCall, PublicCall, Query, Reply } from '../http/routes.ts'
import type { Created } from './create-payment.ts'
import { findPaymentById, findPaymentByReference } from './find-payment.ts'
import { checkoutUrl, hppUrl, repeatedHppUrl } from './hpp-url.ts'
import { placePayment } from './place-payment.ts'
import { publicPaymentDocument, publicPaymentResource } from './public-resource.ts'
import { paymentTypes } from './request.ts'
import { newPublicPaymentBody, publicPaymentListQuery } from './request-schema.ts'
import { publicPaymentListReply, publicPaymentReply, redirectReply } from './resource-schema.ts'

const tag = 'Public payment invoices'

export function publicPaymentRoutes(app: FastifyInstance, ctx: Context): void {
  publicRoute(app, ctx, {
    method: 'POST',
    path: '/payment-invoices',
    summary: 'Create a payment invoice with a public key',
    tag,
    key: 'required',
    creates_invoice: true,
    body: newPublicPaymentBody,
    reply: publicPaymentReply,
    success: 201,
    handle: (call) => create(ctx, call),
  })
  publicRoute(app, ctx, {
    method: 'POST',
    path: '/payment-invoices/process',
    summary: 'Create a payment invoice from a form and send the payer on',
    tag,
    key: 'required',
    creates_invoice: true,
    body: newPublicPaymentBody,
    reply: redirectReply,
    success: 302,
    error_page: errorPage,
    handle: (call) => sendOn(ctx, call),
  })
  publicRoute(app, ctx, {
    method: 'GET',
    path: '/payment-invoices/:id',
    summary: 'Read a payment invoice without or with a public key',
    tag,
    key: 'optional',
    reply: publicPaymentReply,
    success: 200,
    handle: (call) => read(ctx, call),
  })
  publicRoute(app, ctx, {
    method: 'GET',
    path: '/payment-invoices',
    summary: 'Find a payment invoice by its reference',
    tag,
    key: 'required',
    query: publicPaymentListQuery,
    reply: publicPaymentListReply,
    success: 200,
    check_query: (query) => void readReference(query),
    handle: (call) => find(ctx, call),
  })
}

function place(ctx: Context, { account, test_mode, body }: PublicCall): Promise<Created> {
  const attributes = unwrapAttributes(body, paymentTypes)
  return placePayment(ctx, account, { attributes, asker: { api: 'public', test_mode }, source: 'platform_public_api' })
}

async function create(ctx: Context, call: PublicCall): Promise<Reply> {
  const { payment, created } = await place(ctx, call)
  const parts = { payment, account: call.account, exponents: await currencies(ctx) }
  if (!created) throw new Conflict(publicPaymentDocument({ ...parts, ...repeatedHppUrl(ctx.config, payment) }))
  return { status: 201, body: publicPaymentDocument({ ...parts, hpp_url: hppUrl(ctx.config, payment) }) }
}

/** The payer's browser posts the form, so a repetition leads to the existing payment instead of an error. */
async function sendOn(ctx: Context, call: PublicCall): Promise<Reply> {
  const { payment, created } = await place(ctx, call)
  const location = created ? hppUrl(ctx.config, payment) : checkoutUrl(ctx.config, payment.id)
  return { status: 302, body: null, headers: { location } }
}

async function read(ctx: Context, call: OpenCall): Promise<Reply> {
  const payment = await findPaymentById(ctx, call.params.id ?? '')
  if (!payment) throw new Problem(404)
  const foreign =
    call.account !== null && (call.account.id !== payment.account_id || call.test_mode !== payment.test_mode)
  if (foreign) throw new Problem(404)
  const account = call.account ?? (await getAccount(ctx, payment.account_id))
  return { status: 200, body: publicPaymentDocument({ payment, account, exponents: await currencies(ctx) }) }
}

async function find(ctx: Context, { account, test_mode, query }: PublicCall): Promise<Reply> {
  const payment = await findPaymentByReference(ctx, account.id, test_mode, readReference(query))
  const exponents = await currencies(ctx)
  return { status: 200, body: { data: payment ? [publicPaymentResource({ payment, account, exponents })] : [] } }
}

/** `filter[reference_id]`, the only filter of public lists; 400. */
function readReference(query: Query): string {
  const refuse = (detail: string): Problem => new Problem(400, { title: 'Invalid filter', detail })
  if (query.sort !== undefined || query.page !== undefined) throw refuse('Only filter[reference_id] is supported here.')
  const filter = query.filter
  if (filter === undefined || typeof filter === 'string' || Array.isArray(filter))
    throw refuse('filter[reference_id] is required.')
  const { reference_id, ...others } = filter
  if (Object.keys(others).length > 0) throw refuse('Only filter[reference_id] is supported here.')
  const text = typeof reference_id === 'string' ? reference_id.trim() : ''
  if (text === '' || text.includes('\0')) throw refuse('filter[reference_id] must be a text.')
  return text
}
