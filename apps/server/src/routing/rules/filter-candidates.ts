/** Which routes of a rule may take this payment now, and why the others may not. Cascading rules, section 4. */
import type { Gateway } from '../gateway.ts'
import { type Breaker, type BreakerVerdict, breakerKey, judgeBreaker } from './breaker.ts'
import type { DeclineClass } from './decline-class.ts'
import type { RoutingFacts } from './facts.ts'

/** In the order in which they are looked at; a route gets the first that applies. */
export const filterReasons = [
  'route_inactive',
  'mode_mismatch',
  'method_unsupported',
  'currency_unsupported',
  'operation_unsupported',
  'brand_unsupported',
  'country_unsupported',
  'amount_below_min',
  'amount_above_max',
  'excluded_by_merchant',
  'already_tried',
  'same_failure_domain',
  'misconfigured',
  'throttled',
  'breaker_open',
  'rate_stale',
  'balance_not_positive',
  'balance_insufficient',
  'daily_amount_limit',
  'daily_count_limit',
  'lifetime_too_short',
  'weight_zero',
] as const

export type FilterReason = (typeof filterReasons)[number]

/** Reasons that lie in the route and the payment alone: no route fits, whatever was tried or excluded. */
const unfit: ReadonlySet<FilterReason> = new Set(filterReasons.slice(0, 9))

export type FilterInput = {
  readonly facts: RoutingFacts
  readonly gateways: ReadonlyMap<number, Gateway>
  /** Gateways this payment, or its chain, has used. */
  readonly tried: readonly number[]
  readonly excluded: readonly number[]
  /** Class and failure domain of the attempt before this one. */
  readonly last_class: DeclineClass | null
  readonly last_domain: string | null
  /** Breakers by `breakerKey`, those that have ever opened; left out = none has. */
  readonly breakers?: ReadonlyMap<string, Breaker>
  /** What else speaks against a gateway now, such as the balance of its provider; left out = nothing. */
  readonly barred?: ReadonlyMap<number, { readonly reason: FilterReason; readonly detail: string }>
  readonly payment_id: string
  readonly at: Date
}

/** The first reason against this route, or `null`: it is a candidate. `weight` 0 = never. */
export function reasonAgainst(gateway_id: number, weight: number | null, input: FilterInput): FilterReason | null {
  const own = ownReason(gateway_id, weight, input)
  const barred = input.barred?.get(gateway_id)?.reason ?? null
  if (own === null || barred === null) return own ?? barred
  return filterReasons.indexOf(barred) < filterReasons.indexOf(own) ? barred : own
}

function ownReason(gateway_id: number, weight: number | null, input: FilterInput): FilterReason | null {
  const gateway = input.gateways.get(gateway_id)
  if (gateway === undefined || !gateway.installed) return 'route_inactive'
  if (gateway.status !== 'active' && gateway.status !== 'misconfigured') return 'route_inactive'
  const { facts } = input
  if (gateway.test_mode !== facts.test) return 'mode_mismatch'
  if (facts.method === null || !gateway.methods.has(facts.method)) return 'method_unsupported'
  if (gateway.currencies !== null && !gateway.currencies.has(facts.currency)) return 'currency_unsupported'
  if (!gateway.operations.has(facts.connector_operation)) return 'operation_unsupported'
  if (facts.card !== null) {
    if (gateway.brands !== null && !gateway.brands.has(facts.card.brand?.toLowerCase() ?? ''))
      return 'brand_unsupported'
    const countries = gateway.issuer_countries
    if (countries !== null && !countries.has(facts.card.issuer_country?.toUpperCase() ?? ''))
      return 'country_unsupported'
  }
  if (gateway.amount_min_minor !== null && facts.amount_minor < gateway.amount_min_minor) return 'amount_below_min'
  if (gateway.amount_max_minor !== null && facts.amount_minor > gateway.amount_max_minor) return 'amount_above_max'
  if (input.excluded.includes(gateway_id)) return 'excluded_by_merchant'
  if (input.tried.includes(gateway_id)) return 'already_tried'
  if (sharesFailure(gateway, input)) return 'same_failure_domain'
  if (gateway.status === 'misconfigured' || gateway.misconfigured !== null) return 'misconfigured'
  if (breakerVerdict(gateway_id, input).result === 'stop') return 'breaker_open'
  return weight === 0 ? 'weight_zero' : null
}

const noBreaker: BreakerVerdict = { result: 'pass', detail: null }

/** May the payment go to this gateway as far as its breaker is concerned? */
export function breakerVerdict(gateway_id: number, input: FilterInput): BreakerVerdict {
  const { breakers, facts, payment_id, at } = input
  if (breakers === undefined || breakers.size === 0 || facts.method === null) return noBreaker
  return judgeBreaker(breakers.get(breakerKey(gateway_id, facts.method)) ?? null, payment_id, at)
}

function sharesFailure(gateway: Gateway, { last_class, last_domain }: FilterInput): boolean {
  if (last_class !== 'acquirer_technical' && last_class !== 'unreachable') return false
  return gateway.failure_domain !== null && gateway.failure_domain === last_domain
}

/** Words for a reason where the code alone does not say enough. */
export function detailOf(reason: FilterReason, gateway_id: number, input: FilterInput): string | null {
  const { facts } = input
  const gateway = input.gateways.get(gateway_id)
  if (gateway === undefined) return 'no such gateway'
  const barred = input.barred?.get(gateway_id)
  if (barred?.reason === reason) return barred.detail
  switch (reason) {
    case 'route_inactive':
      return gateway.installed ? `gateway is ${gateway.status}` : `connector ${gateway.connector} is not installed`
    case 'mode_mismatch':
      return gateway.test_mode ? 'live payment, test gateway' : 'test payment, live gateway'
    case 'method_unsupported':
      return `method ${facts.method ?? 'not known'}`
    case 'currency_unsupported':
      return `currency ${facts.currency}`
    case 'operation_unsupported':
      return `operation ${facts.connector_operation}`
    case 'brand_unsupported':
      return `brand ${facts.card?.brand ?? 'not known'}`
    case 'country_unsupported':
      return `issuer country ${facts.card?.issuer_country ?? 'not known'}`
    case 'amount_below_min':
      return `amount ${facts.amount_minor}, least ${gateway.amount_min_minor}`
    case 'amount_above_max':
      return `amount ${facts.amount_minor}, most ${gateway.amount_max_minor}`
    case 'same_failure_domain':
      return `domain ${gateway.failure_domain}`
    case 'misconfigured':
      return gateway.misconfigured
    case 'breaker_open':
      return breakerVerdict(gateway_id, input).detail
    default:
      return null
  }
}

/** The Card API's code when no route is left: nothing fits; all that fits was excluded or tried; or it may not be used now. */
export function emptyCode(reasons: readonly FilterReason[]): 'F.2001' | 'F.2002' | 'F.2003' {
  if (reasons.every((reason) => unfit.has(reason))) return 'F.2001'
  const later = reasons.some(
    (reason) => !unfit.has(reason) && reason !== 'excluded_by_merchant' && reason !== 'already_tried',
  )
  return later ? 'F.2003' : 'F.2002'
}
