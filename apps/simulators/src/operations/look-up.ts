/** Questions about operations and what was done with them, answered as the terminal's script wants it. */
import type { FastifyReply } from 'fastify'
import type { Script } from '../terminals/script.ts'
import { scriptOf, type Terminal } from '../terminals/terminal.ts'
import { errorDocument, type World } from '../world.ts'
import { deliver } from './deliver.ts'
import type { ChildKind } from './operation.ts'

export function lookUpCharge(world: World, reply: FastifyReply, terminal: Terminal, reference: string): FastifyReply {
  const operation = world.book.byReference(terminal.provider, terminal.name, reference)
  const visible = operation !== null && operation.visible_at <= world.now().toISOString()
  return answer(
    world,
    reply,
    scriptOf(terminal, operation),
    visible ? world.faces[terminal.provider].document(operation, world.public_url()) : null,
  )
}

export function lookUpRefund(world: World, reply: FastifyReply, terminal: Terminal, reference: string): FastifyReply {
  return lookUpChild(world, reply, terminal, 'refund', reference)
}

export function lookUpChild(
  world: World,
  reply: FastifyReply,
  terminal: Terminal,
  kind: ChildKind,
  reference: string,
): FastifyReply {
  const found = world.book.childByReference(kind, terminal.provider, terminal.name, reference)
  const script = scriptOf(terminal, found?.operation ?? null)
  if (!found) return answer(world, reply, script, null)
  const { operation, child } = found
  const face = world.faces[terminal.provider]
  const document = face.childDocument?.(kind, child, operation) ?? face.refundDocument(child, operation)
  return answer(world, reply, script, document)
}

function answer(world: World, reply: FastifyReply, script: Script, document: object | null): FastifyReply {
  const { lookups, answer: charges } = script
  if (charges === 'down') return deliver(world, reply, 'reset', 503, {})
  if (lookups === 'timeout' || lookups === 'error') return deliver(world, reply, lookups, 500, {})
  if (document === null || lookups === 'not_found') {
    return reply.code(404).send(errorDocument('not_found', 'No operation of this reference.'))
  }
  return reply.send(document)
}
