/** A shop: a credential of the Card API that belongs to a merchant account. An account may have many. */

export type ShopSettings = {
  /** Every transaction of the shop is a test, whatever the request says. */
  readonly test_mode: boolean
  readonly three_d_secure: 'off' | 'auto' | 'required'
  /** The shop may send card numbers. */
  readonly raw_card_data: boolean
  /** The engine goes on to another gateway by itself. */
  readonly automatic_cascading: boolean
  /** Answers carry the list of attempts. */
  readonly expose_attempts: boolean
  /** Paths such as `customer.email` or `billing_address.zip` that requests must carry. */
  readonly required_customer_fields: readonly string[]
  /** When answers carry a token of the card. */
  readonly return_token: 'always' | 'on_request' | 'never'
  /** Used when a request names none. */
  readonly notification_url: string | null
  /** Requests per second; `null` = no limit. */
  readonly rate_limit: number | null
  /** An approval that comes after the end makes the transaction successful instead of being taken back. */
  readonly accept_late_success: boolean
}

export const defaultShopSettings: ShopSettings = {
  test_mode: false,
  three_d_secure: 'auto',
  raw_card_data: false,
  automatic_cascading: false,
  expose_attempts: true,
  required_customer_fields: [],
  return_token: 'on_request',
  notification_url: null,
  rate_limit: 50,
  accept_late_success: false,
}

export type Shop = {
  readonly account_id: string
  readonly shop_id: number
  readonly name: string
  readonly active: boolean
  readonly secret_hash: Uint8Array
  /** Base64 of the DER SubjectPublicKeyInfo, one line. */
  readonly public_key: string
  readonly settings: ShopSettings
}
