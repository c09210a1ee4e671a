/** The private API of payments: create, read, list, refund. Merchant API contract 6, 11.1, 11.5, 12.1. */
import type { FastifyInstance } from 'fastify'
import type { Account } from '../accounts/account.ts'
import { readCallbackLogs } from '../callbacks/read-logs.ts'
import type { Context } from '../context.ts'
import { currencies, getExponent } from '../directory/currencies.ts'
import { unwrapAttributes } from '../http/attributes.ts'
import { privateRoute } from '../http/private-route.ts'
import { Conflict, Problem } from '../http/problem.ts'
import type { PrivateCall, Reply } from '../http/routes.ts'
import { attemptsRoute } from './attempts-route.ts'
import { findPayment } from './find-payment.ts'
import { hppUrl, repeatedHppUrl } from './hpp-url.ts'
import { listRoute } from './list-route.ts'
import { selectOperations } from './operation-table.ts'
import type { Payment } from './payment.ts'
import { placePayment } from './place-payment.ts'
import { isRefundable, refundPayment } from './refund-payment.ts'
import { peekRefundReference, readRefundRequest, refundTypes } from './refund-request.ts'
import { paymentTypes } from './request.ts'
import { newPaymentBody, refundBody } from './request-schema.ts'
import { type PaymentDocument, paymentDocument } from './resource.ts'
import { paymentReply } from './resource-schema.ts'
import { simulationRoute } from './simulation-route.ts'

const tag = 'Payment invoices'

export function paymentRoutes(app: FastifyInstance, ctx: Context): void {
  privateRoute(app, ctx, {
    method: 'POST',
    path: '/payment-invoices',
    summary: 'Create a payment invoice',
    tag,
    creates: true,
    body: newPaymentBody,
    reply: paymentReply,
    success: 201,
    handle: (call) => create(ctx, call),
  })
  listRoute(app, ctx, tag)
  privateRoute(app, ctx, {
    method: 'GET',
    path: '/payment-invoices/:id',
    summary: 'Read a payment invoice',
    tag,
    reply: paymentReply,
    success: 200,
    handle: async ({ account, params }) => ({
      status: 200,
      body: await stored(ctx, account, await getPayment(ctx, account, params)),
    }),
  })
  privateRoute(app, ctx, {
    method: 'POST',
    path: '/payment-invoices/:id/refund',
    summary: 'Refund a payment, whole or in part',
    tag,
    creates: true,
    body: refundBody,
    reply: paymentReply,
    success: 200,
    handle: (call) => refund(ctx, call),
  })
  attemptsRoute(app, ctx, tag)
  simulationRoute(app, ctx)
}

async function create(ctx: Context, { account, body }: PrivateCall): Promise<Reply> {
  const attributes = unwrapAttributes(body, paymentTypes)
  const { payment, created } = await placePayment(ctx, account, {
    attributes,
    asker: { api: 'private' },
    source: 'merchant_api',
  })
  if (!created) throw new Conflict(await stored(ctx, account, payment, repeatedHppUrl(ctx.config, payment)))
  const exponents = await currencies(ctx)
  return {
    status: 201,
    headers: { location: `/api/payment-invoices/${payment.id}` },
    body: paymentDocument({ payment, account, logs: null, exponents, hpp_url: hppUrl(ctx.config, payment) }),
  }
}

async function refund(ctx: Context, { account, params, body }: PrivateCall): Promise<Reply> {
  const payment = await getPayment(ctx, account, params)
  const attributes = unwrapAttributes(body, refundTypes)
  const reference = peekRefundReference(attributes)
  const earlier = reference === null ? [] : await selectOperations(ctx.sql, account.id, payment.id)
  const repeated = earlier.some(({ reference_id }) => reference_id === reference)
  if (repeated || !isRefundable(payment)) throw new Conflict(await stored(ctx, account, payment))
  const exponent = await getExponent(ctx, payment.currency)
  const wish = readRefundRequest({ body, attributes }, { id: payment.id, exponent })
  const after = await refundPayment(ctx, account, payment, wish)
  const document = await stored(ctx, account, after.payment)
  if (after.refused) throw new Conflict(document)
  return { status: 200, body: document }
}

/** A payment of the account by the id in the path; 404. */
async function getPayment(ctx: Context, account: Account, params: PrivateCall['params']): Promise<Payment> {
  const payment = await findPayment(ctx, account.id, params.id ?? '')
  if (!payment) throw new Problem(404)
  return payment
}

async function stored(
  ctx: Context,
  account: Account,
  payment: Payment,
  extra: { hpp_url?: string } = {},
): Promise<PaymentDocument> {
  const [logs, exponents] = await Promise.all([readCallbackLogs(ctx.sql, account.id, [payment.id]), currencies(ctx)])
  return paymentDocument({ payment, account, logs: logs.get(payment.id) ?? null, exponents, ...extra })
}
