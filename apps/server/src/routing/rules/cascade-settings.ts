/** The limits one payment's cascade runs under. Cascading rules, sections 8 and 15: a level may only be stricter. */
import type { CascadeOverrides } from '../scheme.ts'
import type { DeclineOverride } from './classify-decline.ts'

export type CascadeSettings = {
  readonly cascading: boolean
  /** The first attempt included, attempts that were never sent not counted. */
  readonly max_attempts: number
  /** All attempts, those never sent included. */
  readonly max_routes: number
  readonly time_budget_ms: number
  readonly cascade_on_acquirer_risk: boolean
  readonly class_overrides: readonly DeclineOverride[]
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
  /** Settings of the rule that routed the payment; `null` = no rule. */
  readonly rule: CascadeOverrides | null
}

/** Merges the levels. */
export function cascadeSettings({ kind, flow, attempts_limit, rule }: SettingLevels): CascadeSettings {
  const platform = defaults[kind]
  return {
    cascading: flow !== 'test' && (rule?.cascading ?? true),
    max_attempts: Math.max(
      1,
      Math.min(platform.max_attempts, attempts_limit + 1, rule?.max_attempts ?? platform.max_attempts),
    ),
    max_routes: platform.max_routes,
    time_budget_ms: Math.min(platform.time_budget_s, rule?.time_budget_s ?? platform.time_budget_s) * 1000,
    cascade_on_acquirer_risk: rule?.cascade_on_acquirer_risk ?? false,
    class_overrides: rule?.class_overrides ?? [],
  }
}
