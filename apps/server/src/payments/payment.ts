/**
 * A payment invoice and the attempts made for it, as the rows of 0004_create_payments.sql.
 * Amounts are minor units: of `currency`, but for `service_*` and attempts, which are in `service_currency`.
 */
import type { CardFacts, ChargeOperation, DeclineSignals, RedirectAction } from '@cascad/connector'
import type { RequisiteMethod } from '@cascad/connector/requisites'
import type { FeeTerms } from '@cascad/money'
import type { JsonObject } from '../http/json.ts'

export type PaymentStatus =
  | 'created'
  | 'processing'
  | 'process_pending'
  | 'process_error'
  /** A hold that may be captured; shown as `process_pending`. */
  | 'authorized'
  | 'processed'
  | 'partially_processed'
  | 'process_failed'
  | 'expired'
  | 'terminated'
  | 'verified'
  | 'verify_failed'
  | 'refunding'
  | 'refund_pending'
  | 'refund_error'
  | 'partially_refunded'
  | 'refunded'
  | 'refund_failed'
  | 'charged_back'
  | 'partially_charged_back'

/** Payment level of the public view (contract 11.6). */
export type ActivePaymentStatus =
  | 'invoked'
  | 'authorize_required'
  | 'processed'
  | 'process_failed'
  | 'revoked'
  | 'refunded'

export type PaymentSource =
  | 'merchant_api'
  | 'platform_public_api'
  | 'merchant_dashboard'
  | 'platform_dashboard'
  | 'platform_api'
  | 'addon'
  | 'card_api'

/** Where the payer is to be sent; `flow_data` of the contract, 11.7. */
export type FlowData = {
  readonly action: string
  readonly method: 'GET' | 'POST'
  readonly params: Readonly<Record<string, string>>
  readonly metadata: Readonly<Record<string, string>>
}

/** What is kept of a card: never more than the first six and last four digits. */
export type CardPayload = {
  readonly first: string
  readonly last: string
  readonly mask: string
  readonly brand: string | null
  readonly network: string | null
  readonly holder: string | null
  readonly expiry_year: string
  readonly expiry_month: string
  readonly issuer_name: string | null
  readonly issuer_country: string | null
}

export type Payload = { readonly token: string | null; readonly client_ip: string; readonly payment_card?: CardPayload }

export type OriginalData = {
  readonly external_id: string | null
  readonly merchant_id: string | null
  readonly provider_id: string | null
  readonly external_mid: string
  readonly provider_code: string | null
}

export type ReturnUrls = { readonly success?: string; readonly pending?: string; readonly fail?: string }

export type CustomerFacts = {
  readonly reference_id: string
  readonly email: string | null
  readonly name: string | null
  readonly phone: string | null
}

export type PaymentOptions = {
  readonly allow_partially?: boolean
  /** Card API: in place of the account's option. */
  readonly accept_late_success?: boolean
  readonly bypass_hpp?: boolean
  readonly send_operation_context_on_return?: boolean
}

/** What the invoice was planned with; another amount paid is reckoned with the same terms. */
export type PaymentTerms = {
  readonly fee: FeeTerms
  /** Percent as decimal text; `null` = no reserve. */
  readonly reserve_rate: string | null
  readonly reserve_lifetime_minutes: number | null
}

export type Payment = {
  readonly account_id: string
  readonly id: string
  readonly version: number
  readonly reference_id: string
  readonly test_mode: boolean
  readonly status: PaymentStatus
  /** Lower case; views decide on upper case. */
  readonly resolution: string
  readonly payment_flow: ChargeOperation
  readonly source: PaymentSource
  readonly amount_minor: bigint
  readonly currency: string
  readonly payment_amount_minor: bigint
  readonly fee_minor: bigint
  readonly deposit_minor: bigint
  readonly terms: PaymentTerms
  readonly service: string | null
  readonly service_method: string | null
  readonly service_flow: 'hpp' | 'invoice' | 'test' | null
  readonly service_currency: string | null
  readonly service_amount_minor: bigint | null
  readonly payment_service_amount_minor: bigint | null
  readonly exchange_rate: string | null
  readonly service_fields: Readonly<Record<string, string>>
  readonly processed_at: Date | null
  readonly processed_amount_minor: bigint | null
  readonly processed_fee_minor: bigint | null
  readonly processed_deposit_minor: bigint | null
  readonly refunded_amount_minor: bigint | null
  readonly refunded_fee_minor: bigint | null
  readonly refunded_at: Date | null
  readonly charged_back_amount_minor: bigint | null
  /** Of authorizations: what is or was held. What of it was taken is the processed amount. */
  readonly authorized_amount_minor: bigint | null
  readonly voided_amount_minor: bigint | null
  readonly reserved_amount_minor: bigint | null
  readonly reserve_expires_at: Date | null
  readonly unreserved: boolean | null
  readonly metadata: JsonObject | null
  readonly description: string | null
  readonly descriptor: string | null
  readonly customer_id: string | null
  readonly customer: CustomerFacts | null
  /** Effective target of callbacks. */
  readonly callback_url: string | null
  readonly return_url: string | null
  readonly return_urls: ReturnUrls | null
  readonly gateway_options: JsonObject | null
  readonly options: PaymentOptions | null
  /** Token of the saved card it is to be paid with. */
  readonly card_token: string | null
  /** `cgi_…` of the card page; card services only. */
  readonly session_id: string | null
  readonly flow_data: FlowData | null
  readonly payload: Payload | null
  readonly original_data: OriginalData
  readonly rrn: string | null
  readonly approval_code: string | null
  /** Code of the Card API where no attempt says one: no gateway fits, blocked. */
  readonly unified_code: string | null
  /** Keyed hash of the card number; `null` = no card yet. */
  readonly card_fingerprint: string | null
  readonly payment_status: ActivePaymentStatus | null
  readonly payer_acted_at: Date | null
  /** When the payer's details were first handed to a gateway. */
  readonly submitted_at: Date | null
  readonly submissions: number
  readonly routing_runs: number
  readonly scheme_version: string | null
  readonly created_at: Date
  readonly updated_at: Date
  readonly expires_at: Date
  readonly due_at: Date | null
}

