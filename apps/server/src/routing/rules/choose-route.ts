/**
 * Chooses the gateway for the next attempt: first rule that holds, filter, strategy. Cascading rules, sections 2 to 4 and 14.
 * Pure and repeatable: the same input gives the same choice, and the record says why.
 */
import type { Choice, RoutingInput } from '../choice.ts'
import { type CompiledRule, type CompiledStrategy, compileScheme } from './compile-scheme.ts'
import type { Asked } from './facts.ts'
import { breakerVerdict, emptyCode, type FilterInput, type FilterReason, reasonAgainst } from './filter-candidates.ts'
import { routingRecord } from './routing-record.ts'
import { countOf, type RouteCount } from './strategies/conversion.ts'
import { expectedCost, type Prices } from './strategies/cost.ts'
import { type Candidate, drawText, exploreText, randomBucket, takeFirst, type WeightDraw } from './strategies/order.ts'
import { type RankFacts, type Ranking, type RankRun, rankCandidates } from './strategies/rank.ts'

/** A rule, or `on_no_rule`, whose routes went through the filter. */
export type Tried = {
  /** `null` = on_no_rule. */
  readonly rule: CompiledRule | null
  readonly strategy: CompiledStrategy
  /** One per route of the strategy; `null` = candidate. */
  readonly reasons: readonly (FilterReason | null)[]
  readonly candidates: readonly Candidate[]
}

/** How the choice came about. */
export type Trace = {
  readonly asked: Asked
  /** Rules that won, those passed over for want of a candidate first; the last one decides. */
  readonly tried: readonly Tried[]
  readonly chosen: Candidate | null
  readonly draw: WeightDraw | null
  /** Of a strategy that orders by what is known of the routes. */
  readonly ranking: Ranking | null
}

/** The choice for one attempt. Throws only when the scheme was never validated. */
export function chooseRoute(input: RoutingInput): Choice {
  const scheme = compileScheme(input.scheme)
  const asked = askedOf(input)
  const tried: Tried[] = []
  for (const rule of scheme.rules) {
    if (!rule.rule.active || !rule.holds(asked)) continue
    const filtered = filterStrategy(rule, rule.strategy, input)
    tried.push(filtered)
    if (filtered.candidates.length > 0) return found(input, asked, tried, filtered)
    if (rule.rule.on_empty === 'fail') return nothing(input, asked, tried)
  }
  if (scheme.on_no_rule === null) return nothing(input, asked, tried)
  const filtered = filterStrategy(null, scheme.on_no_rule, input)
  tried.push(filtered)
  return filtered.candidates.length > 0 ? found(input, asked, tried, filtered) : nothing(input, asked, tried)
}

function askedOf(input: RoutingInput): Asked {
  let bucket: number | null = null
  return {
    facts: input.facts,
    randomBucket() {
      bucket ??= randomBucket(input.draw, input.payment_id, input.scheme.id)
      return bucket
    },
  }
}

function filterStrategy(rule: CompiledRule | null, strategy: CompiledStrategy, input: RoutingInput): Tried {
  const excluded_routes = rule?.rule.cascade.excluded_routes
  const filter: FilterInput = excluded_routes ? { ...input, excluded: [...input.excluded, ...excluded_routes] } : input
  const reasons: (FilterReason | null)[] = []
  const candidates: Candidate[] = []
  for (const route of strategy.routes) {
    const reason = reasonAgainst(route.gateway_id, route.weight, filter)
    reasons.push(reason)
    if (reason === null) candidates.push(route)
  }
  return { rule, strategy, reasons, candidates }
}

function found(input: RoutingInput, asked: Asked, tried: readonly Tried[], winner: Tried): Choice {
  const text = drawText(input.payment_id, input.version_id, input.hop)
  const { ranked } = winner.strategy
  const ranking = ranked && rankCandidates(ranked, rankFacts(winner.candidates, input), rankRun(input))
  const first = ranking ?? takeFirst(winner.strategy.type, winner.candidates, input.draw, text)
  const index =
    'index' in first ? first.index : winner.candidates.findIndex(({ gateway_id }) => gateway_id === first.order[0])
  const chosen = winner.candidates[index] as Candidate
  const trace: Trace = { asked, tried, chosen, draw: first.draw, ranking }
  return {
    chosen: input.gateways.get(chosen.gateway_id) ?? null,
    failure: null,
    unified_code: null,
    rule_id: winner.rule?.rule.id ?? null,
    cascade: winner.rule?.rule.cascade ?? {},
    probe: breakerVerdict(chosen.gateway_id, input).result === 'probe',
    record: () => routingRecord(input, trace, null),
  }
}

/** What is known of the candidates, for strategies that order by it. */
export function rankFacts(candidates: readonly Candidate[], input: RoutingInput): RankFacts[] {
  const { gateways, facts, prices = noPrices, statistics = noStatistics } = input
  const { currency, amount_minor, card } = facts
  return candidates.map(({ gateway_id }) => {
    const gateway = gateways.get(gateway_id)
    return {
      gateway_id,
      priority: gateway?.priority ?? 0,
      cost: expectedCost(gateway?.tariff ?? null, amount_minor, currency, prices),
      count: countOf(statistics, { gateway_id, method: facts.method ?? '', currency }, card),
    }
  })
}

const noPrices: Prices = { exponents: new Map(), rates: new Map() }
const noStatistics: ReadonlyMap<string, RouteCount> = new Map()

function rankRun({ payment_id, version_id, hop, draw }: RoutingInput): RankRun {
  return { draw, hop_text: drawText(payment_id, version_id, hop), explore_text: exploreText(payment_id, version_id) }
}

function nothing(input: RoutingInput, asked: Asked, tried: readonly Tried[]): Choice {
  const failure = tried.length === 0 ? 'strategy_received_no_routes' : 'strategy_configured_routes_were_filtered'
  const trace: Trace = { asked, tried, chosen: null, draw: null, ranking: null }
  const last = tried.at(-1)
  return {
    chosen: null,
    failure,
    unified_code: emptyCode(tried.flatMap(({ reasons }) => reasons.filter((reason) => reason !== null))),
    rule_id: last?.rule?.rule.id ?? null,
    cascade: last?.rule?.rule.cascade ?? {},
    probe: false,
    record: () => routingRecord(input, trace, failure),
  }
}
