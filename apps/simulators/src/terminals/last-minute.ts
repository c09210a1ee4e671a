/** What a terminal was asked in the last minute, and how it went: figures to watch the platform's routing by. */
import type { Operation } from '../operations/operation.ts'

const window_ms = 60_000
/** More than this in a minute, and the oldest are no longer counted. */
const arrivals_max = 20_000

/** A charge that came in. */
export type Arrival = {
  readonly at_ms: number
  /** What it became; `null` = nothing was charged. How it goes on is seen when the figures are. */
  operation: Operation | null
  /** Whoever asked got no answer that can be read. */
  unanswered: boolean
  /** The request itself was refused: a key not known, too many requests, a reference used before. */
  refused: boolean
}

export type LastMinute = {
  readonly asked: number
  readonly approved: number
  readonly declined: number
  /** On the payer, or on the provider: not decided yet, or not answered yet. */
  readonly waiting: number
  /** Answers that were lost, whatever became of the charge. */
  readonly unanswered: number
  readonly refused: number
}

/** Notes a charge that has just come in; its end is written into what is returned. */
export function noteArrival(arrivals: Arrival[], now: Date): Arrival {
  const arrival: Arrival = { at_ms: now.getTime(), operation: null, unanswered: false, refused: false }
  arrivals.push(arrival)
  const old = arrivals.findIndex(({ at_ms }) => at_ms > arrival.at_ms - window_ms)
  arrivals.splice(0, Math.max(old, arrivals.length - arrivals_max))
  return arrival
}

/** Each charge counts once: `asked` is the sum of the others. */
export function lastMinute(arrivals: readonly Arrival[], now: Date): LastMinute {
  const counts = { asked: 0, approved: 0, declined: 0, waiting: 0, unanswered: 0, refused: 0 }
  for (const arrival of arrivals) {
    if (arrival.at_ms <= now.getTime() - window_ms) continue
    counts.asked += 1
    counts[endOf(arrival)] += 1
  }
  return counts
}

function endOf({ operation, unanswered, refused }: Arrival): Exclude<keyof LastMinute, 'asked'> {
  if (unanswered) return 'unanswered'
  if (refused) return 'refused'
  switch (operation?.status) {
    // A charge that was given back later had been approved.
    case 'approved':
    case 'voided':
      return 'approved'
    case 'declined':
      return 'declined'
    default:
      return 'waiting'
  }
}
