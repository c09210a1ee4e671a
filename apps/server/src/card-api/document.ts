/** The bodies of transactions: the envelope of version 2 and the flat one of version 3. Card API contract 6, 7. */
import type { Shop } from '../accounts/shop.ts'
import type { JsonObject } from '../http/json.ts'
import type { Attempt, Operation, Payment } from '../payments/payment.ts'
import { merchantText, payerText } from './codes.ts'
import { codeOf, operationCodeOf, operationStatusOf, statusOf } from './rules/status.ts'
import {
  amountOf,
  cardSection,
  cascadeSection,
  checksSection,
  operationSection,
  routingSection,
  threeDsSection,
  titles,
} from './sections.ts'
import type { ApiVersion, Customer, Transaction, TransactionStatus, TransactionType } from './transaction.ts'

export type TransactionView = {
  readonly shop: Shop
  readonly transaction: Transaction
  readonly payment: Payment
  readonly attempts: readonly Attempt[]
  /** Of captures, voids and refunds. */
  readonly operation: Operation | null
  readonly gateways: ReadonlyMap<number, { readonly name: string }>
  /** Scheme and host of the pages of payers. */
  readonly card_host: string
}

/** The answer about one transaction. */
export function transactionBody(view: TransactionView, version: ApiVersion): JsonObject {
  return version === 2 ? { transaction: envelopeOf(view) } : flatOf(view)
}

/** The same as an element of a list. */
export function transactionElement(view: TransactionView, version: ApiVersion): JsonObject {
  return version === 2 ? envelopeOf(view) : flatOf(view)
}

/** What both versions say, in the words of version 2. */
function factsOf(view: TransactionView) {
  const { transaction, payment, attempts, operation, card_host } = view
  const { request, uid } = transaction
  const parent = operation === null
  const status = operation ? operationStatusOf(operation) : statusOf({ payment, attempts })
  const code = operation ? operationCodeOf(operation) : codeOf({ payment, attempts })
  const winner = attempts.find((attempt) => attempt.winner)
  const paid_at = operation ? doneAt(operation) : (winner?.decided_at ?? null)
  const updated_at = operation ? (operation.decided_at ?? operation.created_at) : payment.updated_at
  return {
    uid,
    status,
    code,
    type: transaction.type,
    amount: amountOf(request.amount),
    currency: request.currency,
    description: request.description,
    tracking_id: transaction.tracking_id,
    friendly_message: payerText(code, request.language),
    test: request.test,
    created_at: transaction.created_at.toISOString(),
    updated_at: updated_at.toISOString(),
    paid_at: paid_at?.toISOString() ?? null,
    expired_at: request.expired_at,
    closed_at: null,
    settled_at: null,
    psp_settled_at: null,
    manually_corrected_at: null,
    language: request.language,
    recurring_type: request.recurring_type,
    status_code: null,
    redirect_url: parent ? `${card_host}/process/${uid}` : null,
    receipt_url: null,
    parent_uid: transaction.parent_uid,
    reason: request.reason,
    binding_id: transaction.binding_id,
  }
}

function doneAt({ status, decided_at }: Operation): Date | null {
  return status === 'done' ? decided_at : null
}

function envelopeOf(view: TransactionView): JsonObject {
  const { transaction } = view
  const { description, uid, status, parent_uid, reason, friendly_message, ...facts } = factsOf(view)
  const { code, type, amount, currency, tracking_id, test, language, recurring_type, status_code, ...rest } = facts
  const { redirect_url, receipt_url, binding_id, ...times } = rest
  const parent = transaction.operation_id === null
  return {
    uid,
    id: uid,
    status,
    code,
    type,
    amount,
    currency,
    ...(parent ? { description } : {}),
    tracking_id,
    message: envelopeMessage(status, type),
    friendly_message,
    test,
    ...times,
    payment_method_type: 'credit_card',
    language,
    recurring_type,
    status_code,
    redirect_url,
    receipt_url,
    ...(parent ? {} : { parent_uid }),
    ...(type === 'refund' ? { reason } : {}),
    binding_id,
    ...(parent ? { credit_card: cardSection(view) } : {}),
    [type]: operationSection(view, status, code),
    ...(parent ? parentSections(view) : {}),
    ...(parent ? { customer: customerOf(transaction.request.customer), billing_address: addressOf(transaction) } : {}),
    additional_data: transaction.request.additional_data,
  }
}

