export type Shortage = 'balance_not_positive' | 'balance_insufficient'

/** Why a balance does not take a payment; `null` = it does. Cascade API, 9.1: above zero, and at least the settlement amount. */
export function shortageOf(available_minor: bigint, settlement_minor: bigint): Shortage | null {
  if (available_minor <= 0n) return 'balance_not_positive'
  return available_minor < settlement_minor ? 'balance_insufficient' : null
}
