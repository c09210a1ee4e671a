/** Which merchant-driven cascade a request joins, and whether it may. Card API contract 14.1. */
import type { TransactionStatus } from '../transaction.ts'

/** An earlier payment or authorization with the same shop, tracking_id, amount, currency and card, not older than a day. */
export type Earlier = {
  readonly uid: string
  readonly binding_id: string | null
  readonly status: TransactionStatus
  /** Gateways its attempts went to. */
  readonly gateways: readonly number[]
}

export type Chain =
  | { readonly type: 'none' }
  | { readonly type: 'refused'; readonly because: 'unfinished' | 'paid' }
  | { readonly type: 'joined'; readonly binding_id: string; readonly tried: readonly number[] }

const continued: ReadonlySet<TransactionStatus> = new Set<TransactionStatus>(['failed', 'pending', 'incomplete'])

/**
 * `earlier` in order of creation. A request that names no gateway any of them has used joins nothing. Whoever names the gateway
 * of a success took it for a failure: its answer was lost or late, and the payer has paid.
 */
export function chainOf(earlier: readonly Earlier[], excluded: readonly number[]): Chain {
  const using = earlier.filter(
    ({ status, gateways }) => status !== 'expired' && gateways.some((gateway) => excluded.includes(gateway)),
  )
  if (using.at(-1)?.status === 'successful') return { type: 'refused', because: 'paid' }
  const named = using.filter(({ status }) => continued.has(status))
  const last = named.at(-1)
  if (!last) return { type: 'none' }
  const unbound = named.filter((one) => one.binding_id === null)
  // A chain that has a name already is another one than that of a newer failure without.
  const binding_id = last.binding_id ?? (unbound[0] as Earlier).uid
  const members = earlier.filter(
    (one) =>
      one.binding_id === binding_id || one.uid === binding_id || (last.binding_id === null && unbound.includes(one)),
  )
  if (members.some(({ status }) => status === 'pending' || status === 'incomplete'))
    return { type: 'refused', because: 'unfinished' }
  if (members.some(({ status }) => status === 'successful')) return { type: 'refused', because: 'paid' }
  return { type: 'joined', binding_id, tried: [...new Set(members.flatMap(({ gateways }) => gateways))] }
}
