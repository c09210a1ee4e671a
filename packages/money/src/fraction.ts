/**
 * Exact fractions of bigints. A division such as (n + fix) / (1 - rate) rarely ends in decimal notation, so a decimal type
 * would round twice: once to its precision, once to the currency. A fraction is rounded once, by `roundUp` or `roundDown`.
 */
export type Fraction = { readonly numerator: bigint /** Above zero. */; readonly denominator: bigint }

const decimalText = /^(-?)(\d+)(?:\.(\d+))?$/

/** Reads plain decimal text such as "3" or "30.959723". Throws RangeError for anything else. */
export function fractionOf(decimal: string): Fraction {
  const parts = decimalText.exec(decimal)
  if (parts === null) throw new RangeError(`not a decimal: ${decimal}`)
  const decimals = parts[3] ?? ''
  return { numerator: BigInt(`${parts[1]}${parts[2]}${decimals}`), denominator: powerOfTen(decimals.length) }
}

export function whole(value: bigint): Fraction {
  return { numerator: value, denominator: 1n }
}

export function powerOfTen(exponent: number): bigint {
  return 10n ** BigInt(exponent)
}

export function add(a: Fraction, b: Fraction): Fraction {
  return {
    numerator: a.numerator * b.denominator + b.numerator * a.denominator,
    denominator: a.denominator * b.denominator,
  }
}

export function subtract(a: Fraction, b: Fraction): Fraction {
  return add(a, { numerator: -b.numerator, denominator: b.denominator })
}

export function multiply(a: Fraction, b: Fraction): Fraction {
  return { numerator: a.numerator * b.numerator, denominator: a.denominator * b.denominator }
}

/** Throws RangeError when `b` is zero or below: no rate or share of this package may be. */
export function divide(a: Fraction, b: Fraction): Fraction {
  if (b.numerator <= 0n) throw new RangeError('division by zero or less')
  return { numerator: a.numerator * b.denominator, denominator: a.denominator * b.numerator }
}

export function isLess(a: Fraction, b: Fraction): boolean {
  return a.numerator * b.denominator < b.numerator * a.denominator
}

/** To a whole number, away from zero. */
export function roundUp(value: Fraction): bigint {
  const quotient = value.numerator / value.denominator
  if (value.numerator % value.denominator === 0n) return quotient
  return value.numerator > 0n ? quotient + 1n : quotient - 1n
}

/** To a whole number, towards zero. */
export function roundDown(value: Fraction): bigint {
  return value.numerator / value.denominator
}