export type AttemptStatus =
  | 'sent'
  | 'incomplete'
  | 'unknown'
  /** Nobody knows what became of it, and the payer has seen nothing of it: requisites that were never shown. */
  | 'orphaned'
  | 'approved'
  | 'declined'
  | 'not_sent'
  | 'expired'
  | 'cancelled'
  | 'reversed'

/** The payer was shown requisites. What they are is kept elsewhere, encrypted. */
export type RequisitesShown = {
  readonly kind: 'requisites'
  readonly method: RequisiteMethod
  /** ISO 8601. */
  readonly expires_at: string
}

export type Attempt = {
  readonly account_id: string
  readonly payment_id: string
  /** 1, 2, … in the order of the cascade. */
  readonly number: number
  /** Also the idempotency key towards the provider. */
  readonly id: string
  readonly gateway_id: number
  readonly connector: string
  /** What the provider knows it by: `{payment serial}-{number}`. */
  readonly reference: string
  readonly test_mode: boolean
  readonly status: AttemptStatus
  readonly amount_minor: bigint
  readonly currency: string
  readonly winner: boolean
  readonly late_approval: boolean
  readonly approved_amount_minor: bigint | null
  readonly class: string | null
  readonly signals: (DeclineSignals & { readonly classes?: readonly unknown[] }) | null
  readonly resolution: string | null
  readonly provider_reference: string | null
  readonly action: RedirectAction | RequisitesShown | null
  readonly card_facts: CardFacts | null
  readonly detail: string | null
  readonly decision: string | null
  readonly reversal_status: 'needed' | 'sent' | 'unknown' | 'done' | 'failed' | null
  readonly lookups: number
  readonly not_found_count: number
  readonly not_found_at: Date | null
  readonly sent_at: Date
  readonly decided_at: Date | null
}

/** Where the payer's browser is to go, if that is what the attempt waits for. */
export function pageOf({ action }: Pick<Attempt, 'action'>): RedirectAction | null {
  return action?.kind === 'requisites' ? null : action
}

/** What is done with a charge at the gateway that approved it: money given back, held money taken, a hold given up. */
export type Operation = {
  readonly account_id: string
  readonly payment_id: string
  readonly id: string
  readonly kind: 'refund' | 'capture' | 'void'
  readonly version: number
  readonly reference_id: string
  readonly amount_minor: bigint
  readonly returned_fee_minor: bigint
  readonly currency: string
  readonly provider_amount_minor: bigint
  readonly provider_currency: string
  readonly description: string | null
  readonly status: 'sent' | 'unknown' | 'done' | 'failed'
  readonly resolution: string
  readonly gateway_id: number
  readonly attempt_number: number
  readonly provider_reference: string | null
  readonly detail: string | null
  readonly lookups: number
  /** Refunds of a capture: its id. */
  readonly capture_id: string | null
  /** Captures and voids: nothing is left of the hold afterwards. */
  readonly final: boolean
  /** Captures and voids of a hold, once done: what was held until then. */
  readonly held_minor: bigint | null
  /** Captures, once done: what of the amount is the fee, and what is held back as reserve. */
  readonly fee_minor: bigint | null
  readonly reserved_minor: bigint | null
  readonly signals: DeclineSignals | null
  readonly card_facts: CardFacts | null
  readonly created_at: Date
  readonly decided_at: Date | null
  readonly due_at: Date | null
}

/** All that a creation needs, already checked field by field. */
export type NewPayment = {
  readonly reference_id: string | null
  readonly test_mode: boolean
  readonly payment_flow: ChargeOperation
  readonly source: PaymentSource
  readonly amount_minor: bigint
  readonly currency: string
  /** `null` only for payment links: the payer chooses on the page. */
  readonly service: string | null
  readonly service_fields: Readonly<Record<string, string>>
  readonly description: string | null
  readonly customer: NewCustomer | null
  readonly metadata: JsonObject | null
  readonly return_url: string | null
  readonly return_urls: ReturnUrls | null
  readonly callback_url: string | null
  readonly gateway_options: JsonObject | null
  readonly options: PaymentOptions | null
  readonly token: string | null
  readonly expires_at: Date | null
}

export type NewCustomer = CustomerFacts & {
  readonly individual_tax_id: string | null
  /** `YYYY-MM-DD` */
  readonly date_of_birth: string | null
  readonly address: JsonObject | null
  readonly metadata: JsonObject | null
}

/** Statuses after which nothing more is owed to the payer's try: no attempt may start. */
export const closedStatuses: ReadonlySet<PaymentStatus> = new Set<PaymentStatus>([
  'authorized',
  'processed',
  'partially_processed',
  'process_failed',
  'expired',
  'terminated',
  'verified',
  'verify_failed',
  'refunding',
  'refund_pending',
  'refund_error',
  'partially_refunded',
  'refunded',
  'refund_failed',
  'charged_back',
  'partially_charged_back',
])

export function isClosed(payment: Pick<Payment, 'status'>): boolean {
  return closedStatuses.has(payment.status)
}
