/** After an attempt got a final state: does the cascade go on? Cascading rules, section 10; the first matching line decides. */
import { classRules, type DeclineClass } from './decline-class.ts'

export type HopDecision =
  | 'win'
  | 'wait_undecided'
  | 'stop_payment_closed'
  | 'stop_payer_acted'
  | `stop_class_${DeclineClass}`
  | `stop_quota_${DeclineClass}`
  | 'stop_network'
  | 'stop_max_attempts'
  | 'stop_time_budget'
  | 'step_up'
  | 'stop_merchant_drives'
  | 'stop_off'
  | 'stop_no_candidates'
  | 'hop'

export type HopFacts = {
  readonly approved: boolean
  /** Another attempt of this payment may still charge the payer. */
  readonly another_undecided: boolean
  /** The payment is decided, cancelled, or its lifetime is over. */
  readonly payment_closed: boolean
  /** The payer was sent to a challenge or a page, or saw requisites. */
  readonly payer_acted: boolean
  /** Class of the decided attempt; `null` only when it is approved. */
  readonly class: DeclineClass | null
  /** How many hops and step-ups of this payment each class has caused so far. */
  readonly hops_by_class: Readonly<Partial<Record<DeclineClass, number>>>
  /** A never-retry block or a ceiling of the card network now applies. */
  readonly network_blocked: boolean
  /** Attempts of this payment so far, without those that were never sent. */
  readonly attempts: number
  readonly max_attempts: number
  /** Attempts of this payment so far, all of them. */
  readonly routes_touched: number
  readonly max_routes: number
  readonly time_left_ms: number
  /** The attempt went without 3-D Secure, the payer is there, and the route can ask for it. */
  readonly step_up_possible: boolean
  /** The merchant names the gateways himself (Card API). */
  readonly merchant_drives: boolean
  readonly cascading: boolean
  readonly cascade_on_acquirer_risk: boolean
  /** Does the filter leave a route? Asked last, and only when everything else allows a hop. */
  readonly hasCandidate: () => boolean
}

/** No attempt starts with less than this left of the time budget. */
export const attempt_slice_ms = 3000

/** The code of the decision, to be stored with the attempt. */
export function hopDecision(facts: HopFacts): HopDecision {
  if (facts.approved) return 'win'
  if (facts.another_undecided) return 'wait_undecided'
  if (facts.payment_closed) return 'stop_payment_closed'
  if (facts.payer_acted) return 'stop_payer_acted'
  const name = facts.class ?? 'unknown'
  const rule = classRules[name]
  const steps_up = rule.step_up && facts.step_up_possible
  const switched_on = rule.hop_switch !== null && facts[rule.hop_switch]
  if (!(rule.hop || steps_up || switched_on)) return `stop_class_${name}`
  if (rule.quota !== null && (facts.hops_by_class[name] ?? 0) >= rule.quota) return `stop_quota_${name}`
  if (facts.network_blocked) return 'stop_network'
  if (facts.attempts >= facts.max_attempts || facts.routes_touched >= facts.max_routes) return 'stop_max_attempts'
  if (facts.time_left_ms < attempt_slice_ms) return 'stop_time_budget'
  if (steps_up) return 'step_up'
  if (facts.merchant_drives) return 'stop_merchant_drives'
  if (!facts.cascading) return 'stop_off'
  return facts.hasCandidate() ? 'hop' : 'stop_no_candidates'
}
