/** Refunds: within what was taken, of the whole payment or of one capture. */
import type { FastifyReply } from 'fastify'
import type { Terminal } from '../terminals/terminal.ts'
import type { World } from '../world.ts'
import { type Operation, refundedOf, sumOf } from './operation.ts'
import { receiveChild } from './receive-child.ts'

export { deliveryOf } from './receive-child.ts'

export type NewRefund = {
  readonly reference: string
  readonly key: string | null
  readonly amount: string
  readonly currency: string
  /** The provider's id of the capture to give back; `null` = any of the payment's money. */
  readonly capture?: string | null
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
  const refused = { reason: refused_for, text: 'More than is left of the payment' }
  return receiveChild(world, reply, terminal, operation, { kind: 'refund', ...wanted }, (found, fits) =>
    fits && found.status === 'approved' && BigInt(wanted.amount) <= leftToRefund(found, wanted.capture ?? null)
      ? null
      : refused,
  )
}

function leftToRefund(operation: Operation, capture_id: string | null): bigint {
  const left = BigInt(operation.taken) - refundedOf(operation)
  if (capture_id === null) return left
  const capture = operation.captures.find(({ id, status }) => id === capture_id && status === 'approved')
  if (!capture) return 0n
  const of_capture = BigInt(capture.amount) - sumOf(operation.refunds.filter((refund) => refund.capture === capture_id))
  return of_capture < left ? of_capture : left
}
