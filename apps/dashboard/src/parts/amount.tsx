import { shownAmount } from '../amounts/decimal.ts'
import { useLanguage } from '../texts/language.tsx'
import type { Language } from '../texts/text.ts'

/** A space that does not break in all three: commas and points mean different things in them. */
export const groupSeparator = '\u202f'

export function decimalPoint(language: Language): string {
  return language === 'en' ? '.' : ','
}

type Props = {
  /** Decimal text in major units. */
  readonly value: string
  readonly currency?: string
  /** At least so many decimals, so that columns stand in line. */
  readonly decimals?: number
  /** Shows a plus as well: for changes. */
  readonly signed?: boolean
}

export function amountText(value: string, language: Language, decimals: number): string {
  const { sign, whole, fraction } = shownAmount(value, groupSeparator, decimals)
  return `${sign === '-' ? '\u2212' : ''}${whole}${fraction === '' ? '' : decimalPoint(language) + fraction}`
}

/** The whole amount, every digit of it; decimals a little quieter. */
export function Amount({ value, currency, decimals = value.includes('.') ? 2 : 0, signed = false }: Props) {
  const { language } = useLanguage()
  const { sign, whole, fraction } = shownAmount(value, groupSeparator, decimals)
  const isZero = /^[0\u202f]*$/.test(whole + fraction)
  const mark = sign === '-' ? '\u2212' : signed && !isZero ? '+' : ''
  return (
    <span className="amount" data-sign={signed && !isZero ? (sign === '-' ? 'minus' : 'plus') : undefined}>
      {mark}
      {whole}
      {fraction !== '' && (
        <span className="amount-fraction">
          {decimalPoint(language)}
          {fraction}
        </span>
      )}
      {currency !== undefined && <span className="amount-currency"> {currency}</span>}
    </span>
  )
}
