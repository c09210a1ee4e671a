/** How far a code reaches that forbids every repeat. Cascading rules, sections 6.4, 7.2 and 7.3. */
import type { SignalKind } from './classify-decline.ts'

/**
 * `card`: every attempt with the card. `amount`: those of the same amount and currency. `recurring`: those the merchant starts;
 * `recurring_all`: the same at every acceptor. `wait`: every attempt until a time.
 */
export type BlockScope = 'card' | 'amount' | 'recurring' | 'recurring_all' | 'wait'

const narrower: ReadonlyMap<string, BlockScope | null> = new Map<string, BlockScope | null>([
  ['network_code 12', 'amount'],
  ['network_code 57', 'amount'],
  ['network_code R0', 'recurring'],
  ['network_code R1', 'recurring'],
  ['network_code R3', 'recurring_all'],
  ['advice_code 21', 'recurring'],
  // An upstream gateway speaks of a block of its own, whose reach and end it does not tell.
  ['unified_code F.2004', null],
])

/** Reach of a signal that was read as `never`; `null` = it sets no block. */
export function neverScope(kind: SignalKind, code: string): BlockScope | null {
  const scope = narrower.get(`${kind} ${code.toUpperCase()}`)
  return scope === undefined ? 'card' : scope
}
