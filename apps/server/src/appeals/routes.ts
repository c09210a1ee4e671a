/** The private API of appeals: open, read, write, contest, withdraw, take the provider's amount. */
import type { FastifyInstance } from 'fastify'
import type { Account } from '../accounts/account.ts'
import { readCallbackLogs } from '../callbacks/read-logs.ts'
import type { Context } from '../context.ts'
import { currencies, getExponent } from '../directory/currencies.ts'
import { unwrapAttributes } from '../http/attributes.ts'
import { type PrivateRoute, privateRoute } from '../http/private-route.ts'
import { Conflict, InvalidFields, Problem } from '../http/problem.ts'
import { createRateLimit, type RateLimit, unlimited } from '../http/rate-limit.ts'
import type { PrivateCall, Reply } from '../http/routes.ts'
import { findPayment } from '../payments/find-payment.ts'
import type { Payment } from '../payments/payment.ts'
import { paymentDocument } from '../payments/resource.ts'
import { acceptAmount } from './accept-amount.ts'
import { addMessage } from './add-message.ts'
import type { Actor, Appeal, SentFile } from './appeal.ts'
import { contestAppeal } from './contest-appeal.ts'
import { fetchReceipt } from './fetch-receipt.ts'
import { findAppeal, listAppealsOfPayment, readThread } from './find-appeal.ts'
import type { Moved } from './move-appeal.ts'
import { openAppeal } from './open-appeal.ts'
import { type AppealWish, appealTypes, readAppealRequest, readMessageRequest } from './read-requests.ts'
import { fieldFault, type Refusal, receiptUrlFault } from './refusal-texts.ts'
import { appealDocument, appealResource } from './resource.ts'
import { appealReply, appealsReply, messageBody, newAppealBody } from './schemas.ts'
import { withdrawAppeal } from './withdraw-appeal.ts'

const tag = 'Appeals'
const path = '/payment-invoices/:id/appeals'
/** A file of 10 MiB in base64, and what is around it. */
const body_bytes_max = 15 * 1_048_576
/** Of one account in a minute: we are not to be used to load somebody's server. */
const fetches_per_minute = 20

export function appealRoutes(app: FastifyInstance, ctx: Context): void {
  const route = (
    method: 'GET' | 'POST',
    below: string,
    parts: Pick<PrivateRoute, 'summary'> & Partial<PrivateRoute>,
    handle: PrivateRoute['handle'],
  ): void =>
    privateRoute(app, ctx, { method, path: path + below, tag, reply: appealReply, success: 200, ...parts, handle })
  const opening = { summary: 'Say that the payer has paid', body: newAppealBody, body_bytes_max } as const
  const saying = { body: messageBody, body_bytes_max } as const
  const fetches = ctx.config.rate_limits ? createRateLimit(fetches_per_minute, ctx.now) : unlimited
  route('POST', '', { ...opening, success: 201 }, (call) => open(ctx, call, fetches))
  route('GET', '', { summary: 'List the appeals of a payment', reply: appealsReply }, (call) => list(ctx, call))
  route('GET', '/:appeal_id', { summary: 'Read an appeal with everything that was said' }, (call) => read(ctx, call))
  route('POST', '/:appeal_id/messages', { ...saying, summary: 'Add to an appeal' }, (call) =>
    act(ctx, call, (appeal, actor) => addMessage(ctx, appeal, actor, saidIn(call, true))),
  )
  route('POST', '/:appeal_id/contest', { ...saying, summary: 'Contest a rejection' }, (call) =>
    act(ctx, call, (appeal, actor) => contestAppeal(ctx, appeal, actor, saidIn(call, false))),
  )
  route('POST', '/:appeal_id/withdraw', { summary: 'Take an appeal back' }, (call) =>
    act(ctx, call, (appeal, actor) => withdrawAppeal(ctx, appeal, actor)),
  )
  route('POST', '/:appeal_id/accept-amount', { summary: 'Take the amount that the provider has seen' }, (call) =>
    takeAmount(ctx, call),
  )
}

