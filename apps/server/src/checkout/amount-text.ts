/** Amounts and times as a payer reads them. */
import { formatFixed } from '@cascad/money'
import type { Locale } from '../directory/service.ts'

const decimals = new Map<string, Intl.NumberFormat>()

/** "1 234,50 UAH": the digits of the language, the code of the currency, never broken between lines. */
export function amountText(minor: bigint, currency: string, exponent: number, locale: Locale): string {
  const key = `${locale}:${exponent}`
  let format = decimals.get(key)
  if (!format) {
    format = new Intl.NumberFormat(locale, { minimumFractionDigits: exponent, maximumFractionDigits: exponent })
    decimals.set(key, format)
  }
  return `${format.format(formatFixed(minor, exponent) as Intl.StringNumericLiteral)}\u00a0${currency}`
}

/** Day and time in the merchant's time zone, which is named: the payer may live in another one. */
export function timeText(time: Date, locale: Locale, time_zone: string): string {
  return new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: time_zone,
    timeZoneName: 'short',
  }).format(time)
}

/** "29:05", or with hours "1:59:05"; also what the page's script writes every second. */
export function durationText(milliseconds: number): string {
  const total = Math.max(0, Math.floor(milliseconds / 1000))
  const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor((total % 3600) / 60), total % 60]
  const two = (value: number): string => String(value).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`
}
