/** What a merchant's server sees of a card session: answer to `POST /payment/sale`. Merchant API contract 15. */
import type { JsonObject, JsonValue } from '../http/json.ts'
import { type Attempt, isClosed, type Payment, type PaymentStatus, pageOf } from './payment.ts'
import { amountJson, type Exponents, mapOrList } from './resource.ts'
import { shownFlow, shownStatus } from './rules/shown-status.ts'

export type SaleOperationParts = {
  readonly payment: Payment
  readonly attempts: readonly Attempt[]
  readonly exponents: Exponents
}

export type SaleOperationDocument = { readonly data: JsonObject }

/** The level between invoice and single attempt has fewer words (contract 7.4). */
const requestStatuses: Readonly<Record<PaymentStatus, string>> = {
  created: 'created',
  processing: 'process_pending',
  process_pending: 'process_pending',
  process_error: 'process_error',
  authorized: 'process_pending',
  processed: 'processed',
  partially_processed: 'processed',
  process_failed: 'process_failed',
  expired: 'expired',
  terminated: 'terminated',
  verified: 'processed',
  verify_failed: 'process_failed',
  refunding: 'refund_pending',
  refund_pending: 'refund_pending',
  refund_error: 'refund_error',
  partially_refunded: 'refunded',
  refunded: 'refunded',
  refund_failed: 'refund_failed',
  charged_back: 'charged_back',
  partially_charged_back: 'charged_back',
}

/** The last try failed, and the payment waits for another one. */
function isRepeatable(payment: Payment): boolean {
  return payment.status === 'process_pending' && payment.payment_status === 'process_failed'
}

/** Members in the order of the contract; `auth_payload` only while the payer must confirm with the issuer. */
export function saleOperationDocument({ payment, attempts, exponents }: SaleOperationParts): SaleOperationDocument {
  const resolution = payment.resolution.toLowerCase()
  const attributes: JsonObject = {
    amount: amountJson(payment.amount_minor, payment.currency, exponents),
    currency: payment.currency,
    service: payment.service,
    options: mapOrList(payment.options),
    customer: payment.customer === null ? null : { reference_id: payment.customer.reference_id },
    repeatable: isRepeatable(payment),
    flow: shownFlow(payment),
    status: shownStatus(payment.status),
    resolution,
    active_request: { status: requestStatuses[payment.status], resolution },
    active_payment: { status: payment.payment_status ?? 'invoked', resolution: payment.resolution.toUpperCase() },
    auto_repay: false,
    metadata: {
      fee: amountJson(payment.fee_minor, payment.currency, exponents),
      fee_strategy: payment.terms.fee.strategy,
    },
    form_data: null,
  }
  const challenge = challengeOf(payment, attempts)
  if (challenge !== null) attributes.auth_payload = challenge
  return { data: { type: 'sale-operation', id: payment.session_id, attributes } }
}

function challengeOf(payment: Payment, attempts: readonly Attempt[]): JsonValue {
  const open = isClosed(payment) ? undefined : attempts.findLast((attempt) => attempt.status === 'incomplete')
  const action = open ? pageOf(open) : null
  return action === null ? null : { action: action.url, method: action.method, params: { ...action.params } }
}
