/** Refunds: within what was taken, once per key, with the misbehaviour of the terminal's script. */
import { randomBytes } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import type { FollowUp } from '../terminals/script.ts'
import { scriptOf, type Terminal } from '../terminals/terminal.ts'
import { later, refuse, type World } from '../world.ts'
import { type Delivery, deliver } from './deliver.ts'
import { type Operation, type Refund, refundedOf } from './operation.ts'

export type NewRefund = {
  readonly reference: string
  readonly key: string | null
  readonly amount: string
  readonly currency: string
}

/** `refused_for` = the provider's own word for an amount beyond what is left. */
export function receiveRefund(
  world: World,
  reply: FastifyReply,
  terminal: Terminal,
  operation: Operation | null,
  wanted: NewRefund,
  refused_for: string,
): FastifyReply {
  const face = world.faces[terminal.provider]
  const script = scriptOf(terminal, operation)
  if (script.answer === 'down') return deliver(world, reply, 'reset', 503, {})
  if (!operation || operation.terminal !== terminal.name) {
    return refuse(world, reply, terminal.provider, 404, 'not_found', 'No such payment.')
  }
  const earlier = world.book.refundByReference(terminal.provider, terminal.name, wanted.reference)
  if (earlier) {
    const same =
      earlier.operation === operation && earlier.refund.key === wanted.key && earlier.refund.amount === wanted.amount
    if (!same) {
      const text = 'The reference was used for another refund.'
      return refuse(world, reply, terminal.provider, 409, 'idempotency_conflict', text)
    }
    return reply.send(face.refundDocument(earlier.refund, operation))
  }
  const behaviour = script.refunds
  if (behaviour.endsWith('_before')) return deliver(world, reply, deliveryOf(behaviour), 500, {})

  const possible = operation.status === 'approved' && operation.currency === wanted.currency
  const fits =
    possible && BigInt(wanted.amount) > 0n && BigInt(wanted.amount) + refundedOf(operation) <= BigInt(operation.taken)
  const refund: Refund = {
    id: `${terminal.provider === 'stripe' ? 're_' : 'rfd_'}${randomBytes(9).toString('base64url')}`,
    reference: wanted.reference,
    key: wanted.key,
    amount: wanted.amount,
    created_at: world.now().toISOString(),
    status: !fits || behaviour === 'decline' ? 'declined' : behaviour === 'pending' ? 'pending' : 'approved',
    reason: fits ? null : refused_for,
    text: fits ? null : 'More than is left of the payment',
  }
  operation.refunds.push(refund)
  world.book.save(operation)
  const { pending_ms } = script
  if (refund.status === 'pending' && pending_ms !== null)
    later(world, pending_ms, () => settleRefund(world, operation, refund, true))
  return deliver(world, reply, deliveryOf(behaviour), 200, face.refundDocument(refund, operation))
}

/** Decides a pending refund. `false` = it was decided already. */
export function settleRefund(world: World, operation: Operation, refund: Refund, approved: boolean): boolean {
  if (refund.status !== 'pending') return false
  refund.status = approved ? 'approved' : 'declined'
  world.book.save(operation)
  return true
}

export function deliveryOf(behaviour: FollowUp): Delivery {
  if (behaviour.startsWith('timeout')) return 'timeout'
  return behaviour.startsWith('error') ? 'error' : 'answer'
}
