/** Amounts and times as people read them, on a payer's page and in mails. */
import { formatFixed } from '@cascad/money'
import type { Locale } from './service.ts'

const decimals = new Map<string, Intl.NumberFormat>()

/** "1 234,50 UAH": the digits of the language, the code of the currency, never broken between lines. */
export function amountText(minor: bigint, currency: string, exponent: number, locale: Locale): string {
  return decimalText(formatFixed(minor, exponent), currency, exponent, locale)
}

/** The same of an amount that is decimal text in major units. */
export function decimalText(amount: string, currency: string, exponent: number, locale: Locale): string {
  const key = `${locale}:${exponent}`
  let format = decimals.get(key)
  if (!format) {
    format = new Intl.NumberFormat(locale, { minimumFractionDigits: exponent, maximumFractionDigits: exponent })
    decimals.set(key, format)
  }
  return `${format.format(amount as Intl.StringNumericLiteral)}\u00a0${currency}`
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

/** "14:35 GMT+3", with the day when it is not today's. */
export function clockText(time: Date, now: Date, locale: Locale, time_zone: string): string {
  const zone = { timeZone: time_zone } as const
  const language = locale === 'en' ? 'en-GB' : locale
  const day = new Intl.DateTimeFormat(language, { ...zone, day: 'numeric', month: 'long' })
  const clock = new Intl.DateTimeFormat(language, {
    ...zone,
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    ...(day.format(time) === day.format(now) ? {} : { day: 'numeric', month: 'long' }),
  })
  return clock.format(time)
}

/** "29:05", or with hours "1:59:05"; also what the page's script writes every second. */
export function durationText(milliseconds: number): string {
  const total = Math.max(0, Math.floor(milliseconds / 1000))
  const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor((total % 3600) / 60), total % 60]
  const two = (value: number): string => String(value).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`
}