async function open(ctx: Context, call: PrivateCall, fetches: RateLimit): Promise<Reply> {
  const payment = await getPayment(ctx, call)
  const currency = payment.service_currency ?? payment.currency
  const wish = readAppealRequest(unwrapAttributes(call.body, appealTypes), await getExponent(ctx, currency))
  if ('url' in wish.receipt) fetches.take(call.account.id)
  const receipt = await receiptOf(ctx, wish.receipt, payment.test_mode)
  const opened = await openAppeal(ctx, payment, merchantOf(call), { ...wish, receipt })
  if (opened.opened) {
    const self = `/api/payment-invoices/${payment.id}/appeals/${opened.appeal.id}`
    return { status: 201, headers: { location: self }, body: await documentOf(ctx, opened.appeal) }
  }
  const fault = fieldFault(opened.refused, 'receipt')
  if (fault) throw new InvalidFields({ [fault.field]: fault.message })
  if (opened.open) throw await conflictOf(ctx, opened.refused, opened.open)
  throw new Conflict({ meta: { code: opened.refused }, ...(await paymentOf(ctx, call.account, payment)) })
}

/** Throws InvalidFields when the file cannot be had, or is none. */
async function receiptOf(ctx: Context, given: AppealWish['receipt'], test_mode: boolean): Promise<SentFile> {
  if ('bytes' in given) return given
  const fetched = await fetchReceipt(ctx, given.url, test_mode)
  if (fetched.fetched) return fetched.receipt
  throw new InvalidFields({ receipt_url: receiptUrlFault(fetched.why) })
}

async function list(ctx: Context, call: PrivateCall): Promise<Reply> {
  const payment = await getPayment(ctx, call)
  const [appeals, exponents] = await Promise.all([
    listAppealsOfPayment(ctx.sql, payment.account_id, payment.id),
    currencies(ctx),
  ])
  const self = `/api/payment-invoices/${payment.id}/appeals`
  return { status: 200, body: { links: { self }, data: appeals.map((one) => appealResource(one, exponents)) } }
}

async function read(ctx: Context, call: PrivateCall): Promise<Reply> {
  return { status: 200, body: await documentOf(ctx, await getAppeal(ctx, call)) }
}

async function act(
  ctx: Context,
  call: PrivateCall,
  move: (appeal: Appeal, actor: Actor) => Promise<Moved>,
): Promise<Reply> {
  const moved = await move(await getAppeal(ctx, call), merchantOf(call))
  if (moved.result !== 'refused') return { status: 200, body: await documentOf(ctx, moved.appeal) }
  const fault = fieldFault(moved.why, 'files')
  if (fault) throw new InvalidFields({ [fault.field]: fault.message })
  throw await conflictOf(ctx, moved.why, moved.appeal)
}

async function takeAmount(ctx: Context, call: PrivateCall): Promise<Reply> {
  const taken = await acceptAmount(ctx, await getAppeal(ctx, call), merchantOf(call))
  if (!taken.accepted) throw await conflictOf(ctx, taken.refused, taken.appeal)
  return { status: 200, body: await documentOf(ctx, taken.appeal) }
}

function saidIn({ body }: PrivateCall, required: boolean) {
  return readMessageRequest(unwrapAttributes(body, ['payment-appeal-message', 'payment-appeal-messages']), { required })
}

function merchantOf({ account, ip }: PrivateCall) {
  return { side: 'merchant', name: account.name, ip } as const
}

async function getPayment(ctx: Context, { account, params }: PrivateCall): Promise<Payment> {
  const payment = await findPayment(ctx, account.id, params.id ?? '')
  if (!payment) throw new Problem(404)
  return payment
}

async function getAppeal(ctx: Context, call: PrivateCall): Promise<Appeal> {
  const { account, params } = call
  const of = { account_id: account.id, payment_id: params.id ?? '', id: params.appeal_id ?? '' }
  const appeal = await findAppeal(ctx.sql, of)
  if (!appeal) throw new Problem(404)
  return appeal
}

async function documentOf(ctx: Context, appeal: Appeal) {
  const [exponents, details] = await Promise.all([currencies(ctx), readThread(ctx.sql, appeal)])
  return appealDocument(appeal, exponents, details)
}

/** The appeal as it stands, and why nothing was changed. */
async function conflictOf(ctx: Context, code: Refusal, appeal: Appeal): Promise<Conflict> {
  return new Conflict({ meta: { code }, ...(await documentOf(ctx, appeal)) })
}

async function paymentOf(ctx: Context, account: Account, payment: Payment) {
  const [logs, exponents] = await Promise.all([readCallbackLogs(ctx.sql, account.id, [payment.id]), currencies(ctx)])
  return paymentDocument({ payment, account, logs: logs.get(payment.id) ?? null, exponents })
}
