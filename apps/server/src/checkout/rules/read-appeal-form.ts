/** What a payer writes about a transfer that did not arrive, or was of another amount. Cascade API contract 11.2. */
import { parseAmount } from '@cascad/money'
import type { AppealReason } from '../../appeals/appeal.ts'
import type { OpenRefusal } from '../../appeals/payer-appeal.ts'
import type { Texts } from '../texts/texts.ts'

export type AppealText = { readonly reason: string; readonly amount: string; readonly comment: string }

export const appealFields = ['reason', 'amount', 'receipt', 'comment'] as const
export type AppealField = (typeof appealFields)[number]

/** By field, in the language of the page. */
export type AppealProblems = Partial<Record<AppealField, string>>

export type ReadAppeal =
  | {
      readonly appeal: { readonly reason: AppealReason; readonly amount_minor: bigint | null; readonly comment: string }
      readonly problems: null
    }
  | { readonly appeal: null; readonly problems: AppealProblems }

export const commentLengthMax = 1000

export function appealText(fields: Readonly<Record<string, string>>): AppealText {
  const { reason = '', amount = '', comment = '' } = fields
  return { reason, amount: amount.trim(), comment: comment.replaceAll('\r\n', '\n').trim() }
}

/** `reasons` = what can have happened to this payment. */
export function readAppealForm(
  { reason, amount, comment }: AppealText,
  words: Texts['appeal'],
  given: { readonly reasons: readonly AppealReason[]; readonly exponent: number },
): ReadAppeal {
  const known = given.reasons.find((one) => one === reason)
  const amount_minor = known === 'wrong_amount' ? readAmount(amount, given.exponent) : null
  const problems: AppealProblems = {
    ...(known ? {} : { reason: words.reason_blank }),
    ...(known === 'wrong_amount' && amount_minor === null ? { amount: words.amount_invalid } : {}),
    ...([...comment].length > commentLengthMax ? { comment: words.comment_long } : {}),
  }
  if (!known || Object.keys(problems).length > 0) return { appeal: null, problems }
  return { appeal: { reason: known, amount_minor, comment }, problems: null }
}

/** "1 500,50" as well as "1500.5": with either sign, and blanks between thousands. `null` = no amount above 0. */
function readAmount(text: string, exponent: number): bigint | null {
  const plain = text.replace(/[\s\u00a0\u202f']/g, '').replace(',', '.')
  if (!/^\d{1,12}(\.\d+)?$/.test(plain)) return null
  const minor = parseAmount(plain, exponent)
  return typeof minor === 'bigint' && minor > 0n ? minor : null
}

/** At which field a refusal shows; `null` = the form can do nothing about it. */
export function refusalProblems(refusal: OpenRefusal, words: Texts['appeal']): AppealProblems | null {
  switch (refusal) {
    case 'amount_not_positive':
    case 'amount_missing':
      return { amount: words.amount_invalid }
    case 'amount_too_high':
      return { amount: words.amount_large }
    case 'amount_equal':
      return { amount: words.amount_same }
    case 'comment_too_long':
      return { comment: words.comment_long }
    case 'receipt_empty':
      return { receipt: words.receipt_blank }
    case 'receipt_type':
    case 'receipt_too_big':
      return { receipt: words.receipt_invalid }
    default:
      return null
  }
}
