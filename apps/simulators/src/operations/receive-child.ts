/** Refunds, captures and cancels arrive at a provider: repeat, misbehaviour of the script, limit, books, answer. */
import { randomBytes, randomInt } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import type { FollowUp } from '../terminals/script.ts'
import { scriptOf, type Terminal } from '../terminals/terminal.ts'
import { later, refuse, type World } from '../world.ts'
import { type Delivery, deliver } from './deliver.ts'
import { type Child, type ChildKind, childrenOf, leftOfHold, type Operation, sumOf } from './operation.ts'

export type NewChild = {
  readonly kind: ChildKind
  readonly reference: string
  readonly key: string | null
  readonly amount: string
  readonly currency: string
  readonly final?: boolean
  readonly capture?: string | null
}

/** Why the provider refuses, in its own words; `null` = it does not. */
export type Refusal = { readonly reason: string; readonly text: string }

export const otherAmount: Refusal = { reason: '5002', text: 'Not an amount of this payment' }

const scripts = { refund: 'refunds', capture: 'captures', cancel: 'cancels' } as const
const id_prefixes = { refund: 'rfd_', capture: 'cap_', cancel: 'cnl_' } as const

/** `limit` says whether the operation allows it; `fits` = a positive amount in its currency. From the limit to the entry in the books nothing waits: sums cannot be overdrawn. */
export function receiveChild(
  world: World,
  reply: FastifyReply,
  terminal: Terminal,
  operation: Operation | null,
  wanted: NewChild,
  limit: (operation: Operation, fits: boolean) => Refusal | null,
): FastifyReply {
  const { kind, reference, key, amount } = wanted
  const script = scriptOf(terminal, operation)
  if (script.answer === 'down') return deliver(world, reply, 'reset', 503, {})
  if (!operation || operation.terminal !== terminal.name) {
    return refuse(world, reply, terminal.provider, 404, 'not_found', 'No such payment.')
  }
  const document = (child: Child) => {
    const face = world.faces[terminal.provider]
    return face.childDocument?.(kind, child, operation) ?? face.refundDocument(child, operation)
  }
  const earlier = world.book.childByReference(kind, terminal.provider, terminal.name, reference)
  if (earlier) {
    const { child } = earlier
    const same = earlier.operation === operation && child.key === key && child.amount === amount
    if (same) return reply.send(document(child))
    const text = `The reference was used for another ${kind}.`
    return refuse(world, reply, terminal.provider, 409, 'idempotency_conflict', text)
  }
  const behaviour = script[scripts[kind]]
  if (behaviour.endsWith('_before')) return deliver(world, reply, deliveryOf(behaviour), 500, {})

  const refusal = limit(operation, operation.currency === wanted.currency && BigInt(amount) > 0n)
  const child = openChild(world, terminal, wanted, refusal)
  childrenOf(operation, kind).push(child)
  if (!refusal && behaviour !== 'pending') applyChild(operation, kind, child, behaviour !== 'decline')
  world.book.save(operation)
  const { pending_ms } = script
  if (child.status === 'pending' && pending_ms !== null)
    later(world, pending_ms, () => settleChild(world, operation, kind, child, true))
  return deliver(world, reply, deliveryOf(behaviour), 200, document(child))
}

function openChild(world: World, terminal: Terminal, wanted: NewChild, refusal: Refusal | null): Child {
  const { kind, reference, key, amount, final, capture } = wanted
  const prefix = terminal.provider === 'stripe' ? 're_' : id_prefixes[kind]
  return {
    id: prefix + randomBytes(9).toString('base64url'),
    reference,
    key,
    amount,
    created_at: world.now().toISOString(),
    status: refusal ? 'declined' : 'pending',
    reason: refusal?.reason ?? null,
    text: refusal?.text ?? null,
    rrn: String(randomInt(1e11, 1e12 - 1)),
    ...(final && { final }),
    ...(capture && { capture }),
  }
}

/** Decides a pending refund, capture or cancel. `false` = it was decided already. */
export function settleChild(
  world: World,
  operation: Operation,
  kind: ChildKind,
  child: Child,
  approved: boolean,
): boolean {
  if (child.status !== 'pending') return false
  applyChild(operation, kind, child, approved)
  world.book.save(operation)
  return true
}

/** Held money is taken here and nowhere else. A charge or hold that is given up whole is void. */
function applyChild(operation: Operation, kind: ChildKind, child: Child, approved: boolean): void {
  child.status = approved ? 'approved' : 'declined'
  if (!approved) return
  if (kind === 'capture') operation.taken = (BigInt(operation.taken) + BigInt(child.amount)).toString()
  if (kind !== 'cancel') return
  const whole = operation.operation === 'authorize' ? leftOfHold(operation) === 0n : true
  if (whole && sumOf(operation.captures) === 0n) operation.status = 'voided'
}

export function deliveryOf(behaviour: FollowUp): Delivery {
  if (behaviour.startsWith('timeout')) return 'timeout'
  return behaviour.startsWith('error') ? 'error' : 'answer'
}
