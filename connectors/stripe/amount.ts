/**
 * Amounts as Stripe writes them: whole numbers of its own smallest unit, which is not always that of ISO 4217.
 * Source: https://docs.stripe.com/currencies, "Minor units in API amounts" and "Special cases".
 */

/** One unit of the amount is one unit of the currency. */
const zeroDecimal = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '))

/** Thousandths, of which the last digit must be 0. */
const threeDecimal = new Set('BHD JOD KWD OMR TND'.split(' '))

/** Have no smaller unit any more, but are still written with two decimals, both of which must be 0. */
const twoZeroDecimals = new Set('ISK UGX'.split(' '))

function decimalsOf(currency: string): number {
  if (zeroDecimal.has(currency)) return 0
  return threeDecimal.has(currency) ? 3 : 2
}

/** What an amount must be a multiple of. */
function stepOf(currency: string): bigint {
  if (threeDecimal.has(currency)) return 10n
  return twoZeroDecimals.has(currency) ? 100n : 1n
}

/** Minor units of ours, with `exponent` decimals, in Stripe's units; `null` = the amount cannot be said there exactly. */
export function toStripe(amount_minor: bigint, currency: string, exponent: number): bigint | null {
  const amount = rescaled(amount_minor, exponent, decimalsOf(currency))
  return amount !== null && amount % stepOf(currency) === 0n ? amount : null
}

/** Stripe's units in minor units of ours; `null` = no readable amount, or finer than our minor unit. */
export function fromStripe(amount: unknown, currency: string, exponent: number): bigint | null {
  const digits = typeof amount === 'number' && Number.isSafeInteger(amount) ? String(amount) : amount
  if (typeof digits !== 'string' || !/^\d{1,18}$/.test(digits)) return null
  return rescaled(BigInt(digits), decimalsOf(currency), exponent)
}

function rescaled(amount: bigint, from: number, to: number): bigint | null {
  if (to >= from) return amount * 10n ** BigInt(to - from)
  const divisor = 10n ** BigInt(from - to)
  return amount % divisor === 0n ? amount / divisor : null
}
