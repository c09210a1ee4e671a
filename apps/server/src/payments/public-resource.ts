/** The public view of a payment, flat under `data`: merchant API contract 11.6. Never fees, customer data or callback targets. */
import type { Account } from '../accounts/account.ts'
import type { JsonObject, JsonValue } from '../http/json.ts'
import { serialNumber } from '../ids.ts'
import type { Payment } from './payment.ts'
import { amountJson, type Exponents, flowDataView, metadataView, unixSeconds } from './resource.ts'
import { shownStatus } from './rules/shown-status.ts'

export type PublicPaymentParts = {
  readonly payment: Payment
  readonly account: Pick<Account, 'website'>
  readonly exponents: Exponents
  /** Only in the answer to a creation, and to its repetition while the payment is open. */
  readonly hpp_url?: string
}

export type PublicPaymentDocument = { readonly data: JsonObject }

export function publicPaymentDocument(parts: PublicPaymentParts): PublicPaymentDocument {
  return { data: publicPaymentResource(parts) }
}

/** Members in the order of the samples; resolutions are upper case here and nowhere else. */
export function publicPaymentResource({ payment, account, exponents, hpp_url }: PublicPaymentParts): JsonObject {
  const money = (minor: bigint | null): JsonValue => amountJson(minor, payment.currency, exponents)
  const resource: JsonObject = {
    id: payment.id,
    serial_number: serialNumber(payment.id),
    created: unixSeconds(payment.created_at),
    test_mode: payment.test_mode,
    reference_id: payment.reference_id,
    currency: payment.currency,
    amount: money(payment.amount_minor),
    payment_amount: money(payment.payment_amount_minor),
    processed_amount: money(payment.processed_amount_minor),
    refunded_amount: money(payment.refunded_amount_minor),
    description: payment.description,
    has_return_url: payment.return_url !== null || payment.return_urls !== null,
    status: shownStatus(payment.status),
    resolution: payment.resolution.toUpperCase(),
    service: payment.service,
    service_method: payment.service_method,
    service_flow: payment.service_flow,
    service_currency: payment.service_currency,
    metadata: metadataView(payment.metadata, account.website),
  }
  if (hpp_url !== undefined) resource.hpp_url = hpp_url
  resource.active_payment = activePayment(payment)
  return resource
}

function activePayment(payment: Payment): JsonValue {
  if (payment.service === null) return null
  return {
    payload: flowDataView(payment.flow_data),
    status: payment.payment_status ?? 'invoked',
    resolution: payment.resolution.toUpperCase(),
  }
}
