/** What a payment costs a provider's balance, in exact integers. Cascade API, section 10. */

export type Priced = {
  /** Payment currency. */
  readonly amount_minor: bigint
  readonly exponent: number
  /** Units of the payment currency for one of the settlement currency, as decimal text above 0: "85.5". */
  readonly rate: string
  /** Decimals of the settlement currency. */
  readonly scale: number
}

const powerOfTen = (exponent: number): bigint => 10n ** BigInt(exponent)

type Decimal = { readonly digits: bigint; readonly decimals: number }

function readDecimal(text: string): Decimal {
  const [, sign, units, fraction = ''] = /^(-?)(\d{1,30})(?:\.(\d{1,30}))?$/.exec(text) ?? []
  if (units === undefined) throw new RangeError(`${text} is no decimal number`)
  return { digits: BigInt(`${sign}${units}${fraction}`), decimals: fraction.length }
}

/** In settlement minor units, rounded away from zero. Throws RangeError for an amount or rate that is not above 0. */
export function settlementMinor({ amount_minor, exponent, rate, scale }: Priced): bigint {
  const { digits, decimals } = readDecimal(rate)
  if (digits <= 0n || amount_minor <= 0n) throw new RangeError(`${amount_minor} at a rate of ${rate} has no price`)
  const numerator = amount_minor * powerOfTen(scale + decimals)
  const denominator = digits * powerOfTen(exponent)
  return (numerator + denominator - 1n) / denominator
}

const rate_decimals = 4

/**
 * The rate that is sent to the provider: the reference with its margin, rounded down to 4 decimals, in shortest form. `null` =
 * nothing above 0 is left.
 */
export function sentRate(reference: string, margin_percent: string): string | null {
  const base = readDecimal(reference)
  const margin = readDecimal(margin_percent)
  const hundred = 100n * powerOfTen(margin.decimals)
  const numerator = base.digits * (hundred + margin.digits) * powerOfTen(rate_decimals)
  const steps = numerator / (hundred * powerOfTen(base.decimals))
  if (steps <= 0n) return null
  const digits = String(steps).padStart(rate_decimals + 1, '0')
  return `${digits.slice(0, -rate_decimals)}.${digits.slice(-rate_decimals)}`.replace(/\.?0+$/, '')
}
