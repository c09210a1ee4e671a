/** To a merchant or operator who opened an appeal, or whose payer did: how it stands. */

import { amountText } from '../../directory/amount-text.ts'
import type { Letter } from '../../mail/mail.ts'
import type { Appeal, AppealState, CloseNote, RejectionReason } from '../appeal.ts'
import { inMode, type LetterFacts, linesOf, sidesOf, timeIn } from './facts.ts'

export type ClaimantOccasion = AppealState | 'message'

const titles: Readonly<Record<ClaimantOccasion, string>> = {
  opened: 'received',
  submitted: 'the provider has it',
  accepted: 'the provider agrees',
  rejected: 'the provider does not agree',
  arbitration: 'an operator decides',
  confirmed: 'confirmed',
  cancelled: 'closed',
  message: 'a new message',
}

const rejections: Readonly<Record<RejectionReason, string>> = {
  payment_not_found: 'the payment was not found',
  amount_differs: 'another amount arrived',
  wrong_requisites: 'the transfer went to other details',
  already_credited: 'the transfer has been credited already',
  receipt_invalid: 'the receipt does not prove the transfer',
  other: 'the reason is told in the thread',
}

const closings: Readonly<Record<CloseNote, string>> = {
  accepted: 'The provider agreed, and the appeal is closed.',
  decided: 'An operator decided against it. The payment stays as it was.',
  withdrawn: 'It was withdrawn. The payment stays as it was.',
  not_contested: 'Nobody contested the rejection in time. The payment stays as it was.',
  amount_accepted: 'A new appeal takes its place, with the amount that the provider has seen.',
  resolved_by_success: 'The payment has succeeded by itself.',
}

/** A merchant reads times in his own time zone, an operator in UTC. */
export function claimantLetter(
  occasion: ClaimantOccasion,
  facts: LetterFacts,
  reader: 'merchant' | 'operator',
): Letter {
  const { appeal, merchant } = facts
  const time_zone = reader === 'merchant' ? merchant.time_zone : 'UTC'
  const body = [
    ...sentences(occasion, facts, time_zone),
    '',
    ...linesOf(facts),
    ...(reader === 'operator' ? sidesOf(facts) : []),
    '',
    reader === 'operator'
      ? `npm run appeals -- show ${appeal.id}`
      : `All about it: GET /api/payment-invoices/${appeal.payment_id}/appeals`,
  ]
  return inMode(appeal.test_mode, { title: `Appeal ${appeal.id}: ${titles[occasion]}`, body })
}

function sentences(occasion: ClaimantOccasion, { appeal, exponent }: LetterFacts, zone: string): string[] {
  const deadline = timeIn(appeal.deadline_at, zone)
  switch (occasion) {
    case 'opened':
      return [
        'We have the appeal and pass it on to the provider.',
        `A verdict is promised by ${timeIn(appeal.promised_at, zone)}.`,
      ]
    case 'submitted':
      return [`The provider has the appeal and is to answer by ${deadline}.`]
    case 'accepted':
      return ['The provider agrees. The payment is being settled.']
    case 'rejected':
      return [
        `The provider does not agree: ${rejections[appeal.rejection ?? 'other']}.`,
        ...seen(appeal, exponent),
        `The rejection can be contested until ${deadline}; else the appeal is closed then.`,
      ]
    case 'arbitration':
      return [`An operator decides by ${deadline}.`]
    case 'confirmed':
      return ['The appeal is confirmed. The payment shows what was credited.']
    case 'cancelled':
      return [closings[appeal.close_note ?? 'decided']]
    case 'message':
      return ['There is a new message in the thread of the appeal.']
  }
}

function seen({ amount_seen_minor, currency }: Appeal, exponent: number): string[] {
  if (amount_seen_minor === null) return []
  return [`Amount that the provider has seen: ${amountText(amount_seen_minor, currency, exponent, 'en')}.`]
}
