/** A routing run told in one sentence, from its stored record alone. Cascading rules, section 14. */
import type { PreviousAttempt, RecordedRefusal, RecordedRoute, RoutingRecord } from '../choice.ts'
import type { FilterReason } from './filter-candidates.ts'
import { networkCodes } from './network-codes.ts'

const reasonWords: Readonly<Record<FilterReason, string>> = {
  route_inactive: 'not active',
  mode_mismatch: 'other mode',
  method_unsupported: 'does not take the method',
  currency_unsupported: 'does not take the currency',
  operation_unsupported: 'cannot do the operation',
  brand_unsupported: 'does not take the card brand',
  country_unsupported: 'does not take the country',
  amount_below_min: 'amount too small',
  amount_above_max: 'amount too large',
  excluded_by_merchant: 'excluded',
  already_tried: 'already tried',
  same_failure_domain: 'fails together with the one before',
  misconfigured: 'set up wrongly',
  throttled: 'not to be asked for a moment',
  breaker_open: 'breaker open',
  rate_stale: 'has no fresh exchange rate',
  balance_not_positive: 'has no balance',
  balance_insufficient: 'has too little balance',
  daily_amount_limit: 'has taken enough for today',
  daily_count_limit: 'has taken enough payments for today',
  lifetime_too_short: 'the payment ends too soon',
  weight_zero: 'its weight is 0',
}

/**
 * Such as `408 declined with 96 (system malfunction) → may cascade; 409 skipped: amount too small (amount 100, least 500);
 * 410 chosen (priority 3)`. Names gateways by their ids; tells no weights, so that a merchant may read it too.
 */
export function explainRun(record: RoutingRecord): string {
  if (record.network) return refusalWords(record.network)
  const before = record.previous ? [previousWords(record.previous)] : []
  const passed = record.rules_skipped.flatMap((rule) =>
    rule.because === 'no_candidates' && rule.routes
      ? [...skippedWords(rule.routes, record.previous), `rule ${rule.rule_id} has no route left → next rule`]
      : [],
  )
  return [...before, ...passed, ...skippedWords(record.routes, record.previous), resultWords(record)].join('; ')
}

function refusalWords({ block, ceiling }: RecordedRefusal): string {
  if (ceiling)
    return `not tried: the card network allows no more declined attempts with this card (${ceiling.name} ${ceiling.used})`
  if (!block) return 'not tried: the card network forbids it'
  const until = block.ends_at === null ? '' : ` until ${block.ends_at}`
  const code = block.reason.slice(block.reason.indexOf(' ') + 1)
  return `not tried: forbidden${until} after ${code} (${block.scope.replace('_', ' ')})`
}

function previousWords(previous: PreviousAttempt): string {
  const { gateway_id, class: decided } = previous
  if (decided === 'unreachable') return `${gateway_id} was not reached → may cascade`
  return `${gateway_id} declined with ${signalWords(previous)} → may cascade`
}

/** The signal that decided the class, in the words of the card networks where it has some. */
function signalWords({ signals, class: decided }: PreviousAttempt): string {
  const deciding = signals.filter((signal) => signal.class === decided)
  const signal = deciding.find(({ kind }) => kind === 'network_code') ?? deciding[0] ?? signals[0]
  const name = decided.replaceAll('_', ' ')
  if (!signal) return `class ${name}`
  const meaning = signal.kind === 'network_code' ? networkCodes.get(signal.code)?.meaning : undefined
  return `${signal.code} (${meaning ?? name})`
}

/** Every route that was left out, but the one that has just been spoken of. */
function skippedWords(routes: readonly RecordedRoute[], previous: PreviousAttempt | null): string[] {
  return routes.flatMap(({ gateway_id, result, detail }) => {
    if (result === 'candidate' || (result === 'already_tried' && gateway_id === previous?.gateway_id)) return []
    if (result === 'breaker_open' && detail !== undefined) return [`${gateway_id} skipped: breaker ${detail}`]
    return [`${gateway_id} skipped: ${reasonWords[result]}${detail === undefined ? '' : ` (${detail})`}`]
  })
}

function resultWords({ chosen, failure, strategy, routes, explore }: RoutingRecord): string {
  if (chosen === null) return failure === 'strategy_received_no_routes' ? 'no rule holds' : 'no route left'
  const place = routes.findIndex(({ gateway_id }) => gateway_id === chosen) + 1
  if (strategy?.type === 'priority') return `${chosen} chosen (priority ${place})`
  if (strategy?.type === 'weight') return `${chosen} chosen (drawn by weight)`
  if (strategy?.type === 'cost') return `${chosen} chosen (lowest cost)`
  if (strategy?.type === 'conversion')
    return explore ? `${chosen} chosen (drawn to learn more)` : `${chosen} chosen (approves most)`
  return `${chosen} chosen (the only route)`
}
