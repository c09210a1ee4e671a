/** What a source on the net says, in exact integers: the decimal of a rate, the time of it. Nothing here goes through a float. */

export type RateRead = { readonly rate: string } | { readonly wrong: string }
export type TimeRead = { readonly as_of_ms: number } | { readonly wrong: string }

const literal = /^(\d{1,64})(?:\.(\d{1,64}))?(?:[eE]([+-]?\d{1,2}))?$/
const literal_max = 64
const decimals_max = 12
const units_digits_max = 15

const powerOfTen = (exponent: number): bigint => 10n ** BigInt(exponent)

/**
 * The literal of a JSON number, or decimal text, as a rate above 0 in shortest plain form: at most 15 digits before the point, and
 * 12 after it, where the rest is cut off. `inverted` = one divided by it.
 */
export function readFeedRate(text: string, inverted: boolean): RateRead {
  const parts = text.length > literal_max ? null : literal.exec(text)
  if (!parts) return { wrong: 'what stands there is no decimal number above 0' }
  const [, units = '', fraction = '', power = '0'] = parts
  const digits = BigInt(units + fraction)
  if (digits === 0n) return { wrong: 'the rate is 0' }
  const scale = fraction.length - Number(power)
  const steps = inverted ? stepsOf(1n, digits, -scale) : stepsOf(digits, 1n, scale)
  if (steps === 0n) return { wrong: `the rate is too small: ${decimals_max} decimals show nothing of it` }
  if (steps >= powerOfTen(units_digits_max + decimals_max)) return { wrong: 'the rate is too large' }
  return { rate: textOf(steps) }
}

/** (numerator / denominator) · 10^-scale in units of the last decimal, rounded down. */
function stepsOf(numerator: bigint, denominator: bigint, scale: number): bigint {
  const shift = decimals_max - scale
  return shift >= 0 ? (numerator * powerOfTen(shift)) / denominator : numerator / (denominator * powerOfTen(-shift))
}

function textOf(steps: bigint): string {
  const digits = String(steps).padStart(decimals_max + 1, '0')
  return `${digits.slice(0, -decimals_max)}.${digits.slice(-decimals_max)}`.replace(/\.?0+$/, '')
}

const seconds = /^\d{9,10}(?:\.\d{1,9})?$/
const milliseconds = /^\d{12,13}(?:\.\d{1,9})?$/
const dated = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)$/

/** Another clock may be this much ahead of ours; what it says is then taken as now. */
const clocks_apart_ms = 5_000

/**
 * The time a source gives to its rate: seconds or milliseconds since 1970, or a date and time with its zone (ISO 8601). Refused when
 * it lies in the future, or more than `fresh_ms` back.
 */
export function readFeedTime(text: string, now_ms: number, fresh_ms: number): TimeRead {
  const at_ms = timeOf(text)
  if (!Number.isFinite(at_ms)) return { wrong: 'the time of the rate cannot be read' }
  if (at_ms > now_ms + clocks_apart_ms) return { wrong: 'the time of the rate lies in the future' }
  const age_ms = now_ms - at_ms
  if (age_ms > fresh_ms) return { wrong: `the rate is ${Math.floor(age_ms / 60_000)} minutes old` }
  return { as_of_ms: Math.min(at_ms, now_ms) }
}

function timeOf(text: string): number {
  if (seconds.test(text)) return Math.floor(Number(text) * 1000)
  if (milliseconds.test(text)) return Math.floor(Number(text))
  return dated.test(text) ? Date.parse(text.replace(' ', 'T')) : Number.NaN
}
