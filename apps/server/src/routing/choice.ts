/** What goes into a routing run and what comes out of it. Cascading rules, section 14. */
import type { Gateway } from './gateway.ts'
import type { Breaker } from './rules/breaker.ts'
import type { DecidingLeaf } from './rules/conditions.ts'
import type { DeclineClass } from './rules/decline-class.ts'
import type { RoutingFacts } from './rules/facts.ts'
import type { FilterInput, FilterReason } from './rules/filter-candidates.ts'
import type { RouteCount } from './rules/strategies/conversion.ts'
import type { Prices } from './rules/strategies/cost.ts'
import type { Draw } from './rules/strategies/order.ts'
import type { CascadeOverrides, RankedStrategy, Scheme, Strategy } from './scheme.ts'

/** The attempt before a hop, with what was said of it. */
export type PreviousAttempt = {
  readonly attempt: number
  readonly gateway_id: number
  readonly class: DeclineClass
  readonly signals: readonly { readonly kind: string; readonly code: string; readonly class: DeclineClass | null }[]
  /** Hops this class has caused / may cause, such as `1/1`. */
  readonly quota?: string
}

export type RoutingInput = {
  readonly payment_id: string
  readonly binding_id?: string | null
  /** Routing run of the payment, from 1. */
  readonly run: number
  /** 1 for the first attempt; part of the draw. */
  readonly hop: number
  readonly version_id: string
  readonly scheme: Scheme
  readonly gateways: ReadonlyMap<number, Gateway>
  readonly facts: RoutingFacts
  /** Gateways this payment has used. */
  readonly tried: readonly number[]
  /** Gateways the merchant excludes. */
  readonly excluded: readonly number[]
  readonly last_class: DeclineClass | null
  readonly last_domain: string | null
  /** Breakers by `breakerKey`, those that have ever opened; left out = none has. */
  readonly breakers?: ReadonlyMap<string, Breaker>
  /** What else speaks against a gateway now; left out = nothing. */
  readonly barred?: NonNullable<FilterInput['barred']>
  /** For `cost`: decimals and reference rates; left out = only tariffs in the payment's currency count. */
  readonly prices?: Prices
  /** For `conversion`: counts by `countKey`; left out = nothing was counted. */
  readonly statistics?: ReadonlyMap<string, RouteCount>
  readonly draw: Draw
  readonly at: Date
  /** The rest is for the record only. */
  readonly previous?: PreviousAttempt | null
  /** Used / allowed, such as `{attempts: '1/3', time_ms: '1840/20000'}`. */
  readonly limits?: Readonly<Record<string, string>>
}

export type Choice = {
  readonly chosen: Gateway | null
  readonly failure: 'strategy_received_no_routes' | 'strategy_configured_routes_were_filtered' | null
  /** The Card API's code when nothing was chosen. */
  readonly unified_code: 'F.2001' | 'F.2002' | 'F.2003' | null
  readonly rule_id: string | null
  /** Settings the winning rule tightens; `{}` when no rule won. */
  readonly cascade: CascadeOverrides
  /** The chosen gateway's breaker is half-open: it may be called only once its probe is claimed. */
  readonly probe: boolean
  /** Builds the explanation; plain JSON. Costs more than the choice itself: call it once, when it is to be stored. */
  readonly record: () => RoutingRecord
}

export type RecordedRoute = {
  readonly gateway_id: number
  readonly result: 'candidate' | FilterReason
  readonly detail?: string
  /** Weight; expected cost in minor units of the payment's currency; smoothed rate of approvals. `null` = not known. */
  readonly score?: number | string | null
  /** What a cost or conversion order is made of, exactly. */
  readonly known?: {
    readonly priority: number
    readonly cost: string | null
    readonly approved: number
    readonly counted: number
  }
  /** Place in the order; by weight only the drawn one has a place. */
  readonly rank?: number
}

export type SkippedRule = {
  readonly rule_id: string
  readonly because: 'inactive' | 'conditions' | 'no_candidates'
  /** First leaf that did not hold. */
  readonly leaf?: DecidingLeaf
  readonly routes?: readonly RecordedRoute[]
}

export type RecordedStrategy = Pick<RankedStrategy, 'then' | 'tolerance_percent' | 'explore_percent'> & {
  readonly type: Strategy['type']
}

export type RecordedRefusal = {
  /** Of the Card API: a repeat is forbidden, or the ceiling of declined attempts is reached. */
  readonly code: 'F.2004' | 'F.2005'
  /** Scope of the block and the code that set it; `null` = a ceiling. */
  readonly block: { readonly scope: string; readonly reason: string; readonly ends_at: string | null } | null
  /** Name of the ceiling and counted / allowed, such as `visa_30d` `20/20`; `null` = a block. */
  readonly ceiling: { readonly name: string; readonly used: string } | null
}

export type RoutingRecord = {
  readonly payment_id: string
  readonly binding_id: string | null
  readonly run: number
  readonly at: string
  readonly scheme_version: string
  /** `null` = no rule won; the strategy is then that of `on_no_rule`. */
  readonly rule_id: string | null
  readonly rules_skipped: readonly SkippedRule[]
  readonly context: Readonly<Record<string, string | number | boolean | null>>
  readonly strategy: RecordedStrategy | null
  readonly routes: readonly RecordedRoute[]
  readonly draw: { readonly hop: number; readonly u: string; readonly x: number; readonly W: number } | null
  /** Strategy conversion: this payment tried its routes by equal chance. */
  readonly explore?: boolean
  readonly chosen: number | null
  readonly previous: PreviousAttempt | null
  /** Code of the hop decision; `null` before the first attempt, but for one that the networks forbid. */
  readonly decision: 'hop' | 'stop_no_candidates' | 'stop_network' | null
  /** Why the networks forbid an attempt with this card; no route was looked at. */
  readonly network?: RecordedRefusal
  readonly failure: Choice['failure']
  readonly limits: Readonly<Record<string, string>>
  readonly editions: readonly string[]
}
