/** The redirect provider's API: orders that the payer confirms on a page of the provider. */
import { createHmac } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { lookUpCharge, lookUpRefund } from '../operations/look-up.ts'
import type { Result } from '../operations/operation.ts'
import { type Plan, receiveCharge } from '../operations/receive-charge.ts'
import { receiveRefund } from '../operations/receive-refund.ts'
import { receiveVoid } from '../operations/receive-void.ts'
import { type Body, bodyOf, httpUrl, idempotencyKey, isMinor, isText, refuseUnreadable } from '../request-fields.ts'
import type { Answer } from '../terminals/script.ts'
import type { Terminal } from '../terminals/terminal.ts'
import { errorDocument, type Face, type World } from '../world.ts'

const states = {
  approved: 'paid',
  declined: 'rejected',
  pending: 'processing',
  action_required: 'waiting',
  voided: 'cancelled',
} as const
const refund_states = { approved: 'done', declined: 'rejected', pending: 'processing' } as const

export const redirectFace: Face = {
  document: (operation, public_url) => ({
    id: operation.id,
    shop: operation.terminal,
    order: operation.reference,
    method: operation.method,
    state: operation.reason === 'payer_cancelled' ? 'cancelled' : states[operation.status],
    amount: operation.status === 'approved' ? operation.taken : operation.asked,
    currency: operation.currency,
    reason: operation.status === 'voided' ? 'voided' : operation.reason,
    text: operation.text,
    page: operation.status === 'action_required' ? `${public_url}/redirect/pay/${operation.challenge}` : null,
  }),
  refundDocument: (refund, operation) => ({
    id: refund.id,
    shop: operation.terminal,
    order: refund.reference,
    state: refund_states[refund.status],
    amount: refund.amount,
    currency: operation.currency,
    reason: refund.reason,
    text: refund.text,
  }),
  voidDocument: ({ id, reference, voided }) => ({
    id,
    order: reference,
    amount: '0',
    state: voided ? 'done' : 'rejected',
    reason: null,
  }),
  notification: (order, event, terminal) => {
    const body = JSON.stringify({ event, order })
    return {
      body,
      headers: { 'x-signature': createHmac('sha512', terminal.webhook_secret).update(body).digest('base64') },
    }
  },
}

export const payerDeclined: Result = {
  status: 'declined',
  reason: 'payer_declined',
  code: null,
  advice_code: null,
  text: 'Declined by the payer',
}
export const payerCancelled: Result = {
  status: 'declined',
  reason: 'payer_cancelled',
  code: null,
  advice_code: null,
  text: 'Cancelled by the payer',
}
const rejected: Result = { status: 'declined', reason: 'rejected', code: null, advice_code: null, text: 'Rejected' }

export function redirectRoutes(app: FastifyInstance, world: World): void {
  app.post('/redirect/orders', async (request, reply) => {
    const shop = authorized(world, request, reply)
    return shop ? await openOrder(world, reply, shop, bodyOf(request.body), idempotencyKey(request)) : reply
  })
  app.get<{ Params: { order: string } }>('/redirect/orders/:order', (request, reply) => {
    const shop = authorized(world, request, reply)
    return shop ? lookUpCharge(world, reply, shop, request.params.order) : reply
  })
  app.post('/redirect/refunds', (request, reply) => {
    const shop = authorized(world, request, reply)
    if (!shop) return reply
    const { order, payment, amount, currency } = bodyOf(request.body)
    if (!isText(order) || !isText(payment) || !isText(currency) || !isMinor(amount)) return refuseUnreadable(reply)
    const wanted = { reference: order, amount, currency, key: idempotencyKey(request) }
    return receiveRefund(world, reply, shop, world.book.byId(payment), wanted, 'over_limit')
  })
  app.get<{ Params: { order: string } }>('/redirect/refunds/:order', (request, reply) => {
    const shop = authorized(world, request, reply)
    return shop ? lookUpRefund(world, reply, shop, request.params.order) : reply
  })
  app.post('/redirect/voids', (request, reply) => {
    const shop = authorized(world, request, reply)
    if (!shop) return reply
    const { order } = bodyOf(request.body)
    if (!isText(order)) return refuseUnreadable(reply)
    return receiveVoid(world, reply, shop, order, world.book.byReference('redirect', shop.name, order))
  })
}

async function openOrder(world: World, reply: FastifyReply, shop: Terminal, body: Body, key: string | null) {
  const { order, method, amount, currency, exponent, return_url, notification_url } = body
  if (!isText(order) || !isText(method) || !isText(currency) || !isMinor(amount) || httpUrl(return_url) === '')
    return refuseUnreadable(reply)
  return await receiveCharge(world, reply, shop, {
    reference: order,
    key,
    operation: 'charge',
    test: body.test === true,
    method,
    asked: amount,
    currency,
    exponent: typeof exponent === 'number' && exponent >= 0 && exponent <= 18 ? exponent : null,
    description: isText(body.description) ? body.description : null,
    tokenize: false,
    card: null,
    return_url: httpUrl(return_url),
    notification_url: httpUrl(notification_url),
    plan: (answer) => planOrder(answer, amount),
  })
}

/** The payer decides on the page; only `approve` and `decline` leave the page out. `pending` = paid but not settled yet. */
function planOrder(answer: Answer, taken: string): Plan {
  if (answer === 'approve') return { ask_payer: false, result: { status: 'approved' }, taken }
  if (answer === 'decline') return { ask_payer: false, result: rejected, taken }
  return { ask_payer: true, result: { status: answer === 'pending' ? 'pending' : 'approved' }, taken }
}

function authorized(world: World, request: FastifyRequest, reply: FastifyReply): Terminal | null {
  const given = /^Basic (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
  const [name = '', secret] = Buffer.from(given, 'base64').toString().split(':')
  const shop = world.terminals.get(name)
  if (shop?.provider === 'redirect' && shop.webhook_secret === secret) return shop
  reply.code(401).send(errorDocument('unauthorized', 'Shop or secret is wrong.'))
  return null
}
