/** How often a route approves, smoothed so that few payments prove little. Cascading rules, section 3.5. */
import { type Fraction, fraction } from './fraction.ts'

/** Attempts of the last 24 hours that say something about the route. */
export type RouteCount = { readonly approved: number; readonly counted: number }

/** A card's own cell counts from so many on; below it the route as a whole speaks. */
export const cellCounted_min = 100

/** Payments' worth of the common rate that each route starts with. */
const k = 50

export type CountKey = {
  readonly gateway_id: number
  readonly method: string
  readonly currency: string
}

export type CardCell = { readonly brand: string | null; readonly issuer_country: string | null }

/** Key of a route's counts in all, or of its counts for one kind of card. */
export function countKey({ gateway_id, method, currency }: CountKey, cell: CardCell | null = null): string {
  const whole = `${gateway_id}:${method}:${currency}`
  return cell === null ? whole : `${whole}:${cell.brand ?? ''}:${cell.issuer_country ?? ''}`
}

/** The counts that speak for the route and this card (`null` = no card). */
export function countOf(
  statistics: ReadonlyMap<string, RouteCount>,
  route: CountKey,
  card: CardCell | null,
): RouteCount {
  const own = card === null ? undefined : statistics.get(countKey(route, card))
  if (own && own.counted >= cellCounted_min) return own
  return statistics.get(countKey(route)) ?? { approved: 0, counted: 0 }
}

/** `(approved + k · p0) / (counted + k)` for each, p0 being the rate of all together (a half when nothing was counted). */
export function smoothedRates(counts: readonly RouteCount[]): Fraction[] {
  let approved = 0
  let counted = 0
  for (const one of counts) {
    approved += one.approved
    counted += one.counted
  }
  const [p, q] = counted === 0 ? [1, 2] : [approved, counted]
  return counts.map((one) => fraction(BigInt(one.approved * q + k * p), BigInt((one.counted + k) * q)))
}
