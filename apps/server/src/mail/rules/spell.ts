/** Amounts and times as people read them in mails. */
import { formatFixed } from '@cascad/money'

export type MailLocale = 'en' | 'ru' | 'uk'

/** "3 900,50 RUB": the digits of the language, the code of the currency. */
export function spellAmount(minor: bigint, currency: string, exponent: number, locale: MailLocale): string {
  const form = { minimumFractionDigits: exponent, maximumFractionDigits: exponent }
  const digits = new Intl.NumberFormat(locale, form).format(formatFixed(minor, exponent) as Intl.StringNumericLiteral)
  return `${digits} ${currency}`
}

/** Day, time and the time zone they are in. */
export function spellTime(time: Date, locale: MailLocale, time_zone: string): string {
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
