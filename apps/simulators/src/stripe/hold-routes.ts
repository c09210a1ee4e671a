/** What becomes of a payment intent afterwards: captured once, or cancelled. */
import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { deliver } from '../operations/deliver.ts'
import { type Child, leftOfHold, type Operation } from '../operations/operation.ts'
import { receiveCancel } from '../operations/receive-cancel.ts'
import { receiveCapture } from '../operations/receive-capture.ts'
import { deliveryOf } from '../operations/receive-child.ts'
import { type Body, isText } from '../request-fields.ts'
import { scriptOf } from '../terminals/terminal.ts'
import { refuse, type World } from '../world.ts'
import { intentDocument, intentStatus } from './documents.ts'
import { badRequest, type Call, callOf, isExpanded, unknownField } from './request.ts'

type ById = { Params: { id: string } }

const captureFields = new Set('amount_to_capture final_capture metadata statement_descriptor_suffix expand'.split(' '))

export function stripeHoldRoutes(app: FastifyInstance, world: World): void {
  app.post<ById>('/stripe/v1/payment_intents/:id/capture', async (request, reply) => {
    const call = callOf(world, request, reply)
    return call ? await captureIntent(world, reply, call, request.params.id) : reply
  })
  app.post<ById>('/stripe/v1/payment_intents/:id/cancel', async (request, reply) => {
    const call = callOf(world, request, reply)
    return call ? await cancelIntent(world, reply, call, request.params.id) : reply
  })
}

async function captureIntent(world: World, reply: FastifyReply, call: Call, id: string): Promise<FastifyReply> {
  const { terminal, fields, key } = call
  const operation = find(world, call, id)
  const reference = isText(fields['metadata[cascad_capture]'])
    ? fields['metadata[cascad_capture]']
    : (key ?? randomBytes(9).toString('hex'))
  const earlier = world.book.childByReference('capture', 'stripe', terminal.name, reference)
  const amount = amountOf(fields, operation) ?? earlier?.child.amount ?? '0'
  const script = scriptOf(terminal, operation)
  if (operation && !earlier && script.answer !== 'down' && !script.captures.endsWith('_before')) {
    const wrong = captureRefusal(reply, world, operation, fields, amount)
    if (wrong) return wrong
    if (script.captures === 'decline') {
      return badRequest(reply, 'capture_charge_authorization_expired', 'The authorization has expired.')
    }
  }
  const currency = operation?.currency ?? ''
  return await receiveCapture(world, reply, terminal, operation, { reference, amount, currency, key, final: true })
}

function captureRefusal(
  reply: FastifyReply,
  world: World,
  operation: Operation,
  fields: Body,
  amount: string,
): FastifyReply | null {
  const unknown = unknownField(fields, captureFields)
  if (unknown !== null) return badRequest(reply, 'parameter_unknown', `Received unknown parameter: ${unknown}`)
  if (fields.final_capture === 'false') {
    return badRequest(reply, null, 'Multicapture is not available for this PaymentIntent.')
  }
  if (intentStatus(operation) !== 'requires_capture') {
    return unexpectedState(reply, world, operation, 'could not be captured')
  }
  if (!/^[1-9]\d{0,17}$/.test(amount)) return badRequest(reply, 'parameter_invalid_integer', 'Invalid integer.')
  return BigInt(amount) > leftOfHold(operation)
    ? badRequest(reply, 'amount_too_large', 'The amount could not be captured: it is greater than what is held.')
    : null
}

/** Everything but a paid or cancelled intent can be cancelled; a hold is given up as a whole. */
async function cancelIntent(world: World, reply: FastifyReply, call: Call, id: string): Promise<FastifyReply> {
  const { terminal, key } = call
  const operation = find(world, call, id)
  const script = scriptOf(terminal, operation)
  if (script.answer === 'down') return deliver(world, reply, 'reset', 503, {})
  if (!operation) return refuse(world, reply, 'stripe', 404, 'not_found', 'No such payment_intent.')
  const reference = key ?? randomBytes(9).toString('hex')
  const earlier = world.book.childByReference('cancel', 'stripe', terminal.name, reference)
  const status = intentStatus(operation)
  const behaviour = status === 'requires_capture' ? script.cancels : script.voids
  if (!earlier && behaviour.endsWith('_before')) return deliver(world, reply, deliveryOf(behaviour), 500, {})
  const over = status === 'succeeded' || status === 'canceled' || operation.captures.some(isPending)
  if (!earlier && (over || behaviour === 'decline')) {
    return unexpectedState(reply, world, operation, 'cannot be canceled')
  }
  if (earlier || status === 'requires_capture') {
    const amount = earlier?.child.amount ?? leftOfHold(operation).toString()
    const { currency } = operation
    return await receiveCancel(world, reply, terminal, operation, { reference, amount, currency, key, final: true })
  }
  operation.status = 'voided'
  world.book.save(operation)
  const expanded = isExpanded(call.fields, 'latest_charge')
  return deliver(world, reply, deliveryOf(behaviour), 200, intentDocument(operation, world.public_url(), expanded))
}

function isPending({ status }: Child): boolean {
  return status === 'pending'
}

function find(world: World, { terminal }: Call, id: string): Operation | null {
  const operation = world.book.byId(id)
  return operation?.terminal === terminal.name ? operation : null
}

/** Left out = all that is held. */
function amountOf(fields: Body, operation: Operation | null): string | null {
  if (isText(fields.amount_to_capture)) return fields.amount_to_capture
  return operation && leftOfHold(operation) > 0n ? leftOfHold(operation).toString() : null
}

function unexpectedState(reply: FastifyReply, world: World, operation: Operation, what: string): FastifyReply {
  const payment_intent = intentDocument(operation, world.public_url(), false)
  const message = `This PaymentIntent ${what} because it has a status of ${intentStatus(operation)}.`
  return badRequest(reply, 'payment_intent_unexpected_state', message, { payment_intent })
}
