/** Exact fractions, so that two routes are compared without rounding. */

/** `d` is more than 0. */
export type Fraction = { readonly n: bigint; readonly d: bigint }

export function fraction(n: bigint, d = 1n): Fraction {
  return { n, d }
}

/** Decimal digits with an optional point: `2.5`. Throws for anything else. */
export function parseFraction(text: string): Fraction {
  const found = /^(\d+)(?:\.(\d+))?$/.exec(text)
  if (!found) throw new Error(`${text.slice(0, 40)} is not a decimal number`)
  const decimals = found[2] ?? ''
  return { n: BigInt(`${found[1]}${decimals}`), d: 10n ** BigInt(decimals.length) }
}

export function add(a: Fraction, b: Fraction): Fraction {
  return { n: a.n * b.d + b.n * a.d, d: a.d * b.d }
}

export function multiply(a: Fraction, b: Fraction): Fraction {
  return { n: a.n * b.n, d: a.d * b.d }
}

/** Below 0, 0 or above 0, as `a` is less than, equal to or more than `b`. */
export function compare(a: Fraction, b: Fraction): number {
  const difference = a.n * b.d - b.n * a.d
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** Rounded half up to so many decimals; for people to read. Not below 0. */
export function decimalText(value: Fraction, decimals: number): string {
  const scaled = (value.n * 10n ** BigInt(decimals) * 2n + value.d) / (value.d * 2n)
  const digits = String(scaled).padStart(decimals + 1, '0')
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}

/** The fraction to the letter, such as `265/100`; `parseExact` reads it back. */
export function exactText({ n, d }: Fraction): string {
  return `${n}/${d}`
}

export function parseExact(text: string): Fraction {
  const [n = '', d = ''] = text.split('/')
  return { n: BigInt(n), d: BigInt(d) }
}
