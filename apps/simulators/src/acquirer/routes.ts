/** The acquirer's API: payments, look-ups, refunds, voids. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { lookUpCharge, lookUpRefund } from '../operations/look-up.ts'
import { receiveCharge } from '../operations/receive-charge.ts'
import { receiveRefund } from '../operations/receive-refund.ts'
import { receiveVoid } from '../operations/receive-void.ts'
import { type Body, bodyOf, httpUrl, idempotencyKey, isMinor, isText, refuseUnreadable } from '../request-fields.ts'
import { scriptOf, type Terminal } from '../terminals/terminal.ts'
import { errorDocument, type World } from '../world.ts'
import { planCharge } from './plan-charge.ts'
import { type Card, type CardBehaviour, declinedFor, liveCardBehaviour, testCardBehaviour } from './test-cards.ts'

export function acquirerRoutes(app: FastifyInstance, world: World): void {
  app.post('/acquirer/payments', async (request, reply) => {
    const body = bodyOf(request.body)
    const terminal = authorized(world, request, reply, body.terminal)
    return terminal ? await charge(world, reply, terminal, body, idempotencyKey(request)) : reply
  })
  app.get('/acquirer/payments', (request, reply) => {
    const { terminal: name, reference } = bodyOf(request.query)
    const terminal = authorized(world, request, reply, name)
    return terminal ? lookUpCharge(world, reply, terminal, String(reference)) : reply
  })
  app.get('/acquirer/refunds', (request, reply) => {
    const { terminal: name, reference } = bodyOf(request.query)
    const terminal = authorized(world, request, reply, name)
    return terminal ? lookUpRefund(world, reply, terminal, String(reference)) : reply
  })
  app.post<{ Params: { id: string } }>('/acquirer/payments/:id/refunds', (request, reply) => {
    const body = bodyOf(request.body)
    const terminal = authorized(world, request, reply, body.terminal)
    if (!terminal) return reply
    const { reference, amount, currency } = body
    if (!isText(reference) || !isText(currency) || !isMinor(amount)) return refuseUnreadable(reply)
    const wanted = { reference, amount, currency, key: idempotencyKey(request) }
    return receiveRefund(world, reply, terminal, world.book.byId(request.params.id), wanted, '5002')
  })
  app.post<{ Params: { id: string } }>('/acquirer/payments/:id/void', (request, reply) => {
    const body = bodyOf(request.body)
    const terminal = authorized(world, request, reply, body.terminal)
    if (!terminal) return reply
    const operation = world.book.byId(request.params.id)
    if (!operation) return reply.code(404).send(errorDocument('not_found', 'No such payment.'))
    return receiveVoid(world, reply, terminal, String(body.reference), operation)
  })
  app.post('/acquirer/voids', (request, reply) => {
    const body = bodyOf(request.body)
    const terminal = authorized(world, request, reply, body.terminal)
    if (!terminal) return reply
    const reference = String(body.reference)
    return receiveVoid(world, reply, terminal, reference, world.book.byReference('acquirer', terminal.name, reference))
  })
}

async function charge(world: World, reply: FastifyReply, terminal: Terminal, body: Body, key: string | null) {
  const { reference, operation, amount, currency } = body
  if (
    !isText(reference) ||
    !isText(currency) ||
    !isMinor(amount) ||
    (operation !== 'charge' && operation !== 'verify')
  ) {
    return refuseUnreadable(reply)
  }
  const test = body.test === true
  const description = isText(body.description) ? body.description : null
  const card = cardOf(body.card)
  if (!card && !isText(body.card_token)) return refuseUnreadable(reply)
  const behaviour = card ? behaviourOf(card, test, world.now()) : tokenBehaviour(world, terminal, body.card_token)
  return await receiveCharge(world, reply, terminal, {
    reference,
    key,
    operation,
    test,
    method: 'payment_card',
    asked: amount,
    currency,
    exponent: null,
    description,
    tokenize: body.tokenize === true,
    card: card && { first6: card.number.slice(0, 6), last4: card.number.slice(-4) },
    return_url: httpUrl(body.return_url),
    notification_url: httpUrl(body.notification_url),
    plan: (answer, draw) => {
      const script = scriptOf(terminal, { reference, description })
      const plan = planCharge({ script, answer, card: behaviour, amount, draw })
      return { ask_payer: plan.three_ds, result: plan.result, taken: plan.taken }
    },
  })
}

function behaviourOf(card: Card, test: boolean, now: Date): CardBehaviour {
  return test ? testCardBehaviour(card) : liveCardBehaviour(card, now)
}

/** Only approved cards get tokens, so a known token is an approved card. */
function tokenBehaviour(world: World, terminal: Terminal, token: unknown): CardBehaviour {
  const known = isText(token) && world.book.byToken(terminal.name, token) !== null
  return { three_ds: false, result: known ? { status: 'approved' } : declinedFor('2001', null) }
}

/** The terminal whose key came along; otherwise the refusal is sent and the answer is `null`. */
function authorized(world: World, request: FastifyRequest, reply: FastifyReply, name: unknown): Terminal | null {
  const terminal = isText(name) ? world.terminals.get(name) : undefined
  const key = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
  if (key === undefined || (terminal && key !== terminal.api_key)) {
    reply.code(401).send(errorDocument('unauthorized', 'The key is not known.'))
    return null
  }
  if (terminal?.provider === 'acquirer') return terminal
  reply.code(422).send(errorDocument('unknown_terminal', 'No such terminal.'))
  return null
}

function cardOf(value: unknown): Card | null {
  const { number, exp_month, exp_year } = bodyOf(value)
  return isText(number) && isText(exp_month) && isText(exp_year) ? { number, exp_month, exp_year } : null
}
