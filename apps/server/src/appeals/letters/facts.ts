import { amountText, timeText } from '../../directory/amount-text.ts'
import { oneLine } from '../../mail/rules/one-line.ts'
import type { Appeal } from '../appeal.ts'

/** What letters about an appeal are written from; nothing of what people wrote, and no number of anybody's. */
export type LetterFacts = {
  readonly appeal: Appeal
  /** Decimals of the payment currency. */
  readonly exponent: number
  readonly merchant: { readonly name: string; readonly time_zone: string }
  readonly provider_name: string
}

const name_length_max = 80
const name = (text: string): string => oneLine(text, name_length_max)

/** Both sides of it, for operators only: neither side is told the other. */
export function sidesOf({ merchant, provider_name }: LetterFacts): string[] {
  return [`Merchant: ${name(merchant.name)}`, `Provider: ${name(provider_name)}`]
}

/** The lines that say which appeal it is, for readers of English. */
export function linesOf({ appeal, exponent }: LetterFacts): string[] {
  const amount = (minor: bigint): string => amountText(minor, appeal.currency, exponent, 'en')
  return [
    `Appeal: ${appeal.id}`,
    `Payment: ${appeal.payment_id}`,
    `Asked for: ${amount(appeal.original_minor)}`,
    `Appealed: ${amount(appeal.amount_minor)}`,
  ]
}

/** `null` = no time is set. */
export function timeIn(time: Date | null, time_zone: string): string {
  return time === null ? 'the end of the term' : timeText(time, 'en', time_zone)
}

/** The title of a test's letter says so, and the letter too. */
export function inMode(test_mode: boolean, letter: { readonly title: string; readonly body: readonly string[] }) {
  return {
    title: test_mode ? `[test] ${letter.title}` : letter.title,
    body: [...letter.body, ...(test_mode ? ['', 'This is about test mode: no money moves.'] : []), ''].join('\n'),
  }
}
