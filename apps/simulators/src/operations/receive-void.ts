/** Voids: afterwards no money is held or taken under the reference, and none will be. */
import type { FastifyReply } from 'fastify'
import { scriptOf, type Terminal } from '../terminals/terminal.ts'
import { errorDocument, type World } from '../world.ts'
import { deliver } from './deliver.ts'
import { type Operation, refundedOf, sumOf } from './operation.ts'
import { deliveryOf } from './receive-child.ts'

/** `operation` = what was found under the reference; `null` closes the reference for charges that arrive later. */
export function receiveVoid(
  world: World,
  reply: FastifyReply,
  terminal: Terminal,
  reference: string,
  operation: Operation | null,
): FastifyReply {
  const face = world.faces[terminal.provider]
  const script = scriptOf(terminal, operation)
  const behaviour = script.voids
  if (script.answer === 'down') return deliver(world, reply, 'reset', 503, {})
  if (operation && (operation.terminal !== terminal.name || operation.reference !== reference)) {
    return reply.code(404).send(errorDocument('not_found', 'No such payment.'))
  }
  if (behaviour.endsWith('_before')) return deliver(world, reply, deliveryOf(behaviour), 500, {})
  const used = operation !== null && (refundedOf(operation) > 0n || sumOf(operation.captures) > 0n)
  const refused = behaviour === 'decline' || used
  if (!refused && operation && operation.status !== 'declined') {
    operation.status = 'voided'
    world.book.save(operation)
  }
  if (!refused && !operation) world.book.close(terminal.provider, terminal.name, reference)
  const document = face.voidDocument({ id: operation?.id ?? `void_${reference}`, reference, voided: !refused })
  return deliver(world, reply, deliveryOf(behaviour), 200, document)
}
