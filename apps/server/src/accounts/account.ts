/** A merchant account as every module sees it. Options: merchant API contract, sections 2, 8, 11, 14, 16, 18. */
export type AccountStatus = 'new' | 'active' | 'inactive' | 'moderation_requested' | 'moderation_pending' | 'archived'

export type FeeStrategy = 'internal' | 'external'

export type AccountOptions = {
  readonly fee_strategy: FeeStrategy
  readonly reverse_fee: boolean
  readonly invoice_lifetime_minutes: number
  /** Automatic failovers after the first attempt. */
  readonly attempts_limit: number
  /** How often the payer may try again on the page after a definite failure. */
  readonly retry_limit: number
  readonly forbid_public_creation: boolean
  readonly allow_host_to_host: boolean
  readonly hide_card_details: boolean
  readonly return_fee_on_refund: boolean
  readonly send_operation_context: boolean
  readonly auto_return: boolean
  readonly allow_partially: boolean
  readonly callbacks_only_final: boolean
  /** Deliveries of one callback in all, the first included: 1–100. */
  readonly callback_attempts_max: number
  /** Template with {id} {description} {account_name} {created} {reference_id}; `null` = no descriptor. */
  readonly descriptor: string | null
  readonly show_zero_fee_badge: boolean
  readonly accept_late_success: boolean
  /** A transfer to requisites that comes after the payment has failed still pays it. Cascade API, 7.3. */
  readonly accept_late_transfers: boolean
  /** Payers may appeal on the page. Cascade API, 11.1. */
  readonly payer_appeals: boolean
  /** Every step of an appeal is told by a callback of its own. */
  readonly payment_appeals_callbacks: boolean
  /** Where the merchant is told of every step of his and his payers' appeals by e-mail; `null` = nowhere. Cascade API, 11.2. */
  readonly notification_email: string | null
}

export const defaultOptions: AccountOptions = {
  fee_strategy: 'internal',
  reverse_fee: false,
  invoice_lifetime_minutes: 30,
  attempts_limit: 5,
  retry_limit: 0,
  forbid_public_creation: false,
  allow_host_to_host: false,
  hide_card_details: false,
  return_fee_on_refund: false,
  send_operation_context: false,
  auto_return: false,
  allow_partially: false,
  callbacks_only_final: false,
  callback_attempts_max: 100,
  descriptor: null,
  show_zero_fee_badge: false,
  accept_late_success: false,
  accept_late_transfers: true,
  payer_appeals: true,
  payment_appeals_callbacks: false,
  notification_email: null,
}

export type ReturnUrls = {
  readonly success?: string
  readonly pending?: string
  readonly fail?: string
  readonly common?: string
}

export type Account = {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly icon: string | null
  readonly website: string | null
  readonly checkout_domain: string | null
  readonly status: AccountStatus
  readonly organisation_id: string
  readonly base_currency: string
  readonly ledger_scheme: 'none' | 'simple'
  readonly time_zone: string
  readonly api_key_hash: Uint8Array | null
  readonly api_ip_allowlist: readonly string[]
  readonly callback_url: string | null
  readonly return_urls: ReturnUrls
  readonly options: AccountOptions
  readonly created_at: Date
  readonly updated_at: Date
}

/** A currency account of a merchant: id `comca_…`, limits in minor units. */
export type CurrencyAccount = {
  readonly id: string
  readonly currency: string
  readonly overdraft_limit_minor: bigint
  readonly balance_lower_limit_minor: bigint | null
}
