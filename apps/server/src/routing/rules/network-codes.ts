/** Two-character response codes of the card networks. Cascading rules, sections 6.4 and 7.1. */
import type { DeclineClass } from './decline-class.ts'

export type VisaCategory = 1 | 2 | 3 | 4

export type NetworkCode = {
  readonly meaning: string
  /** How often Visa lets a payment be repeated; `null` = the code is none of Visa's. */
  readonly visa_category: VisaCategory | null
  /** Category in Europe and CEMEA where it differs. */
  readonly visa_category_europe: VisaCategory | null
  readonly visa: DeclineClass
  readonly other: DeclineClass
  /** Our own set-up at the gateway is wrong, a person must look. */
  readonly alarm: boolean
}

/** Editions of the tables, kept with every explanation record. */
export const networkEditions = { visa: 'visa-2026-04', mastercard: 'mastercard-2026' } as const

type Row = readonly [
  codes: string,
  meaning: string,
  visa_category: VisaCategory | null,
  visa: DeclineClass,
  other?: DeclineClass,
  alarm?: 'alarm',
]

// Left-out `other` = as Visa. R0, R1, R3 and 57 differ further in what a block covers, not in the class.
const rows: readonly Row[] = [
  ['01 02', 'refer to issuer', 4, 'soft_generic'],
  ['03', 'invalid merchant', 2, 'gateway_rejected', 'gateway_rejected', 'alarm'],
  ['04 07', 'pick up card', 1, 'never'],
  ['05', 'do not honor', 4, 'soft_generic'],
  ['06 22', 'error', 4, 'acquirer_technical'],
  ['12', 'invalid transaction', 1, 'never', 'request_invalid'],
  ['13', 'invalid amount', 4, 'request_invalid'],
  ['14', 'no such card number', 1, 'never'],
  ['15', 'no such issuer', 1, 'never'],
  ['19', 're-enter the transaction', 2, 'acquirer_technical'],
  ['21', 'no action taken', 4, 'unmapped'],
  ['25', 'record not found', 4, 'unmapped'],
  ['28', 'file temporarily unavailable', 4, 'acquirer_technical'],
  ['30', 'format error', 4, 'gateway_rejected', 'gateway_rejected', 'alarm'],
  ['31', 'bank not supported by the switch', 4, 'gateway_rejected'],
  ['40', 'function not supported', 4, 'gateway_rejected'],
  ['33', 'expired card, pick up', 4, 'card_data'],
  ['34', 'suspected fraud, pick up', 4, 'never'],
  ['36', 'restricted card, pick up', 4, 'never'],
  ['37', 'call security, pick up', 4, 'never'],
  ['38', 'PIN tries exceeded, pick up', 4, 'never'],
  ['39', 'no credit account', 2, 'card_data'],
  ['42', 'no universal account', 4, 'card_data'],
  ['44', 'no investment account', 4, 'card_data'],
  ['52', 'no current account', 2, 'card_data'],
  ['53', 'no savings account', 2, 'card_data'],
  ['41', 'lost card', 1, 'never'],
  ['43', 'stolen card', 1, 'never'],
  ['46', 'closed account', 1, 'never'],
  ['51', 'insufficient funds', 2, 'insufficient_funds'],
  ['54', 'expired card', 3, 'card_data'],
  ['55', 'wrong PIN', 3, 'card_data'],
  ['70', 'PIN required', 4, 'card_data'],
  ['75', 'PIN tries exceeded', 2, 'card_data'],
  ['86', 'PIN cannot be verified', 2, 'card_data'],
  ['56', 'no card record', 4, 'card_data'],
  ['57', 'not permitted to the cardholder', 1, 'never', 'issuer_risk'],
  ['58', 'not permitted to the terminal', 4, 'gateway_rejected'],
  ['59', 'suspected fraud', 2, 'issuer_risk'],
  ['63', 'security violation', 4, 'issuer_risk'],
  ['61', 'amount limit exceeded', 2, 'limit'],
  ['65', 'frequency limit exceeded', 2, 'limit'],
  ['62', 'restricted card', 2, 'issuer_risk'],
  ['64', 'anti-money-laundering requirement', 4, 'issuer_risk'],
  ['68', 'answer received too late', 4, 'unknown'],
  ['78', 'blocked, first use', 2, 'issuer_risk'],
  ['79', 'life cycle', null, 'unmapped', 'card_data'],
  ['82', 'CVV result negative or policy', 3, 'card_data', 'issuer_risk'],
  ['83', 'fraud or security', 2, 'issuer_risk'],
  ['91', 'issuer inoperative', 2, 'issuer_technical'],
  ['92', 'no route to the issuer', 4, 'acquirer_technical'],
  ['93', 'violation of law', 2, 'issuer_risk'],
  ['94', 'duplicate transaction', 4, 'duplicate'],
  ['96', 'system malfunction', 2, 'acquirer_technical'],
  ['1A', 'authentication required', 4, 'authentication_required'],
  ['5C', 'blocked by the issuer', 2, 'issuer_risk'],
  ['9G', 'blocked by the cardholder', 2, 'issuer_risk'],
  ['6P', 'cardholder data mismatch', 3, 'card_data'],
  ['N3', 'cash service not available', 2, 'limit', 'unmapped'],
  ['N4', 'cash limit exceeded', 2, 'limit', 'unmapped'],
  ['N7', 'CVV2 failure', 3, 'card_data'],
  ['R0', 'payment stopped by the cardholder', 1, 'never'],
  ['R1', 'authorization revoked', 1, 'never'],
  ['R3', 'all authorizations revoked', 1, 'never'],
  ['Z5', 'amount not supported', 2, 'limit', 'unmapped'],
  ['76 77 80 81 84 85 87 88 89', 'private use', 4, 'unmapped'],
]

const categoryThreeInEurope = new Set(['70', '1A'])

export const networkCodes: ReadonlyMap<string, NetworkCode> = new Map(
  rows.flatMap(([codes, meaning, visa_category, visa, other, alarm]) =>
    codes.split(' ').map((code): [string, NetworkCode] => [
      code,
      {
        meaning,
        visa_category,
        visa_category_europe: categoryThreeInEurope.has(code) ? 3 : null,
        visa,
        other: other ?? visa,
        alarm: alarm === 'alarm',
      },
    ]),
  ),
)

/** Category of a Visa decline; codes that are not in the table are generic. `european`: acquirer in Europe or CEMEA. */
export function visaCategory(code: string, european: boolean): VisaCategory {
  const entry = networkCodes.get(code)
  return (european ? entry?.visa_category_europe : null) ?? entry?.visa_category ?? 4
}
