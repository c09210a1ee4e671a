/** The card form as the payer sent it, to the card a gateway is asked with or to messages at its fields. Contract 14.4. */
import type { Card } from '@cascad/connector'
import type { Query } from '../http/routes.ts'
import { type CardProblem, readCard } from '../payments/rules/read-card.ts'
import type { Texts } from './texts/texts.ts'

export type CardFormText = {
  readonly card_number: string
  readonly expiry: string
  readonly cvv: string
  readonly holder: string
}

export type CardFormProblems = { readonly [field in keyof CardFormText]?: string }

export type ReadCardForm =
  | { readonly card: Card; readonly problems: null }
  | { readonly card: null; readonly problems: CardFormProblems }

export const holder_length_max = 100

export function cardFormText(form: Query): CardFormText {
  const text = (key: string): string => {
    const value = form[key]
    return typeof value === 'string' ? value.trim().slice(0, 200) : ''
  }
  return { card_number: text('card_number'), expiry: text('expiry'), cvv: text('cvv'), holder: text('holder') }
}

/** Month and year in the ways people and browsers write them: 09/28, 9/28, 0928, 09 / 2028, 2028-09. */
export function splitExpiry(text: string): { readonly month: string; readonly year: string } | null {
  const iso = /^(\d{4})-(\d{2})$/.exec(text)
  if (iso) return { month: iso[2] as string, year: iso[1] as string }
  const match = /^(\d{1,2})\s*[/.\-\s]\s*(\d{4}|\d{2})$/.exec(text) ?? /^(\d{2})(\d{4}|\d{2})$/.exec(text)
  return match ? { month: match[1] as string, year: match[2] as string } : null
}

export function readCardForm(
  sent: CardFormText,
  words: Texts,
  when: { readonly now: Date; readonly test_mode: boolean },
): ReadCardForm {
  const expiry = splitExpiry(sent.expiry)
  const holder_long = [...sent.holder].length > holder_length_max
  const read = readCard(
    {
      number: sent.card_number,
      cvv: sent.cvv,
      exp_month: expiry?.month ?? null,
      exp_year: expiry?.year ?? null,
      holder: sent.holder === '' ? null : sent.holder,
    },
    when,
  )
  if (read.card && !holder_long) return { card: read.card, problems: null }
  const { card } = words
  const problems: { -readonly [field in keyof CardFormText]?: string } = {}
  const say = (field: keyof CardFormText, problem: CardProblem | undefined, blank: string, invalid: string): void => {
    if (problem) problems[field] = problem === 'blank' ? blank : invalid
  }
  say('card_number', read.problems?.number, card.number_blank, card.number_invalid)
  const past = expiry !== null && read.problems?.exp_year === 'invalid' && read.problems.exp_month === undefined
  say(
    'expiry',
    read.problems?.exp_month ?? read.problems?.exp_year,
    sent.expiry === '' ? card.expiry_blank : card.expiry_invalid,
    past ? card.expiry_past : card.expiry_invalid,
  )
  say('cvv', read.problems?.cvv, card.cvv_blank, card.cvv_invalid)
  if (holder_long) problems.holder = card.holder_long
  return { card: null, problems }
}

/** Of a saved card only the security code is asked for. */
export function readSavedCardForm(
  sent: CardFormText,
  { card }: Texts,
): { card: null; problems: CardFormProblems | null } {
  if (/^\d{3,4}$/.test(sent.cvv)) return { card: null, problems: null }
  return { card: null, problems: { cvv: sent.cvv === '' ? card.cvv_blank : card.cvv_invalid } }
}