function parentSections(view: TransactionView): JsonObject {
  const three_ds = threeDsSection(view)
  const cascade = cascadeSection(view)
  return {
    ...(three_ds ? { three_d_secure_verification: three_ds } : {}),
    smart_routing_verification: routingSection(view),
    avs_cvc_verification: checksSection(view),
    ...(cascade ? { cascade } : {}),
  }
}

function envelopeMessage(status: TransactionStatus, type: TransactionType): string | null {
  switch (status) {
    case 'successful':
      return 'Successfully processed'
    case 'failed':
      return `${titles[type]} was declined`
    case 'pending':
      return 'Transaction is being processed'
    case 'expired':
      return 'Transaction is expired'
    default:
      return null
  }
}

function flatOf(view: TransactionView): JsonObject {
  const { transaction } = view
  const parent = transaction.operation_id === null
  const { receipt_url, ...facts } = factsOf(view)
  const { uid, status, code, friendly_message, amount, currency, description, type, tracking_id, ...rest } = facts
  const { test, created_at, updated_at, paid_at, expired_at, closed_at, settled_at, ...later } = rest
  const { manually_corrected_at, psp_settled_at, redirect_url, parent_uid, reason, recurring_type, ...last } = later
  return {
    uid,
    status,
    code,
    friendly_message,
    message: status === 'incomplete' ? null : merchantText(code),
    amount,
    currency,
    description,
    type,
    tracking_id,
    test,
    created_at,
    updated_at,
    paid_at,
    expired_at,
    closed_at,
    settled_at,
    manually_corrected_at,
    psp_settled_at,
    redirect_url,
    parent_uid,
    reason,
    recurring_type,
    language: last.language,
    status_code: last.status_code,
    binding_id: last.binding_id,
    errors: null,
    customer: parent ? payerOf(transaction) : null,
    payment_method: parent ? { payment_method_type: 'credit_card', ...cardSection(view) } : null,
    recipient: null,
    smart_routing_verification: parent ? routingSection(view) : null,
    three_d_secure_verification: parent ? threeDsSection(view) : null,
    risk_verification: null,
    avs_cvc_verification: parent ? checksSection(view) : null,
    additional_data: transaction.request.additional_data,
    cascade: parent ? cascadeSection(view) : null,
    transaction: operationSection(view, status, code),
    links: { receipt_url },
    bank_info: null,
  }
}

/** Customer and address in one. */
function payerOf(transaction: Transaction): JsonObject {
  const { ip, email, phone, device_id, birth_date, external_id } = customerOf(transaction.request.customer)
  const { first_name, last_name, address, country, city, state, zip, ...more } = addressOf(transaction)
  return {
    ip,
    email,
    device_id,
    birth_date,
    first_name,
    last_name,
    address,
    country,
    city,
    state,
    zip,
    phone: phone ?? more.phone,
    external_id,
  }
}

const noCustomer: Customer = {
  ip: null,
  email: null,
  phone: null,
  device_id: null,
  birth_date: null,
  external_id: null,
}

function customerOf(customer: Customer | null): Record<keyof Customer, string | null> {
  const { ip, email, phone, device_id, birth_date, external_id } = customer ?? noCustomer
  return { ip, email, phone, device_id, birth_date, external_id }
}

function addressOf({ request }: Transaction) {
  const a = request.billing_address
  return {
    first_name: a?.first_name ?? null,
    last_name: a?.last_name ?? null,
    address: a?.address ?? null,
    country: a?.country ?? null,
    city: a?.city ?? null,
    zip: a?.zip ?? null,
    state: a?.state ?? null,
    phone: a?.phone ?? null,
  }
}
