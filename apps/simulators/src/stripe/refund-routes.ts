/** Stripe's refunds: made, listed by payment, looked up by id. */
import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { refundedOf } from '../operations/operation.ts'
import { receiveRefund } from '../operations/receive-refund.ts'
import { isMinor, isText } from '../request-fields.ts'
import { scriptOf } from '../terminals/terminal.ts'
import { refuse, type World } from '../world.ts'
import { refundDocument } from './documents.ts'
import { isLost, lose } from './look-up-routes.ts'
import { badRequest, type Call, callOf } from './request.ts'

type ById = { Params: { id: string } }

export function stripeRefundRoutes(app: FastifyInstance, world: World): void {
  app.post('/stripe/v1/refunds', (request, reply) => {
    const call = callOf(world, request, reply)
    return call ? createRefund(world, reply, call) : reply
  })
  app.get('/stripe/v1/refunds', (request, reply) => {
    const call = callOf(world, request, reply)
    if (!call) return reply
    const operation = world.book.byId(String(call.fields.payment_intent))
    const script = scriptOf(call.terminal, operation)
    if (isLost(script)) return lose(world, reply, script)
    const ours = operation?.terminal === call.terminal.name && script.lookups === 'normal' ? operation : null
    const data = ours?.refunds.map((refund) => refundDocument(refund, ours)).reverse() ?? []
    return reply.send({ object: 'list', url: '/v1/refunds', has_more: false, data })
  })
  app.get<ById>('/stripe/v1/refunds/:id', (request, reply) => {
    const call = callOf(world, request, reply)
    if (!call) return reply
    const all = world.book.all().filter((one) => one.terminal === call.terminal.name)
    const operation = all.find((one) => one.refunds.some((refund) => refund.id === request.params.id))
    const refund = operation?.refunds.find((one) => one.id === request.params.id)
    const script = scriptOf(call.terminal, operation ?? null)
    if (isLost(script)) return lose(world, reply, script)
    if (!operation || !refund || script.lookups === 'not_found') {
      return refuse(world, reply, 'stripe', 404, 'not_found', 'No such refund.')
    }
    return reply.send(refundDocument(refund, operation))
  })
}

/** Without an amount everything that is left. */
function createRefund(world: World, reply: FastifyReply, { terminal, fields, key }: Call): FastifyReply {
  const operation = world.book.byId(String(fields.payment_intent))
  const stored = fields['metadata[cascad_reference]'] ?? fields['metadata[cascad_void]']
  const reference = isText(stored) ? stored : randomBytes(9).toString('hex')
  const earlier = world.book.refundByReference('stripe', terminal.name, reference)
  const left = operation?.status === 'approved' ? BigInt(operation.taken) - refundedOf(operation) : 0n
  const amount = isMinor(fields.amount) ? fields.amount : (earlier?.refund.amount ?? left.toString())
  if (operation?.terminal === terminal.name && !earlier && scriptOf(terminal, operation).answer !== 'down') {
    if (operation.status !== 'approved' || operation.taken === '0')
      return badRequest(reply, null, 'This PaymentIntent has no successful charge.')
    if (left === 0n) return badRequest(reply, 'charge_already_refunded', 'The charge has already been refunded.')
    if (BigInt(amount) <= 0n || BigInt(amount) > left) {
      return badRequest(reply, null, 'Refund amount is greater than unrefunded amount on charge.')
    }
  }
  const wanted = { reference, amount, currency: operation?.currency ?? '', key }
  return receiveRefund(world, reply, terminal, operation, wanted, 'declined')
}
