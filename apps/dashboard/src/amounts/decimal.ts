/** Amounts as the API gives and takes them: decimal text, never a float. */

/** A decimal as units of its last digit: "1.50" → 150 at scale 2. */
type Parts = { readonly units: bigint; readonly scale: number }

const decimalText = /^(-?)(\d+)(?:\.(\d+))?$/

function partsOf(decimal: string): Parts {
  const match = decimalText.exec(decimal)
  if (match === null) throw new RangeError(`not a decimal: ${decimal}`)
  const [, sign, whole, fraction = ''] = match
  return { units: BigInt(`${sign}${whole}${fraction}`), scale: fraction.length }
}

function textOf({ units, scale }: Parts): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  const fraction = scale === 0 ? '' : digits.slice(-scale).replace(/0+$/, '')
  return `${units < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`
}

function aligned(a: string, b: string): { a: bigint; b: bigint; scale: number } {
  const first = partsOf(a)
  const second = partsOf(b)
  const scale = Math.max(first.scale, second.scale)
  return {
    a: first.units * 10n ** BigInt(scale - first.scale),
    b: second.units * 10n ** BigInt(scale - second.scale),
    scale,
  }
}

/** Below zero, zero or above, as `a` is less than, equal to or more than `b`. */
export function compareDecimals(a: string, b: string): number {
  const both = aligned(a, b)
  return both.a < both.b ? -1 : both.a > both.b ? 1 : 0
}

/** a − b, exactly, in its shortest form. */
export function subtractDecimals(a: string, b: string): string {
  const both = aligned(a, b)
  return textOf({ units: both.a - both.b, scale: both.scale })
}

export function isNegative(decimal: string): boolean {
  return compareDecimals(decimal, '0') < 0
}

/** What an amount is made of, for showing: grouped whole part and decimals, padded with zeros to `decimals_min`. */
export type ShownAmount = { readonly sign: '' | '-'; readonly whole: string; readonly fraction: string }

export function shownAmount(decimal: string, separator: string, decimals_min: number): ShownAmount {
  const [, sign = '', whole = '0', fraction = ''] = decimalText.exec(decimal) ?? ['', '', decimal]
  return {
    sign: sign === '-' ? '-' : '',
    whole: whole.replace(/^0+(?=\d)/, '').replace(/\B(?=(\d{3})+$)/g, separator),
    fraction: fraction.padEnd(decimals_min, '0'),
  }
}

export type TypedAmount =
  | { readonly amount: string }
  | { readonly mistake: 'empty' | 'not_a_number' | 'unclear' | 'not_positive' | 'too_many_decimals' }

/**
 * Reads what a person types as an amount above zero: "1 234,5", "1,234.50", "1234.5". A single comma before exactly three digits
 * may mean thousands or decimals: it is `unclear`, because this is money.
 */
export function readTypedAmount(typed: string, decimals_max: number): TypedAmount {
  const text = typed.trim().replace(/[\s\u00a0\u202f']/g, '')
  if (text === '') return { mistake: 'empty' }
  if (!/^\d[\d.,]*$|^[.,]\d+$/.test(text)) return { mistake: /^-/.test(text) ? 'not_positive' : 'not_a_number' }
  const plain = withPoint(text)
  if (plain === null) return { mistake: 'not_a_number' }
  if (plain === 'unclear') return { mistake: 'unclear' }
  const match = /^(\d*)(?:\.(\d*))?$/.exec(plain)
  const whole = (match?.[1] ?? '').replace(/^0+(?=\d)/, '') || '0'
  const fraction = (match?.[2] ?? '').replace(/0+$/, '')
  if (fraction.length > decimals_max) return { mistake: 'too_many_decimals' }
  if (/^0*$/.test(whole + fraction)) return { mistake: 'not_positive' }
  return { amount: fraction === '' ? whole : `${whole}.${fraction}` }
}

/** The text with one point before its decimals and nothing between thousands; `null` = no such text. */
function withPoint(text: string): string | 'unclear' | null {
  const marks = [...text.matchAll(/[.,]/g)].map(([mark]) => mark)
  const last = marks.at(-1)
  if (last === undefined) return text
  const kinds = new Set(marks)
  if (kinds.size === 2) {
    const other = last === '.' ? ',' : '.'
    const [whole = '', fraction = ''] = [text.slice(0, text.lastIndexOf(last)), text.slice(text.lastIndexOf(last) + 1)]
    if (whole.includes(last)) return null
    return isGrouped(whole, other) ? `${whole.replaceAll(other, '')}.${fraction}` : null
  }
  if (marks.length > 1) return isGrouped(text, last) ? text.replaceAll(last, '') : null
  const [whole = '', fraction = ''] = text.split(last)
  // A leading zero settles it, and so does a point: it is how the API and most desks write decimals.
  if (last === ',' && fraction.length === 3 && /^[1-9]\d{0,2}$/.test(whole)) return 'unclear'
  return `${whole || '0'}.${fraction}`
}

function isGrouped(text: string, mark: string): boolean {
  return new RegExp(`^\\d{1,3}(\\${mark}\\d{3})+$`).test(text)
}
