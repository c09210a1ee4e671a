import { formatFixed } from '@cascad/money'

/** Minor units (digits) as a payer reads them. Decimals come with the request, else from the currency. */
export function showAmount(minor: string, currency: string, exponent: number | null): string {
  return `${formatFixed(BigInt(minor), exponent ?? exponentOf(currency))} ${currency}`
}

function exponentOf(currency: string): number {
  if (!/^[A-Z]{3}$/.test(currency)) return 2
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
}
