/** To the payer who opened an appeal on the page: how it stands, in the page's language. */

import { amountText, timeText } from '../../directory/amount-text.ts'
import type { Letter } from '../../mail/mail.ts'
import { oneLine } from '../../mail/rules/one-line.ts'
import type { Appeal, AppealState } from '../appeal.ts'
import { rejectionWords } from '../rejection-words.ts'
import type { LetterFacts } from './facts.ts'
import { type PayerOccasion, payerWords } from './payer-words.ts'

const name_length_max = 80

/** `page`: the payer's page; `null` = he has none. */
export function payerLetter(occasion: AppealState | 'message', facts: LetterFacts, page: string | null): Letter {
  const { appeal, exponent, merchant } = facts
  const locale = appeal.payer_locale ?? 'en'
  const words = payerWords[locale]
  const [title, text] = words.steps[closer(occasion, appeal)]
  const time = occasion === 'opened' ? appeal.promised_at : appeal.deadline_at
  const said = text
    .replace('{reason}', rejectionWords[locale][appeal.rejection ?? 'other'])
    .replace('{time}', time === null ? '' : timeText(time, locale, merchant.time_zone))
  const shop = oneLine(merchant.name, name_length_max)
  const body = [
    said,
    '',
    `${words.shop}: ${shop}`,
    `${words.amount}: ${amountText(appeal.amount_minor, appeal.currency, exponent, locale)}`,
    `${words.number}: ${appeal.id}`,
    ...(page === null ? [] : [`${words.page}: ${page}`]),
    '',
    ...(appeal.test_mode ? [words.test] : []),
    words.footer,
    '',
  ]
  return { title: `${appeal.test_mode ? '[test] ' : ''}${title} – ${shop}`, body: body.join('\n') }
}

/** Of a close, how it came about. */
function closer(occasion: AppealState | 'message', { close_note }: Appeal): PayerOccasion {
  if (occasion !== 'cancelled') return occasion
  if (close_note === 'withdrawn' || close_note === 'amount_accepted' || close_note === 'resolved_by_success')
    return close_note
  return 'cancelled'
}
