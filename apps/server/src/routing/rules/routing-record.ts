/** The explanation of a routing run, from its trace; and the same choice again from a stored explanation. */
import type { Choice, RecordedRoute, RoutingInput, RoutingRecord, SkippedRule } from '../choice.ts'
import type { Trace, Tried } from './choose-route.ts'
import { type CompiledRule, compileScheme } from './compile-scheme.ts'
import { type DecidingLeaf, firstFalseLeaf } from './conditions.ts'
import { findField, shownValue } from './facts.ts'
import { breakerVerdict, detailOf, type FilterReason } from './filter-candidates.ts'
import { networkEditions } from './network-codes.ts'
import { type Draw, drawText, takeFirst } from './strategies/order.ts'

/** Plain JSON; amounts are text. */
export function routingRecord(input: RoutingInput, trace: Trace, failure: Choice['failure']): RoutingRecord {
  const decided = trace.tried.at(-1) ?? null
  const chosen = trace.chosen?.gateway_id ?? null
  return {
    payment_id: input.payment_id,
    binding_id: input.binding_id ?? null,
    run: input.run,
    at: input.at.toISOString(),
    scheme_version: input.version_id,
    rule_id: decided?.rule?.rule.id ?? null,
    rules_skipped: skippedRules(input, trace),
    context: contextOf(input, trace),
    strategy: decided ? { type: decided.strategy.type } : null,
    routes: decided ? recordedRoutes(decided, input, chosen) : [],
    draw: trace.draw ? { hop: input.hop, u: String(trace.draw.u), x: trace.draw.x, W: trace.draw.sum } : null,
    chosen,
    previous: input.previous ?? null,
    decision: input.previous ? (chosen === null ? 'stop_no_candidates' : 'hop') : null,
    failure,
    limits: input.limits ?? {},
    editions: editionsOf(input),
  }
}

function recordedRoutes(tried: Tried, input: RoutingInput, chosen: number | null): RecordedRoute[] {
  let rank = 0
  return tried.strategy.routes.map(({ gateway_id, weight }, index): RecordedRoute => {
    const reason = tried.reasons[index] as FilterReason | null
    const score = weight === null ? {} : { score: weight }
    if (reason !== null) {
      const detail = detailOf(reason, gateway_id, input)
      return { gateway_id, result: reason, ...(detail === null ? {} : { detail }), ...score }
    }
    rank += 1
    const { detail } = breakerVerdict(gateway_id, input)
    const candidate = { gateway_id, result: 'candidate', ...(detail === null ? {} : { detail }) } as const
    if (tried.strategy.type !== 'weight') return { ...candidate, rank }
    return { ...candidate, ...score, ...(gateway_id === chosen ? { rank: 1 } : {}) }
  })
}

function skippedRules(input: RoutingInput, trace: Trace): SkippedRule[] {
  const { asked, tried } = trace
  const skipped: SkippedRule[] = []
  const decided = tried.at(-1)?.rule ?? null
  for (const rule of rulesLookedAt(input, trace)) {
    if (rule === decided) continue
    const { id: rule_id, active, conditions } = rule.rule
    const passed = tried.find((one) => one.rule === rule)
    if (passed) skipped.push({ rule_id, because: 'no_candidates', routes: recordedRoutes(passed, input, null) })
    else if (!active) skipped.push({ rule_id, because: 'inactive' })
    else {
      const leaf = firstFalseLeaf(conditions, asked)
      skipped.push({ rule_id, because: 'conditions', ...(leaf ? { leaf: shortened(leaf) } : {}) })
    }
  }
  return skipped
}

/** All rules up to the deciding one, and those below it when it had no candidate and let the next ones try. */
function rulesLookedAt(input: RoutingInput, { tried, chosen }: Trace): readonly CompiledRule[] {
  const { rules } = compileScheme(input.scheme)
  const decided = tried.at(-1)?.rule ?? null
  if (decided === null || (chosen === null && decided.rule.on_empty === 'next_rule')) return rules
  return rules.slice(0, rules.indexOf(decided) + 1)
}

const recordedValues_max = 20

function shortened(leaf: DecidingLeaf): DecidingLeaf {
  if (typeof leaf.value !== 'object' || leaf.value.length <= recordedValues_max) return leaf
  return { ...leaf, value: leaf.value.slice(0, recordedValues_max) }
}

const alwaysShown = ['amount', 'currency', 'method', 'operation', 'test', 'card.brand', 'card.issuer_country']

/** All fields that the rules up to the deciding one ask for, and those the filter looks at. */
function contextOf(input: RoutingInput, trace: Trace): RoutingRecord['context'] {
  const names = new Set(alwaysShown)
  for (const rule of rulesLookedAt(input, trace)) {
    if (rule.rule.active) for (const name of rule.fields) names.add(name)
  }
  const shown: [string, string | number | boolean | null][] = []
  for (const name of names) {
    const value = findField(name)?.read(trace.asked) ?? null
    if (value !== null) shown.push([name, shownValue(name, value)])
  }
  return Object.fromEntries(shown)
}

function editionsOf({ facts }: RoutingInput): string[] {
  if (facts.card === null) return []
  const brand = facts.card.brand?.toLowerCase()
  if (brand === 'visa') return [networkEditions.visa]
  if (brand === 'mastercard' || brand === 'maestro') return [networkEditions.mastercard]
  return [networkEditions.visa, networkEditions.mastercard]
}

/** The gateway the record's own contents lead to; equal to `record.chosen` unless the record was changed. */
export function replayRecord(record: RoutingRecord, draw: Draw): number | null {
  if (record.strategy === null) return null
  const candidates = record.routes
    .filter(({ result }) => result === 'candidate')
    .map(({ gateway_id, score }) => ({ gateway_id, weight: score ?? null }))
  if (candidates.length === 0) return null
  const text = drawText(record.payment_id, record.scheme_version, record.draw?.hop ?? 0)
  const { index } = takeFirst(record.strategy.type, candidates, draw, text)
  return candidates[index]?.gateway_id ?? null
}
