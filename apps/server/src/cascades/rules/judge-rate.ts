/** Is a new rate believed at once? One far from the rate before it may be a mistake of the source, and every payment would pay it. */

/** Decimal text; `as_of_ms` = the time of the reading. */
export type RateReading = { readonly rate: string; readonly as_of_ms: number }

/** A rate too far from the one before, and how many readings in a row agree on it. */
export type Doubt = RateReading & { readonly count: number }

export type RateVerdict =
  /** `confirmed` = it was doubted, and has been repeated often enough. */
  { readonly type: 'use'; readonly confirmed: boolean } | { readonly type: 'doubt'; readonly doubt: Doubt }

export const confirmations = 3

/**
 * A reading within `jump_percent` of the rate before it is used, and so is a first one. Another is used when as many readings as
 * `confirmations` have come in a row that are within the same distance of each other; one of the same time is the same reading.
 */
export function judgeRate(
  reading: RateReading,
  before: { readonly rate: string | null; readonly doubt: Doubt | null },
  jump_percent: number,
): RateVerdict {
  const { rate, doubt } = before
  if (rate === null || isNear(reading.rate, rate, jump_percent)) return { type: 'use', confirmed: false }
  const agrees = doubt !== null && isNear(reading.rate, doubt.rate, jump_percent)
  if (agrees && reading.as_of_ms <= doubt.as_of_ms) return { type: 'doubt', doubt }
  const count = agrees ? doubt.count + 1 : 1
  if (count >= confirmations) return { type: 'use', confirmed: true }
  return { type: 'doubt', doubt: { ...reading, count } }
}

/** At most so many percent away from the other, in either direction. */
function isNear(rate: string, other: string, percent: number): boolean {
  const decimals = Math.max(decimalsOf(rate), decimalsOf(other))
  const [a, b] = [stepsOf(rate, decimals), stepsOf(other, decimals)]
  const distance = a > b ? a - b : b - a
  return distance * 100n <= b * BigInt(percent)
}

const decimalsOf = (text: string): number => text.split('.')[1]?.length ?? 0

function stepsOf(text: string, decimals: number): bigint {
  const [units = '', fraction = ''] = text.split('.')
  return BigInt(units + fraction.padEnd(decimals, '0'))
}
