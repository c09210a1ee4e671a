/** What a payment is expected to cost on a route. Cascading rules, section 3.4. */
import { add, compare, type Fraction, fraction, multiply, parseFraction } from './fraction.ts'

/** What the provider asks for one payment; minor units of the tariff's own currency. */
export type Tariff = {
  readonly currency: string
  /** Percent of the amount, decimal text. */
  readonly rate_percent: string
  readonly fix_minor: bigint
  readonly min_minor: bigint | null
  readonly max_minor: bigint | null
}

/** What is known of money when routes are compared. */
export type Prices = {
  /** Decimals by currency. */
  readonly exponents: ReadonlyMap<string, number>
  /** Units of the payment's currency for one unit of a tariff's currency, decimal text. */
  readonly rates: ReadonlyMap<string, string>
}

/**
 * `clamp(amount · rate + fix, min, max)` in minor units of the payment's currency, exact. `null` when there is no tariff, or no
 * way to convert it.
 */
export function expectedCost(
  tariff: Tariff | null,
  amount_minor: bigint,
  currency: string,
  { exponents, rates }: Prices,
): Fraction | null {
  if (tariff === null) return null
  const unit = unitOf(tariff.currency, currency, exponents, rates)
  if (unit === null) return null
  const { rate_percent, fix_minor, min_minor, max_minor } = tariff
  const converted = (minor: bigint): Fraction => multiply(fraction(minor), unit)
  const share = multiply(fraction(amount_minor, 100n), parseFraction(rate_percent))
  let cost = add(share, converted(fix_minor))
  if (min_minor !== null) cost = larger(cost, converted(min_minor))
  if (max_minor !== null) cost = smaller(cost, converted(max_minor))
  return cost
}

/** Minor units of the payment's currency for one minor unit of the tariff's. */
function unitOf(from: string, to: string, exponents: Prices['exponents'], rates: Prices['rates']): Fraction | null {
  if (from === to) return fraction(1n)
  const [rate, down, up] = [rates.get(from), exponents.get(from), exponents.get(to)]
  if (rate === undefined || down === undefined || up === undefined) return null
  return multiply(parseFraction(rate), fraction(10n ** BigInt(up), 10n ** BigInt(down)))
}

function larger(a: Fraction, b: Fraction): Fraction {
  return compare(a, b) < 0 ? b : a
}

function smaller(a: Fraction, b: Fraction): Fraction {
  return compare(a, b) > 0 ? b : a
}
