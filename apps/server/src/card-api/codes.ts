/** The codes of the Card API with what they say to merchants and to payers. Card API contract 10; the wording is ours. */
import { type PayerText, payerTexts } from './payer-texts.ts'

type Code = readonly [merchant: string | null, payer: PayerText]

const codes: Readonly<Record<string, Code>> = {
  'S.0000': ['Approved.', 'approved'],
  'P.0001': ['In progress, wait for the notification.', 'in_progress'],
  'P.9998': [null, 'confirm'],
  'P.9999': ['Outcome not known yet, wait for the notification.', 'checked'],
  'F.0100': ['Account blocked.', 'account_blocked'],
  'F.0101': ['Account not found.', 'account_unknown'],
  'F.0102': ['Gateway refused our credentials or parameters.', 'contact_shop'],
  'F.0103': ['Gateway refused our signature.', 'contact_shop'],
  'F.0104': ['Operation not allowed at this gateway.', 'not_possible_here'],
  'F.0105': ['Do not honor.', 'bank_declined'],
  'F.0106': ['Terminal error.', 'other_method'],
  'F.0107': ['Invalid merchant account.', 'contact_shop'],
  'F.0108': ['Duplicate transaction.', 'sent_already'],
  'F.0109': ['Order expired.', 'time_over'],
  'F.0110': ['Order not found.', 'order_unknown'],
  'F.0111': ['Card expired.', 'card_expired'],
  'F.0112': ['CVV check failed.', 'cvv_wrong'],
  'F.0113': ['Currency not supported.', 'currency'],
  'F.0114': ['Insufficient funds.', 'funds'],
  'F.0115': ['Refused by the acquirer: possible fraud.', 'other_card'],
  'F.0116': ['Refused by the issuer: possible fraud.', 'contact_bank'],
  'F.0117': ['Temporary provider error.', 'temporary'],
  'F.0118': ['Provider error.', 'other_method'],
  'F.0119': ['Issuer temporarily unavailable.', 'bank_silent'],
  'F.0120': ['Issuer error.', 'bank_refused'],
  'F.0121': ["Payer's provider temporarily unavailable.", 'later'],
  'F.0122': ["Payer's provider error.", 'contact_provider'],
  'F.0123': ['Gateway limit exceeded.', 'amount_limit'],
  'F.0124': ['Issuer limit exceeded.', 'card_limit'],
  'F.0125': ["Payer's provider limit exceeded.", 'own_limit'],
  'F.0126': ['Wallet data wrong.', 'wallet_data'],
  'F.0127': ['Card data wrong.', 'card_data'],
  'F.0128': ['Gateway refused the request parameters.', 'contact_shop'],
  'F.0129': ['3-D Secure error at the gateway.', 'confirmation_failed'],
  'F.0130': ['3-D Secure error at the issuer.', 'bank_not_confirmed'],
  'F.0131': ['Payer confirmation failed.', 'confirmation_failed'],
  'F.0132': ['Refused by the payer.', 'cancelled'],
  'F.0133': ['Wrong phone number.', 'phone'],
  'F.0134': ['Wrong one-time code.', 'one_time_code'],
  'F.0135': ['Previous transaction not finished.', 'previous'],
  'F.0996': ['Not verified.', 'not_verified'],
  'F.0997': ['Declined, reason not given.', 'not_made'],
  'F.0998': ['The payer did not finish.', 'not_finished'],
  'F.0999': ['Declined, reason not given.', 'not_made'],
  'F.1000': ['Internal error.', 'wrong'],
  'F.2001': ['No gateway available for this payment.', 'not_now'],
  'F.2002': ['All gateways are excluded.', 'not_now'],
  'F.2003': ['No gateway available at the moment.', 'later'],
  'F.2004': ['This card must not be tried again.', 'use_other_card'],
  'F.2005': ['Too many declined attempts with this card.', 'use_other_card'],
  'F.2006': ['Gateways unreachable, nothing was sent.', 'later'],
  'F.2008': ['Refused by risk rules.', 'not_made'],
  'F.4001': ['Authentication failed.', 'confirmation_failed'],
  'F.4002': ['Authentication rejected by the issuer.', 'bank_rejected'],
  'F.4003': ['Authentication unavailable.', 'bank_not_confirmed'],
  'F.6001': ['AVS rule.', 'address'],
  'F.6002': ['CVC rule.', 'cvv'],
}

const unnamed: Code = ['Declined, reason not given.', 'not_made']

export type Language = 'en' | 'ru' | 'uk'

/** Languages with texts; every other falls back to English. */
export function languageOf(language: string): Language {
  return language === 'ru' || language === 'uk' ? language : 'en'
}

function entryOf(code: string): Code {
  return (Object.hasOwn(codes, code) ? codes[code] : undefined) ?? unnamed
}

/** What a code says to the merchant, in English; `null` = nothing. */
export function merchantText(code: string): string | null {
  return entryOf(code)[0]
}

/** What a code says to the payer. */
export function payerText(code: string, language: string): string {
  return payerTexts[entryOf(code)[1]][languageOf(language)]
}
