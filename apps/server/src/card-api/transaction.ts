/**
 * A transaction of the Card API: the face of a payment (types `payment`, `authorization`) or of an operation on one
 * (`capture`, `void`, `refund`). State stands in payments, attempts and operations; rows of card_transactions say what was asked.
 */
import type { JsonObject } from '../http/json.ts'

export type ParentType = 'payment' | 'authorization'
export type ChildType = 'capture' | 'void' | 'refund'
export type TransactionType = ParentType | ChildType

export type TransactionStatus = 'successful' | 'failed' | 'incomplete' | 'pending' | 'expired'

/** 2 = envelope, 3 = flat body. */
export type ApiVersion = 2 | 3

export type Customer = {
  readonly ip: string | null
  readonly email: string | null
  readonly phone: string | null
  readonly device_id: string | null
  /** `YYYY-MM-DD` */
  readonly birth_date: string | null
  readonly external_id: string | null
}

export type Address = {
  readonly first_name: string | null
  readonly last_name: string | null
  readonly address: string | null
  readonly country: string | null
  readonly city: string | null
  readonly zip: string | null
  readonly state: string | null
  readonly phone: string | null
}

/** What is kept and shown of a card. */
export type ShownCard = {
  readonly holder: string | null
  /** Network name as this API writes it: `visa`, `master`, `maestro`, …, `unknown`. */
  readonly brand: string
  readonly first_1: string
  readonly last_4: string
  readonly bin: string
  /** First eight digits; kept of numbers of 16 digits and more only, `null` for shorter ones. */
  readonly bin_8: string | null
  readonly issuer_country: string | null
  readonly issuer_name: string | null
  readonly exp_month: number
  readonly exp_year: number
}

export type CascadeMode = 'none' | 'merchant' | 'automatic'

export type Contract = 'recurring' | 'oneclick' | 'credit' | 'card_on_file'

/** The part of a request that is kept: of parents all that is shown again, of children reason and additional_data. */
export type KeptRequest = {
  readonly description: string | null
  readonly language: string
  readonly descriptor: string | null
  /** ISO 8601 with milliseconds. */
  readonly expired_at: string | null
  readonly notification_url: string | null
  readonly return_url: string | null
  readonly card: ShownCard | null
  /** Token that was sent, or under which the card was kept for this transaction. */
  readonly token: string | null
  /** The request was made with the token: it is shown whatever becomes of the transaction; else only of a successful one. */
  readonly token_sent: boolean
  readonly contract: readonly Contract[]
  readonly recurring_type: 'initial' | 'recurring' | null
  readonly customer: Customer | null
  readonly billing_address: Address | null
  readonly additional_data: JsonObject
  readonly reason: string | null
  /** Amount in minor units, as decimal text. */
  readonly amount: string
  readonly currency: string
  readonly test: boolean
}

/** A row of card_transactions. */
export type Transaction = {
  readonly account_id: string
  readonly uid: string
  readonly shop_id: number
  readonly type: TransactionType
  readonly payment_id: string
  readonly operation_id: string | null
  readonly parent_uid: string | null
  readonly tracking_id: string | null
  readonly api_version: ApiVersion
  readonly binding_id: string | null
  readonly cascade_mode: CascadeMode
  /** 64 hex characters; `null` for children. */
  readonly stamp: string | null
  readonly request: KeptRequest
  readonly created_at: Date
}
