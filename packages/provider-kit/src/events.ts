/**
 * The words of the Cascade API, for the provider and for its caller: six events, their data, their answers.
 * Source: Cascade API contract, sections 2 and 3.
 */

export const eventNames = [
  'CREATE_PAYMENT',
  'GET_PAYMENT',
  'CANCEL_PAYMENT',
  'CREATE_APPEAL',
  'CANCEL_APPEAL',
  'CONFIRM_APPEAL',
] as const
export const methods = ['card', 'sbp', 'account'] as const
export const paymentStatuses = ['pending', 'success', 'failed', 'appeal'] as const

export type EventName = (typeof eventNames)[number]
export type Method = (typeof methods)[number]
export type PaymentStatus = (typeof paymentStatuses)[number]

/** Plain decimal text in its shortest form: "3900", "85.5". */
export type Decimal = string

export type CreatePaymentInput = {
  /** Major units of `currency`. */
  amount: Decimal
  method: Method
  /** Units of `currency` for one unit of the currency the provider's balance is kept in. */
  currencyRate: Decimal
  /** ISO 4217. */
  currency: string
  /** Minutes the payment must stay payable. */
  transactionWindowInMin?: number
}
export type IssuedPayment = {
  id: string
  status: PaymentStatus
  bank: string
  owner: string
  /** Required for `card`. */
  cardNumber?: string
  /** Required for `account`. */
  accountNumber?: string
  /** Phone number, required for `sbp`. */
  sbpNumber?: string
}
export type PaymentReference = { id: string }
/** `id` = the payment's; `amount` = what the payer says he sent, major units; `url` = his receipt. */
export type CreateAppealInput = { id: string; amount: Decimal; url: string }
/** `id` = the `appealId` that was answered, or the payment's id when none was. */
export type AppealReference = { id: string }

export type EventData = {
  CREATE_PAYMENT: CreatePaymentInput
  GET_PAYMENT: PaymentReference
  CANCEL_PAYMENT: PaymentReference
  CREATE_APPEAL: CreateAppealInput
  CANCEL_APPEAL: AppealReference
  CONFIRM_APPEAL: AppealReference
}

/** Bodies of answers with status 200 or 201; an empty one is `{}`. */
export type EventAnswer = {
  CREATE_PAYMENT: IssuedPayment
  GET_PAYMENT: { status: PaymentStatus }
  CANCEL_PAYMENT: Record<string, never>
  CREATE_APPEAL: { appealId?: string }
  CANCEL_APPEAL: Record<string, never>
  CONFIRM_APPEAL: Record<string, never>
}

/** Reasons of a refusal that the caller understands; any other text counts as `OTHER`. */
export const refusalCodes = [
  'NO_REQUISITES',
  'INSUFFICIENT_BALANCE',
  'AMOUNT_OUT_OF_RANGE',
  'METHOD_UNSUPPORTED',
  'CURRENCY_UNSUPPORTED',
  'RATE_REJECTED',
  'DUPLICATE',
  'THROTTLED',
  'OTHER',
] as const
export type RefusalCode = (typeof refusalCodes)[number]

/** The body of every answer that is no success. */
export type ErrorAnswer = { code: string; message: string; errors?: Record<string, string> }

/** Which field of an issued payment holds the number to pay to. */
export const numberField = { card: 'cardNumber', sbp: 'sbpNumber', account: 'accountNumber' } as const satisfies Record<
  Method,
  keyof IssuedPayment
>

/** The event of a request in either spelling, `CascadeEvents.CREATE_PAYMENT` or `CREATE_PAYMENT`. */
export function eventNameOf(value: unknown): EventName | null {
  if (typeof value !== 'string') return null
  const name = value.startsWith('CascadeEvents.') ? value.slice('CascadeEvents.'.length) : value
  return (eventNames as readonly string[]).includes(name) ? (name as EventName) : null
}
