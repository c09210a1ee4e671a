/** The acquirer's API: payments, captures, cancels, refunds, voids, look-ups. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { lookUpCharge, lookUpChild } from '../operations/look-up.ts'
import { childKinds } from '../operations/operation.ts'
import { receiveCancel } from '../operations/receive-cancel.ts'
import { receiveCapture } from '../operations/receive-capture.ts'
import { receiveRefund } from '../operations/receive-refund.ts'
import { receiveVoid } from '../operations/receive-void.ts'
import { bodyOf, idempotencyKey, isMinor, isText, refuseUnreadable } from '../request-fields.ts'
import type { Terminal } from '../terminals/terminal.ts'
import { errorDocument, type World } from '../world.ts'
import { isLineOpen } from './line.ts'
import { receivePayment } from './receive-payment.ts'
import { createCallCounter } from './steps.ts'

type ById = { Params: { id: string } }

export function acquirerRoutes(app: FastifyInstance, world: World): void {
  const calls = createCallCounter()
  app.post('/acquirer/payments', async (request, reply) => {
    const body = bodyOf(request.body)
    const terminal = authorized(world, request, reply, body.terminal)
    return terminal ? await receivePayment(world, reply, terminal, calls, body, idempotencyKey(request)) : reply
  })
  app.get('/acquirer/payments', (request, reply) => {
    const { terminal: name, reference } = bodyOf(request.query)
    const terminal = authorized(world, request, reply, name)
    return terminal ? lookUpCharge(world, reply, terminal, String(reference)) : reply
  })
  app.post('/acquirer/sandbox/line', (request, reply) => {
    const body = bodyOf(request.body)
    const terminal = authorized(world, request, reply, body.terminal)
    return terminal ? reply.send({ open: isLineOpen(terminal, calls, body) }) : reply
  })
  childRoutes(app, world)
  app.post<ById>('/acquirer/payments/:id/void', (request, reply) => {
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

function childRoutes(app: FastifyInstance, world: World): void {
  for (const kind of childKinds) {
    app.get(`/acquirer/${kind}s`, (request, reply) => {
      const { terminal: name, reference } = bodyOf(request.query)
      const terminal = authorized(world, request, reply, name)
      return terminal ? lookUpChild(world, reply, terminal, kind, String(reference)) : reply
    })
    app.post<ById>(`/acquirer/payments/:id/${kind}s`, async (request, reply) => {
      const body = bodyOf(request.body)
      const terminal = authorized(world, request, reply, body.terminal)
      if (!terminal) return reply
      const { reference, amount, currency } = body
      if (!isText(reference) || !isText(currency) || !isMinor(amount)) return refuseUnreadable(reply)
      const final = body.final === true
      const wanted = { reference, amount, currency, key: idempotencyKey(request) }
      const operation = world.book.byId(request.params.id)
      if (kind === 'capture') return await receiveCapture(world, reply, terminal, operation, { ...wanted, final })
      if (kind === 'cancel') return await receiveCancel(world, reply, terminal, operation, { ...wanted, final })
      const capture = isText(body.capture) ? body.capture : null
      return receiveRefund(world, reply, terminal, operation, { ...wanted, capture }, '5002')
    })
  }
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
