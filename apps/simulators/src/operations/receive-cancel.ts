/** Cancels: a hold whole or in part, a charge whole and only until it is settled. */
import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'
import { scriptOf, type Terminal } from '../terminals/terminal.ts'
import type { World } from '../world.ts'
import { leftOfHold, type Operation, refundedOf, sumOf } from './operation.ts'
import { type NewChild, otherAmount, type Refusal, receiveChild } from './receive-child.ts'

export async function receiveCancel(
  world: World,
  reply: FastifyReply,
  terminal: Terminal,
  operation: Operation | null,
  wanted: Omit<NewChild, 'kind' | 'capture'>,
): Promise<FastifyReply> {
  const { delay_ms, settled_after_ms } = scriptOf(terminal, operation)
  if (delay_ms > 0) await pause(delay_ms, undefined, { ref: false })
  const settled_before =
    settled_after_ms === null ? null : new Date(world.now().getTime() - settled_after_ms).toISOString()
  return receiveChild(world, reply, terminal, operation, { ...wanted, kind: 'cancel' }, (found, fits) =>
    !fits
      ? otherAmount
      : found.operation === 'authorize'
        ? holdRefusal(found, BigInt(wanted.amount))
        : chargeRefusal(found, BigInt(wanted.amount), settled_before),
  )
}

function holdRefusal(operation: Operation, amount: bigint): Refusal | null {
  if (operation.status === 'voided') return { reason: '5005', text: 'The hold was released' }
  if (operation.status !== 'approved') return { reason: '5004', text: 'Nothing is held' }
  const left = leftOfHold(operation)
  if (left === 0n) return { reason: '5006', text: 'Nothing is left of the hold' }
  return amount > left ? { reason: '5002', text: 'More than is left of the hold' } : null
}

function chargeRefusal(operation: Operation, amount: bigint, settled_before: string | null): Refusal | null {
  if (operation.status === 'voided') return { reason: '5005', text: 'The charge was cancelled' }
  const taken = BigInt(operation.taken)
  if (operation.status !== 'approved' || taken === 0n) return { reason: '5004', text: 'Nothing was charged' }
  if (refundedOf(operation) > 0n || sumOf(operation.cancels) > 0n) return { reason: '5006', text: 'Given back already' }
  if (settled_before !== null && operation.created_at <= settled_before)
    return { reason: '5007', text: 'Settled already' }
  return amount === taken ? null : { reason: '5002', text: 'A charge is cancelled whole' }
}
