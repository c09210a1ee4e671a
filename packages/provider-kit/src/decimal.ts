/** Decimals as text: nothing here goes through a float. */
import type { Decimal } from './events.ts'

const literal = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/
const literalMax = 64
const digitsMax = 18

/**
 * The literal of a JSON number, or decimal text, in its shortest plain form: `3900.00` and `3.9e3` are "3900".
 * `null` when it is no decimal or has more than 18 digits before or after the point.
 */
export function readDecimal(text: string): Decimal | null {
  const parts = text.length > literalMax ? null : literal.exec(text)
  if (parts === null) return null
  const [, sign = '', units = '', decimals = '', power = '0'] = parts
  const point = units.length + Number(power)
  if (Math.abs(point) > literalMax) return null
  const at = Math.max(point, 1)
  const digits = point > 0 ? (units + decimals).padEnd(point, '0') : '0'.repeat(1 - point) + units + decimals
  const whole = digits.slice(0, at).replace(/^0+(?=\d)/, '')
  const rest = digits.slice(at).replace(/0+$/, '')
  if (whole.length > digitsMax || rest.length > digitsMax) return null
  const plain = rest === '' ? whole : `${whole}.${rest}`
  return plain === '0' ? plain : sign + plain
}

export function isPositive(decimal: Decimal): boolean {
  return !decimal.startsWith('-') && decimal !== '0'
}

/**
 * An amount in minor units: ("3900.5", 2) is 390050n. `exponent` = decimals of the currency, 0–18.
 * Throws RangeError for text that is no decimal, and for one with more decimals than the currency has.
 */
export function toMinor(amount: Decimal, exponent: number): bigint {
  const plain = readDecimal(amount)
  if (plain === null) throw new RangeError('not a decimal')
  const [whole = '', rest = ''] = plain.split('.')
  if (rest.length > exponent) throw new RangeError(`more than ${exponent} decimals`)
  return BigInt(whole + rest.padEnd(exponent, '0'))
}

/** Minor units as shortest decimal text: (390050n, 2) is "3900.5". */
export function fromMinor(minor: bigint, exponent: number): Decimal {
  const sign = minor < 0n ? '-' : ''
  const digits = String(minor < 0n ? -minor : minor).padStart(exponent + 1, '0')
  const at = digits.length - exponent
  const rest = digits.slice(at).replace(/0+$/, '')
  return sign + (rest === '' ? digits.slice(0, at) : `${digits.slice(0, at)}.${rest}`)
}
