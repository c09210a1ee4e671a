/** What must become of a row, by rule alone: pure. Cascading rules 5.4, 9, 10, 12; Card API contract 5, 8, 14, 16. */
import type { Row } from './row.ts'

/** Minor units of every payment of the lab, and of what is captured or refunded of it. */
export const whole_minor = 10_000n
export const part_minor = 4_000n
/** By how much a gateway errs that takes less. */
export const missing_minor = 100n

export type Expected = {
  /** The gateway, counted from 1, that has the money or the hold; `null` = nobody. */
  readonly winner: 1 | 2 | 3 | null
  /** Which gateways are asked for money, in this order. */
  readonly asked: readonly number[]
  /** What the payer is out of pocket for at the end. */
  readonly kept_minor: bigint
  /** Final statuses of the transactions of the merchant, oldest first; of an invoice its own status. */
  readonly statuses: readonly string[]
  /** End of the capture, void or refund; `null` = none is asked for. */
  readonly child: 'successful' | 'failed' | null
  /** Deliveries that each event needs at least. */
  readonly deliveries_min: number
}

export function childOf({ step }: Pick<Row, 'step'>): 'capture' | 'void' | 'refund' | null {
  if (step === 'capture' || step === 'void' || step === 'refund') return step
  return step === 'refund look-up' ? 'refund' : null
}

/** How many deliveries a bad endpoint spoils. */
export const spoiled_deliveries = 2

export function expectedOf(row: Row): Expected {
  const child = childOf(row)
  const [last, won] = child === null ? lastAsked(row) : [1, true]
  const child_end = child === null ? null : row.trouble.truth === 'taken' ? 'successful' : 'failed'
  return {
    winner: won ? (last as 1 | 2 | 3) : null,
    asked: Array.from({ length: last }, (_, i) => i + 1),
    kept_minor: won ? keptOf(row, child, child_end === 'successful') : 0n,
    statuses: statusesOf(row, last, won, child_end),
    child: child_end,
    deliveries_min: row.trouble.endpoint === undefined ? 1 : 1 + spoiled_deliveries,
  }
}

/** The last gateway that is asked, and whether it wins. */
function lastAsked({ step, trouble, cascade }: Row): readonly [number, boolean] {
  const at = step === 'second charge' ? 2 : 1
  switch (trouble.truth) {
    case 'taken':
    case 'less':
      return [at, true]
    // More than was asked for is nobody's payment: it stays open until it is taken back.
    case 'more':
      return [at, false]
    case 'disputed':
      return [at + 1, true]
    case 'nothing':
      // The payer has acted at this gateway.
      if (trouble.payer) return [at, false]
      // Known too late: the card is forgotten, and only the merchant has it still.
      return trouble.late && cascade === 'automatic' ? [at, false] : [at + 1, true]
  }
}

function keptOf({ trouble }: Row, child: ReturnType<typeof childOf>, done: boolean): bigint {
  if (child === 'capture') return done ? part_minor : 0n
  if (child === 'void') return 0n
  if (child === 'refund') return done ? whole_minor - part_minor : whole_minor
  return trouble.truth === 'less' ? whole_minor - missing_minor : whole_minor
}

function statusesOf({ face, cascade, trouble }: Row, last: number, won: boolean, child: Expected['child']): string[] {
  if (face !== 'invoice') {
    const before = cascade === 'merchant' ? last - 1 : 0
    return [...Array<string>(before).fill('failed'), won ? 'successful' : 'failed']
  }
  if (child !== null) return [child === 'successful' ? 'partially_refunded' : 'refund_failed']
  if (!won) return ['process_failed']
  return [trouble.truth === 'less' ? 'partially_processed' : 'processed']
}
