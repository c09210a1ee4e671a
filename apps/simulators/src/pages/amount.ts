import { formatFixed } from '@cascad/money'

/** Minor units (digits) as a payer reads them. Decimals come with the request, else from the currency. */
export function showAmount(minor: string, currency: string, exponent: number | null, language = 'en'): string {
  const decimals = exponent ?? exponentOf(currency)
  const format = new Intl.NumberFormat(language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
  return `${format.format(formatFixed(BigInt(minor), decimals) as Intl.StringNumericLiteral)}\u00a0${currency}`
}

function exponentOf(currency: string): number {
  if (!/^[A-Z]{3}$/.test(currency)) return 2
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
}
