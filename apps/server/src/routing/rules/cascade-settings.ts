/** The limits one payment's cascade runs under. Cascading rules, sections 8 and 15: a level may only be stricter. */
import type { CascadeOverrides } from '../scheme.ts'
import type { DeclineOverride } from './classify-decline.ts'
import { type NetworkLimits, networkCeilings } from './network-guard.ts'

export type CascadeSettings = {
  readonly cascading: boolean
  /** The first attempt included, attempts that were never sent not counted. */
  readonly max_attempts: number
  /** All attempts, those never sent included. */
  readonly max_routes: number
  readonly time_budget_ms: number
  readonly cascade_on_acquirer_risk: boolean
  /** Of all levels; where several speak of a code, the strictest that is allowed counts. */
  readonly class_overrides: readonly DeclineOverride[]
  readonly excluded_routes: readonly number[]
  readonly network_limits: NetworkLimits
}

const defaults = {
  card: { max_attempts: 3, max_routes: 10, time_budget_s: 20 },
  connection: { max_attempts: 10, max_routes: 20, time_budget_s: 30 },
} as const

/** Platform defaults by kind of route. */
export type RouteKind = keyof typeof defaults

export type SettingLevels = {
  readonly kind: RouteKind
  /** Flow of the service; `test` never fails over. */
  readonly flow: string | null
  /** The account's *Attempts limit*: further attempts after the first. */
  readonly attempts_limit: number
  /** Settings of platform, account and scheme, in this order; left out = none. */
  readonly above?: readonly CascadeOverrides[]
  /** Settings of the rule that routed the payment; `null` = no rule. */
  readonly rule: CascadeOverrides | null
}

/** Merges the levels: limits only shrink, lists add up, and of a switch the level nearest to the payment decides. */
export function cascadeSettings({ kind, flow, attempts_limit, above = [], rule }: SettingLevels): CascadeSettings {
  const platform = defaults[kind]
  const levels = rule ? [...above, rule] : above
  const least = (key: NumberKey, usual: number): number => Math.min(usual, ...levels.map((one) => one[key] ?? usual))
  const nearest = (key: SwitchKey, usual: boolean): boolean => levels.reduce((before, one) => one[key] ?? before, usual)
  return {
    cascading: flow !== 'test' && nearest('cascading', true),
    max_attempts: Math.max(1, Math.min(attempts_limit + 1, least('max_attempts', platform.max_attempts))),
    max_routes: platform.max_routes,
    time_budget_ms: least('time_budget_s', platform.time_budget_s) * 1000,
    cascade_on_acquirer_risk: nearest('cascade_on_acquirer_risk', false),
    class_overrides: levels.flatMap(({ class_overrides }) => class_overrides ?? []),
    excluded_routes: levels.flatMap(({ excluded_routes }) => excluded_routes ?? []),
    network_limits: {
      visa_30d_limit: least('visa_30d_limit', networkCeilings.visa_30d_limit),
      mastercard_24h_limit: least('mastercard_24h_limit', networkCeilings.mastercard_24h_limit),
      mastercard_30d_limit: least('mastercard_30d_limit', networkCeilings.mastercard_30d_limit),
    },
  }
}

type NumberKey = 'max_attempts' | 'time_budget_s' | keyof NetworkLimits
type SwitchKey = 'cascading' | 'cascade_on_acquirer_risk'
