/** Orders candidates by what they cost or how often they approve. Cascading rules, sections 3.4, 3.5 and 3.7. */
import type { RankedStrategy } from '../../scheme.ts'
import { type RouteCount, smoothedRates } from './conversion.ts'
import { compare, type Fraction, fraction, multiply } from './fraction.ts'
import { type Draw, takeFirst, type WeightDraw } from './order.ts'

/** What is known of a candidate, in the order the rule writes them. */
export type RankFacts = {
  readonly gateway_id: number
  /** Higher first where everything else is equal. */
  readonly priority: number
  /** `null` = not known: comes last. */
  readonly cost: Fraction | null
  readonly count: RouteCount
}

export type RankOrder = Pick<RankedStrategy, 'type' | 'then' | 'tolerance_percent' | 'explore_percent'>

export type Ranking = {
  /** Gateway ids, best first; of an exploring payment only the drawn one. */
  readonly order: readonly number[]
  /** The value the strategy ordered by. */
  readonly scores: ReadonlyMap<number, Fraction | null>
  /** This payment tries routes by equal chance instead. */
  readonly explore: boolean
  readonly draw: WeightDraw | null
}

export type RankRun = {
  readonly draw: Draw
  /** Text of the hop's draw, and of the one that says whether the payment explores. */
  readonly hop_text: string
  readonly explore_text: string
}

export const explorePercent = 5

/** `candidates` is not empty. */
export function rankCandidates(strategy: RankOrder, candidates: readonly RankFacts[], run: RankRun): Ranking {
  const scores = scoresOf(strategy.type, candidates)
  if (explores(strategy, run)) {
    const even = candidates.map(({ gateway_id }) => ({ gateway_id, weight: 1 }))
    const { index, draw } = takeFirst('weight', even, run.draw, run.hop_text)
    return { order: [candidates[index]?.gateway_id as number], scores, explore: true, draw }
  }
  const order = ordered(strategy, candidates, scores).map(({ gateway_id }) => gateway_id)
  return { order, scores, explore: false, draw: null }
}

function explores({ type, explore_percent = explorePercent }: RankOrder, run: RankRun): boolean {
  if (type !== 'conversion' || explore_percent === 0) return false
  return run.draw(run.explore_text) * 100n < BigInt(explore_percent) << 64n
}

type Scores = ReadonlyMap<number, Fraction | null>
type By = RankOrder['type']

function scoresOf(type: By, candidates: readonly RankFacts[]): Scores {
  if (type === 'cost') return new Map(candidates.map(({ gateway_id, cost }) => [gateway_id, cost]))
  const rates = smoothedRates(candidates.map(({ count }) => count))
  return new Map(candidates.map(({ gateway_id }, index) => [gateway_id, rates[index] as Fraction]))
}

/** Best first: low costs, high rates. What is not known comes last. */
function better(type: By, a: Fraction | null, b: Fraction | null): number {
  if (a === null || b === null) return (a === null ? 1 : 0) - (b === null ? 1 : 0)
  return type === 'cost' ? compare(a, b) : compare(b, a)
}

function lastTie(a: RankFacts, b: RankFacts): number {
  return b.priority - a.priority || a.gateway_id - b.gateway_id
}

function ordered({ type, then, tolerance_percent = 0 }: RankOrder, candidates: readonly RankFacts[], scores: Scores) {
  const scoreOf = ({ gateway_id }: RankFacts): Fraction | null => scores.get(gateway_id) ?? null
  const left = [...candidates].sort((a, b) => better(type, scoreOf(a), scoreOf(b)) || lastTie(a, b))
  if (then === undefined) return left
  const second = secondOrder(then, candidates)
  const order: RankFacts[] = []
  while (left.length > 0) {
    const best = scoreOf(left[0] as RankFacts)
    const end = left.findIndex((one) => !isClose(type, scoreOf(one), best, tolerance_percent))
    order.push(...left.splice(0, end === -1 ? left.length : end).sort(second))
  }
  return order
}

function secondOrder(then: NonNullable<RankOrder['then']>, candidates: readonly RankFacts[]) {
  if (then === 'priority') return (a: RankFacts, b: RankFacts) => candidates.indexOf(a) - candidates.indexOf(b)
  const scores = scoresOf(then, candidates)
  return (a: RankFacts, b: RankFacts) =>
    better(then, scores.get(a.gateway_id) ?? null, scores.get(b.gateway_id) ?? null) || lastTie(a, b)
}

/** Within so many percent of the best. */
function isClose(type: By, value: Fraction | null, best: Fraction | null, tolerance_percent: number): boolean {
  if (value === null || best === null) return value === best
  const share = type === 'cost' ? 100 + tolerance_percent : 100 - tolerance_percent
  const edge = multiply(best, fraction(BigInt(share), 100n))
  return type === 'cost' ? compare(value, edge) <= 0 : compare(value, edge) >= 0
}
