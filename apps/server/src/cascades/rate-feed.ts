/** Where reference rates come from by themselves: a source on the net that is asked again and again. */
import type { PairAlarms } from './rules/feed-alarms.ts'
import type { Doubt } from './rules/judge-rate.ts'

export type Pair = { readonly from: string; readonly to: string }

/** How a source is asked. In `url` and the pointers, {from} and {to} stand for the currencies of a pair. */
export type RateFeed = {
  readonly source: string
  readonly url: string
  /** Where in the JSON the rate stands, RFC 6901: a number, or decimal text. */
  readonly rate_pointer: string
  /** Where its time stands; `null` = the time of the answer is taken. */
  readonly time_pointer: string | null
  /** The source tells units of `from` for one of `to`. */
  readonly inverted: boolean
  /** 15 to 300. */
  readonly interval_s: number
  /** A rate further than this from the one before is not used until it is confirmed, see `rules/judge-rate.ts`. */
  readonly jump_percent: number
  /** Header that admits us; its value is kept encrypted. */
  readonly header_name: string | null
}

/** A feed that is this worker's to ask, until the lease runs out. */
export type ClaimedFeed = RateFeed & {
  readonly header_encrypted: Uint8Array | null
  readonly leased_until: Date
  /** By currency. */
  readonly pairs: readonly Pair[]
}

/** What one answer said about a pair. */
export type PairReading = Pair & ({ readonly rate: string; readonly as_of: Date } | { readonly wrong: string })

/** How a pair stands: the rate that is kept, with its time, what is in doubt, and what operators have been told. */
export type PairStanding = Pair & {
  /** `null` = there is none yet. */
  readonly rate: string | null
  /** `null` = none yet, or agreed for good. */
  readonly as_of: Date | null
  readonly doubt: Doubt | null
  readonly alarms: PairAlarms
}

/** What a feed is shown as; `header_name` without its value. */
export type FeedView = RateFeed & {
  readonly active: boolean
  readonly saved_by: string
  readonly pairs: readonly (Omit<PairStanding, 'alarms'> & {
    readonly asked_at: Date | null
    /** What was wrong with the last answer; `null` = nothing. */
    readonly error: string | null
    readonly stale: boolean
  })[]
}

/** Purpose of the encrypted header: it cannot be moved to another source. */
export const headerPurpose = (source: string): string => `rate-feed:${source}`

/** The currencies of a pair in the places that stand for them. */
export function filledFor(text: string, { from, to }: Pair): string {
  return text.replaceAll('{from}', from).replaceAll('{to}', to)
}
