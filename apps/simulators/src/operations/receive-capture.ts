/** Captures: part by part within the hold, until one is final. */
import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'
import { scriptOf, type Terminal } from '../terminals/terminal.ts'
import type { World } from '../world.ts'
import { leftOfHold, type Operation } from './operation.ts'
import { type NewChild, otherAmount, type Refusal, receiveChild } from './receive-child.ts'

export async function receiveCapture(
  world: World,
  reply: FastifyReply,
  terminal: Terminal,
  operation: Operation | null,
  wanted: Omit<NewChild, 'kind' | 'capture'>,
): Promise<FastifyReply> {
  const { delay_ms } = scriptOf(terminal, operation)
  if (delay_ms > 0) await pause(delay_ms, undefined, { ref: false })
  return receiveChild(world, reply, terminal, operation, { ...wanted, kind: 'capture' }, (found, fits) =>
    fits ? captureRefusal(found, BigInt(wanted.amount)) : otherAmount,
  )
}

function captureRefusal(operation: Operation, amount: bigint): Refusal | null {
  if (operation.operation !== 'authorize') return { reason: '5004', text: 'Nothing was held' }
  if (operation.status === 'voided') return { reason: '5005', text: 'The hold was released' }
  if (operation.status !== 'approved') return { reason: '5004', text: 'Nothing is held' }
  const left = leftOfHold(operation)
  if (left === 0n) return { reason: '5006', text: 'Nothing is left of the hold' }
  return amount > left ? { reason: '5002', text: 'More than is left of the hold' } : null
}
