/** A routing scheme as it is written, stored and published. Contract of the engine: cascading rules, sections 2 and 3. */
import type { DeclineOverride } from './rules/classify-decline.ts'

/** One version of a scheme. `on_no_rule` decides when no rule's conditions hold. */
export type Scheme = {
  readonly id: string
  readonly name: string
  readonly kind: 'payment' | 'payout'
  /** IANA name; the hour, weekday and date of conditions are read in it. */
  readonly time_zone: string
  readonly rules: readonly Rule[]
  readonly on_no_rule: 'fail' | Strategy
  /** Settings of the cascade for every payment of the scheme; a rule's own stand below them. */
  readonly cascade?: CascadeOverrides
}

/** The first active rule whose conditions hold wins. */
export type Rule = {
  readonly id: string
  readonly name: string
  readonly active: boolean
  readonly conditions: Conditions
  readonly strategy: Strategy
  /** Settings of the cascade for payments of this rule; each may only be stricter than the account's. */
  readonly cascade: CascadeOverrides
  /** What happens when the filter leaves no route. */
  readonly on_empty: 'fail' | 'next_rule'
}

/** Tree of conditions; `{}` always holds. */
export type Conditions =
  | Readonly<Record<string, never>>
  | { readonly all: readonly Conditions[] }
  | { readonly any: readonly Conditions[] }
  | { readonly not: Conditions }
  | Leaf

export type Leaf = { readonly field: string; readonly op: Operator; readonly value?: LeafValue }

/** Amounts are minor units: a whole number, or decimal digits as text when a double cannot hold it. */
export type LeafValue = string | number | boolean | readonly (string | number)[]

export const operators = [
  'eq',
  'ne',
  'in',
  'not_in',
  'gt',
  'gte',
  'lt',
  'lte',
  'between',
  'is_empty',
  'not_empty',
] as const
export type Operator = (typeof operators)[number]

export type Strategy =
  | { readonly type: 'direct' | 'priority'; readonly routes: readonly StrategyRoute[] }
  | { readonly type: 'weight'; readonly routes: readonly WeightedRoute[] }
  | RankedStrategy

/** Orders its routes by what is known of them: lowest expected cost first, or highest rate of approvals first. */
export type RankedStrategy = {
  readonly type: 'cost' | 'conversion'
  readonly routes: readonly StrategyRoute[]
  /** Orders ties, and routes within the tolerance of the best; `priority` = as written. */
  readonly then?: 'cost' | 'conversion' | 'priority'
  /** Whole percent of the best value; only with `then`. Left out = 0. */
  readonly tolerance_percent?: number
  /** Share of payments that try routes by equal chance, 0–20; only of `conversion`. Left out = 5. */
  readonly explore_percent?: number
}

export type StrategyRoute = { readonly gateway_id: number }
/** Weight 0–1000; 0 = never. */
export type WeightedRoute = { readonly gateway_id: number; readonly weight: number }

/** Settings that platform, account, scheme and rule may tighten (cascading rules, section 15). Left out = as the level above. */
export type CascadeOverrides = {
  readonly cascading?: boolean
  readonly max_attempts?: number
  readonly time_budget_s?: number
  readonly cascade_on_acquirer_risk?: boolean
  readonly excluded_routes?: readonly number[]
  readonly class_overrides?: readonly DeclineOverride[]
  /** Declined attempts after which a card is not tried again; only below the networks' own ceilings. */
  readonly visa_30d_limit?: number
  readonly mastercard_24h_limit?: number
  readonly mastercard_30d_limit?: number
}

/** Id of a version as payments store it. */
export function versionId(scheme_id: string, number: number): string {
  return `${scheme_id}.v${number}`
}

/** The parts of a version id, or `null` when it is none. */
export function parseVersionId(version_id: string): { scheme_id: string; number: number } | null {
  const found = /^(.+)\.v([1-9]\d{0,8})$/.exec(version_id)
  return found ? { scheme_id: found[1] as string, number: Number(found[2]) } : null
}

/** Id of the scheme that stands in where an account has published none; no other scheme may have it. */
export const noSchemeId = 'none'
