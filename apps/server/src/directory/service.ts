/** Currencies, methods and services of the directory, and what an account makes of them. Merchant API contract, sections 9 and 10. */
export type Locale = 'en' | 'ru' | 'uk'
export type LocalText = { readonly en: string; readonly ru: string; readonly uk: string }

export type Currency = {
  readonly code: string
  readonly name: string
  /** Decimals: USD 2, JPY 0, KWD 3, BTC 8. */
  readonly exponent: number
  readonly kind: 'fiat' | 'crypto' | 'virtual'
}

export type ServiceFlow = 'hpp' | 'invoice' | 'test'

export type ServiceField = {
  readonly key: string
  readonly type: 'string'
  readonly label: LocalText
  readonly hint: LocalText
  readonly example: string | null
  /** Pattern without delimiters, single backslashes; matched anchored. */
  readonly regexp: string
  readonly required: boolean
  readonly position: number
}

export type PaymentMethod = {
  readonly code: string
  readonly category: string
  readonly description: string
  readonly name: LocalText
  /** Paths below the assets base, such as `/payment_methods/test/logo.png`. */
  readonly logo: string
  readonly icon: string
}

/** A payment service of one account in one mode, with the directory's facts about it. Amounts in minor units. */
export type AccountService = {
  /** `comcps_…` */
  readonly id: string
  readonly account_id: string
  readonly test_mode: boolean
  readonly service: string
  readonly method: PaymentMethod
  readonly flow: ServiceFlow
  /** What the payer pays in; limits are in its minor units. */
  readonly service_currency: string
  readonly fields: readonly ServiceField[]
  readonly amount_min_minor: bigint
  readonly amount_max_minor: bigint
  /** A gateway that works in this mode can take the method in this currency. */
  readonly available: boolean
  readonly active: boolean
  readonly enabled: boolean
  /** Percent as decimal text: "3" = 3 %. */
  readonly fee_rate: string
  /** In minor units of `fee_currency`, the account's base currency. */
  readonly fee_fix_minor: bigint
  readonly fee_min_minor: bigint
  readonly fee_max_minor: bigint
  readonly fee_currency: string
  readonly reserve_rate: string | null
  readonly reserve_lifetime_minutes: number | null
  readonly created_at: Date
}
