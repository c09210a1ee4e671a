/** A card as a merchant's server or a form sends it, to the card a gateway is asked with. Contract 14.4, 15. */
import type { Card } from '@cascad/connector'
import { passesLuhn } from './card.ts'

/** Texts as sent; `null` = not sent. */
export type SentCard = {
  readonly number: string | null
  readonly holder: string | null
  readonly cvv: string | null
  readonly exp_month: string | null
  readonly exp_year: string | null
}

export type CardProblem = 'blank' | 'invalid'
type CheckedPart = Exclude<keyof SentCard, 'holder'>
export type CardProblems = { readonly [part in CheckedPart]?: CardProblem }

export type ReadCard =
  | { readonly card: Card; readonly problems: null }
  | { readonly card: null; readonly problems: CardProblems }

/** Checks all parts at once. Dates in the past are refused in live mode only: test cards have years in the past. */
export function readCard(sent: SentCard, when: { readonly now: Date; readonly test_mode: boolean }): ReadCard {
  const problems: { -readonly [part in CheckedPart]?: CardProblem } = {}
  const number = (sent.number ?? '').replace(/[ -]/g, '')
  const cvv = (sent.cvv ?? '').trim()
  const month = (sent.exp_month ?? '').trim()
  const year = (sent.exp_year ?? '').trim()
  const check = (part: CheckedPart, text: string, valid: boolean): void => {
    if (text === '') problems[part] = 'blank'
    else if (!valid) problems[part] = 'invalid'
  }
  check('number', number, /^\d{12,19}$/.test(number) && passesLuhn(number))
  check('cvv', cvv, /^\d{3,4}$/.test(cvv))
  check('exp_month', month, /^(0?[1-9]|1[0-2])$/.test(month))
  check('exp_year', year, /^(\d{2}|\d{4})$/.test(year))
  const exp_month = month.padStart(2, '0')
  const exp_year = year.length === 2 ? `20${year}` : year
  const dated = problems.exp_month === undefined && problems.exp_year === undefined
  if (dated && !when.test_mode && isPast(exp_month, exp_year, when.now)) problems.exp_year = 'invalid'
  if (Object.keys(problems).length > 0) return { card: null, problems }
  return { card: { number, exp_month, exp_year, cvv, holder: sent.holder }, problems: null }
}

/** A card is good to the end of its month. */
function isPast(exp_month: string, exp_year: string, now: Date): boolean {
  return Date.UTC(Number(exp_year), Number(exp_month), 1) <= now.getTime()
}
