/** Why a connection is not asked for requisites now. Cascading rules, section 4; Cascade API, sections 1.1, 9.1, 13.2. */
import type { MethodLimits } from '../connection.ts'
import { type Shortage, shortageOf } from './eligible.ts'

export type ConnectionReason =
  | 'route_inactive'
  | 'amount_below_min'
  | 'amount_above_max'
  | 'misconfigured'
  | 'throttled'
  | 'rate_stale'
  | Shortage
  | 'daily_amount_limit'
  | 'daily_count_limit'
  | 'lifetime_too_short'

export type Barred = { readonly reason: ConnectionReason; readonly detail: string }

// A provider's figures are none of the merchant's business, who reads these words too.
export const shortageDetail = 'the prepaid balance does not cover it'
const dayDetail = 'what may be asked for in a day is used up'

/** What has been asked for today by the method, in minor units of the payment currency. */
export type DayTotals = { readonly amount_minor: bigint; readonly count: number }

export type Asked = {
  readonly amount_minor: bigint
  readonly min_minor: bigint | null
  readonly max_minor: bigint | null
  readonly daily_amount_minor: bigint | null
  readonly limits: MethodLimits
}

export type ConnectionFacts = {
  readonly active: boolean
  readonly draining: boolean
  readonly misconfigured_reason: string | null
  /** What is paused that this payment would need, with the time it ends. */
  readonly paused: readonly { readonly scope: string; readonly until: Date }[]
  readonly request_gap_ms: number
  readonly last_request_at: Date | null
  /** `null` = no rate, or an old one. */
  readonly settlement_minor: bigint | null
  readonly available_minor: bigint
  readonly today: DayTotals
  readonly lifetime_left_ms: number
  readonly now: Date
}

/** A payment with less time left is not worth asking for. */
const lifetime_min_ms = 5 * 60_000

/** The first reason against the connection, in the order of the routing rules; `null` = it may be asked. */
export function reasonAgainstConnection(asked: Asked, facts: ConnectionFacts): Barred | null {
  const { amount_minor, min_minor, max_minor } = asked
  if (!facts.active) return { reason: 'route_inactive', detail: 'provider is off' }
  if (facts.draining) return { reason: 'route_inactive', detail: 'provider is draining' }
  if (min_minor !== null && amount_minor < min_minor)
    return { reason: 'amount_below_min', detail: `amount ${amount_minor}, least ${min_minor}` }
  if (max_minor !== null && amount_minor > max_minor)
    return { reason: 'amount_above_max', detail: `amount ${amount_minor}, most ${max_minor}` }
  if (facts.misconfigured_reason !== null) return { reason: 'misconfigured', detail: facts.misconfigured_reason }
  const pause = facts.paused[0]
  if (pause) return { reason: 'throttled', detail: `${pause.scope} until ${pause.until.toISOString()}` }
  if (isTooSoon(facts)) return { reason: 'throttled', detail: `requests ${facts.request_gap_ms} ms apart` }
  if (facts.settlement_minor === null) return { reason: 'rate_stale', detail: 'no rate of the last ten minutes' }
  const shortage = shortageOf(facts.available_minor, facts.settlement_minor)
  if (shortage) {
    return { reason: shortage, detail: shortageDetail }
  }
  return overDay(asked, facts.today) ?? tooShort(facts)
}

/** Would the payment go over what may be asked for in a day? */
export function overDay({ amount_minor, daily_amount_minor, limits }: Asked, today: DayTotals): Barred | null {
  if (daily_amount_minor !== null && today.amount_minor + amount_minor > daily_amount_minor)
    return { reason: 'daily_amount_limit', detail: dayDetail }
  if (limits.daily_count !== undefined && today.count >= limits.daily_count)
    return { reason: 'daily_count_limit', detail: dayDetail }
  return null
}

export function isTooSoon({
  request_gap_ms,
  last_request_at,
  now,
}: Pick<ConnectionFacts, 'request_gap_ms' | 'last_request_at' | 'now'>): boolean {
  return last_request_at !== null && now.getTime() - last_request_at.getTime() < request_gap_ms
}

function tooShort({ lifetime_left_ms }: ConnectionFacts): Barred | null {
  if (lifetime_left_ms >= lifetime_min_ms) return null
  return { reason: 'lifetime_too_short', detail: `${Math.floor(lifetime_left_ms / 1000)} s left` }
}
