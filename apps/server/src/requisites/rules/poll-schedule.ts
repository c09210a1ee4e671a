/** When a provider is asked about a payment, and when a cancellation is sent again. Pure. Cascade API, 5 and 8. */
import type { ProviderPaymentRow } from '../../cascades/provider-payment.ts'

export type PollFacts = Pick<
  ProviderPaymentRow,
  'state' | 'orphan' | 'issued_at' | 'finalise_at' | 'paid_at' | 'claimed_at' | 'polls' | 'poll_errors'
> & {
  /** An appeal of ours about the payment is open. */
  readonly appeal_open: boolean
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

const fresh = { for_ms: 5 * minute, every_ms: 10 * second }
const window_every_ms = 30 * second
/** Counted from the last regular question. */
const afterwards = [
  { until_ms: 30 * minute, every_ms: minute },
  { until_ms: 24 * hour, every_ms: 15 * minute },
  { until_ms: 72 * hour, every_ms: 6 * hour },
] as const
const claimed = { for_ms: 2 * minute, every_ms: 5 * second }
const appeal_every_ms = 15 * minute
const control_after_ms = 10 * minute
/** Questions about an order that nobody will pay, from when it was learned: at +1, +5, +30, +60 min. */
const orphan_gaps_ms = [minute, 4 * minute, 25 * minute, 30 * minute] as const

const errors_until_slower = 3
const slow_max_ms = { inside: 5 * minute, afterwards: 6 * hour } as const

/**
 * When to ask next, after a question (or the answer to CREATE_PAYMENT) at `now`. `jitter` from -1 to 1 spreads the questions by a
 * tenth; times that are exact by the contract stay so. `null` = never again by itself.
 */
export function nextPoll(facts: PollFacts, now: Date, jitter: number): Date | null {
  const planned = facts.orphan ? nextOfOrphan(facts, now) : nextOfPayment(facts, now, jitter)
  if (!facts.appeal_open) return planned
  const latest = new Date(now.getTime() + appeal_every_ms)
  return planned !== null && planned < latest ? planned : latest
}

function nextOfOrphan({ polls }: PollFacts, now: Date): Date | null {
  const gap_ms = orphan_gaps_ms[polls]
  return gap_ms === undefined ? null : new Date(now.getTime() + gap_ms)
}

function nextOfPayment(facts: PollFacts, now: Date, jitter: number): Date | null {
  switch (facts.state) {
    case 'issued':
    case 'failed':
    case 'expired':
    case 'cancelled':
      return nextOfIssued(facts, now, jitter)
    case 'success':
      return control(facts, now)
    default:
      return null
  }
}

/** One question after a success: does the provider still say so? */
function control({ paid_at }: PollFacts, now: Date): Date | null {
  if (paid_at === null) return null
  const at = new Date(paid_at.getTime() + control_after_ms)
  return at > now ? at : null
}

function nextOfIssued(facts: PollFacts, now: Date, jitter: number): Date | null {
  const { issued_at, finalise_at } = facts
  if (issued_at === null || finalise_at === null) return null
  const over_ms = now.getTime() - finalise_at.getTime()
  const every_ms = intervalOf(facts, issued_at, over_ms, now)
  if (every_ms === null) return null
  const next = now.getTime() + Math.round(slower(every_ms, facts.poll_errors, over_ms) * (1 + jitter / 10))
  // The last regular question is asked exactly at its time, and so is the very last one.
  const edge = finalise_at.getTime() + (over_ms < 0 ? 0 : 72 * hour)
  return new Date(Math.min(next, edge))
}

function intervalOf({ claimed_at }: PollFacts, issued_at: Date, over_ms: number, now: Date): number | null {
  const regular =
    over_ms < 0
      ? now.getTime() - issued_at.getTime() < fresh.for_ms
        ? fresh.every_ms
        : window_every_ms
      : afterwards.find(({ until_ms }) => over_ms < until_ms)?.every_ms
  if (regular === undefined) return null
  const hasJustClaimed = claimed_at !== null && now.getTime() - claimed_at.getTime() < claimed.for_ms
  return hasJustClaimed ? Math.min(regular, claimed.every_ms) : regular
}

/** Every three unanswered questions in a row double the interval, up to a limit; one answer makes it as before. */
function slower(every_ms: number, poll_errors: number, over_ms: number): number {
  const doublings = Math.min(Math.floor(poll_errors / errors_until_slower), 20)
  const max_ms = over_ms < 0 ? slow_max_ms.inside : slow_max_ms.afterwards
  return Math.max(every_ms, Math.min(every_ms * 2 ** doublings, max_ms))
}

/** After the first sending of a cancellation: at +10 s, +60 s, +5 min, +15 min. */
const cancel_gaps_ms = [10 * second, 50 * second, 4 * minute, 10 * minute] as const

/** When a cancellation that was sent `tries` times without an answer is sent again; `null` = it is given up. */
export function nextCancel(tries: number, now: Date): Date | null {
  const gap_ms = cancel_gaps_ms[tries - 1]
  return gap_ms === undefined ? null : new Date(now.getTime() + gap_ms)
}

/** Three times in a row, over at least a minute, the provider did not know the payment. */
export function isLost(not_found_count: number, not_found_since: Date, now: Date): boolean {
  return not_found_count >= 3 && now.getTime() - not_found_since.getTime() >= minute
}

/** The payer's "check now" may add one question in so long. */
export const extraPoll_ms = 5 * second
