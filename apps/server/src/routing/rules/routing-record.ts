/** The explanation of a routing run, from its trace; and the same choice again from a stored explanation. */
import type { Choice, RecordedRoute, RecordedStrategy, RoutingInput, RoutingRecord, SkippedRule } from '../choice.ts'
import { rankFacts, type Trace, type Tried } from './choose-route.ts'
import { type CompiledRule, type CompiledStrategy, compileScheme } from './compile-scheme.ts'
import { type DecidingLeaf, firstFalseLeaf } from './conditions.ts'
import { findField, shownValue } from './facts.ts'
import { breakerVerdict, detailOf, type FilterReason } from './filter-candidates.ts'
import { networkEditions } from './network-codes.ts'
import { decimalText, exactText, parseExact } from './strategies/fraction.ts'
import { type Draw, drawText, exploreText, takeFirst } from './strategies/order.ts'
import { type RankFacts, type Ranking, rankCandidates } from './strategies/rank.ts'

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
    strategy: decided ? recordedStrategy(decided.strategy) : null,
    routes: decided ? recordedRoutes(decided, input, trace) : [],
    draw: trace.draw ? { hop: input.hop, u: String(trace.draw.u), x: trace.draw.x, W: trace.draw.sum } : null,
    ...(trace.ranking && decided?.strategy.type === 'conversion' ? { explore: trace.ranking.explore } : {}),
    chosen,
    previous: input.previous ?? null,
    decision: input.previous ? (chosen === null ? 'stop_no_candidates' : 'hop') : null,
    failure,
    limits: input.limits ?? {},
    editions: editionsOf(input),
  }
}

function recordedStrategy({ type, ranked }: CompiledStrategy): RecordedStrategy {
  if (ranked === null) return { type }
  const { routes: _, ...options } = ranked
  return options
}

/** `trace` is that of the run where these routes decided; `null` where they were passed over. */
function recordedRoutes(tried: Tried, input: RoutingInput, trace: Trace | null): RecordedRoute[] {
  const chosen = trace?.chosen?.gateway_id ?? null
  const known = trace?.ranking ? new Map(rankFacts(tried.candidates, input).map((one) => [one.gateway_id, one])) : null
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
    const facts = known?.get(gateway_id)
    if (trace?.ranking && facts) return { ...candidate, ...rankedRoute(tried.strategy.type, facts, trace.ranking) }
    if (tried.strategy.type !== 'weight') return { ...candidate, rank }
    return { ...candidate, ...score, ...(gateway_id === chosen ? { rank: 1 } : {}) }
  })
}

const rateDecimals = 6
const costDecimals = 4

function rankedRoute(type: string, facts: RankFacts, ranking: Ranking): Omit<RecordedRoute, 'gateway_id' | 'result'> {
  const { gateway_id, priority, cost, count } = facts
  const score = ranking.scores.get(gateway_id) ?? null
  const place = ranking.order.indexOf(gateway_id) + 1
  return {
    score: score && decimalText(score, type === 'cost' ? costDecimals : rateDecimals),
    known: { priority, cost: cost && exactText(cost), ...count },
    ...(place > 0 ? { rank: place } : {}),
  }
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

/** Editions of the network tables that a payment is judged by. */
export function editionsOf({ facts }: RoutingInput): string[] {
  if (facts.card === null) return []
  const brand = facts.card.brand?.toLowerCase()
  if (brand === 'visa') return [networkEditions.visa]
  if (brand === 'mastercard' || brand === 'maestro') return [networkEditions.mastercard]
  return [networkEditions.visa, networkEditions.mastercard]
}

/** The gateway the record's own contents lead to; equal to `record.chosen` unless the record was changed. */
export function replayRecord(record: RoutingRecord, draw: Draw): number | null {
  if (record.strategy === null) return null
  const { strategy } = record
  const left = record.routes.filter(({ result }) => result === 'candidate')
  if (left.length === 0) return null
  const text = drawText(record.payment_id, record.scheme_version, record.draw?.hop ?? 0)
  if (strategy.type === 'cost' || strategy.type === 'conversion') {
    const run = { draw, hop_text: text, explore_text: exploreText(record.payment_id, record.scheme_version) }
    return rankCandidates({ ...strategy, type: strategy.type }, left.map(recordedFacts), run).order[0] ?? null
  }
  const candidates = left.map(({ gateway_id, score }) => ({
    gateway_id,
    weight: typeof score === 'number' ? score : null,
  }))
  const { index } = takeFirst(strategy.type, candidates, draw, text)
  return candidates[index]?.gateway_id ?? null
}

function recordedFacts({ gateway_id, known }: RecordedRoute): RankFacts {
  const { priority, cost, approved, counted } = known ?? { priority: 0, cost: null, approved: 0, counted: 0 }
  return { gateway_id, priority, cost: cost === null ? null : parseExact(cost), count: { approved, counted } }
}
