/**
 * The private view of a payment: JSON:API document of merchant API contract 11.5, members in the order of its samples.
 * Pure and cheap, because every callback body and every answer of the private API is made here.
 */
import { formatMinor } from '@cascad/money'
import type { Account } from '../accounts/account.ts'
import type { CallbackLogs } from '../callbacks/read-logs.ts'
import type { JsonObject, JsonValue } from '../http/json.ts'
import { serialNumber } from '../ids.ts'
import type { FlowData, OriginalData, Payload, Payment } from './payment.ts'
import { shownFlow, shownStatus } from './rules/shown-status.ts'

/** Decimals by currency code; what `currencies(ctx)` gives fits. */
export type Exponents = ReadonlyMap<string, { readonly exponent: number }>

export type PaymentDocumentParts = {
  readonly payment: Payment
  readonly account: Pick<Account, 'website' | 'options'>
  /** `null` in the answer to a creation and in a first callback: nothing was told before. */
  readonly logs: CallbackLogs | null
  readonly exponents: Exponents
  /** Only in the answer to a creation, and to its repetition while the payment is open. */
  readonly hpp_url?: string
}

export type PaymentDocument = { readonly data: JsonObject }

/** The whole body of a private answer or callback. `JSON.stringify` of it is the wire form; amounts pass through no double. */
export function paymentDocument(parts: PaymentDocumentParts): PaymentDocument {
  return { data: paymentResource(parts) }
}

/** One member of `data`: the single read and each item of a list are the same object. */
export function paymentResource(parts: PaymentDocumentParts): JsonObject {
  const { payment } = parts
  return {
    type: 'payment-invoices',
    id: payment.id,
    attributes: attributesOf(parts),
    relationships: relationshipsOf(payment),
    links: { self: `/api/payment-invoices/${payment.id}` },
  }
}

function attributesOf({ payment, account, logs, exponents, hpp_url }: PaymentDocumentParts): JsonObject {
  const money = (minor: bigint | null): JsonValue => amountJson(minor, payment.currency, exponents)
  const attributes: JsonObject = {
    serial_number: serialNumber(payment.id),
    status: shownStatus(payment.status),
    resolution: payment.resolution.toLowerCase(),
    moderation_required: false,
    amount: money(payment.amount_minor),
    payment_amount: money(payment.payment_amount_minor),
    currency: payment.currency,
    service_currency: payment.service_currency,
    reference_id: payment.reference_id,
    test_mode: payment.test_mode,
    fee: money(payment.fee_minor),
    deposit: money(payment.deposit_minor),
    processed: unixSeconds(payment.processed_at),
    processed_amount: money(payment.processed_amount_minor),
    refunded_amount: money(payment.refunded_amount_minor),
    processed_fee: money(payment.processed_fee_minor),
    processed_deposit: money(payment.processed_deposit_minor),
    metadata: metadataView(payment.metadata, account.website),
    flow_data: flowDataView(payment.flow_data),
    flow: payment.service_flow,
  }
  if (hpp_url !== undefined) attributes.hpp_url = hpp_url
  attributes.payment_flow = shownFlow(payment)
  attributes.created = unixSeconds(payment.created_at)
  attributes.updated = unixSeconds(later(payment.updated_at, logs?.last_write ?? null))
  attributes.payload = payloadView(payment.payload, account.options.hide_card_details)
  attributes.description = payment.description
  attributes.descriptor = payment.descriptor
  attributes.callback_url = payment.callback_url
  attributes.return_url = payment.return_url
  attributes.original_data = originalDataView(payment.original_data)
  attributes.rrn = payment.rrn
  attributes.approval_code = payment.approval_code
  attributes.reserved_amount = money(payment.reserved_amount_minor)
  attributes.reserve_expires = unixSeconds(payment.reserve_expires_at)
  attributes.unreserved = payment.unreserved
  attributes.source = payment.source
  attributes.callback_logs = mapOrList(logs?.logs ?? null)
  addConditional(attributes, payment, exponents)
  return attributes
}

function addConditional(attributes: JsonObject, payment: Payment, exponents: Exponents): void {
  if (payment.service_currency !== null && payment.service_currency !== payment.currency) {
    attributes.service_amount = amountJson(payment.service_amount_minor, payment.service_currency, exponents)
    attributes.payment_service_amount = amountJson(
      payment.payment_service_amount_minor,
      payment.service_currency,
      exponents,
    )
    attributes.exchange_rate = payment.exchange_rate === null ? null : rateJson(payment.exchange_rate)
  }
  if (payment.refunded_amount_minor !== null) {
    attributes.refunded_fee = amountJson(payment.refunded_fee_minor ?? 0n, payment.currency, exponents)
    attributes.refunded = unixSeconds(payment.refunded_at)
  }
  if (payment.charged_back_amount_minor !== null) {
    attributes.charged_back_amount = amountJson(payment.charged_back_amount_minor, payment.currency, exponents)
  }
  if (payment.options !== null) attributes.options = mapOrList(payment.options)
}

/** A member without a target is left out; the object itself is always there. */
function relationshipsOf(payment: Payment): JsonObject {
  const relationships: JsonObject = {}
  const add = (name: string, type: string, id: string | null): void => {
    if (id !== null) relationships[name] = { data: { type, id } }
  }
  add('payment-service', 'payment-services', payment.service)
  add('payment-method', 'payment-methods', payment.service_method)
  add('customer', 'customers', payment.customer_id)
  return relationships
}

/** A JSON number in shortest plain notation; the currency must be known, a stored payment's always is. */
export function amountJson(minor: bigint | null, currency: string, exponents: Exponents): JsonValue {
  if (minor === null) return null
  const known = exponents.get(currency)
  if (known === undefined)
    throw new Error(`No exponent for ${currency}: the currency of a stored payment left the directory`)
  return JSON.rawJSON(formatMinor(minor, known.exponent))
}

/** Decimal text of the database, such as "30.959723000000", as a JSON number. */
function rateJson(rate: string): JsonValue {
  return JSON.rawJSON(rate.includes('.') ? rate.replace(/\.?0+$/, '') : rate)
}

/** Whole unix seconds, as all times of the API. */
export function unixSeconds(time: Date): number
export function unixSeconds(time: Date | null): number | null
export function unixSeconds(time: Date | null): number | null {
  return time === null ? null : Math.floor(time.getTime() / 1000)
}

function later(a: Date, b: Date | null): Date {
  return b !== null && b > a ? b : a
}

/** An empty map is written `[]`: readers of the API have always met it so (contract 3.3). */
export function mapOrList(map: object | null): JsonValue {
  if (map === null) return []
  for (const _ in map) return map as JsonObject
  return []
}

/** What the merchant sent, plus its website; a `merchant_url` of its own stays (contract 19.6). */
export function metadataView(metadata: JsonObject | null, website: string | null): JsonValue {
  if (website === null || website === '' || (metadata !== null && Object.hasOwn(metadata, 'merchant_url')))
    return mapOrList(metadata)
  return { ...metadata, merchant_url: website }
}

/** Also the `active_payment.payload` of the public view. */
export function flowDataView(flow: FlowData | null): JsonValue {
  if (flow === null) return []
  return {
    action: flow.action,
    method: flow.method,
    params: mapOrList(flow.params),
    metadata: mapOrList(flow.metadata),
  }
}

function payloadView(payload: Payload | null, hideCard: boolean): JsonValue {
  if (payload === null) return null
  const view: JsonObject = { token: payload.token, client_ip: payload.client_ip }
  const card = payload.payment_card
  if (card === undefined || hideCard) return view
  view.payment_card = {
    last: card.last,
    mask: card.mask,
    brand: card.brand,
    first: card.first,
    holder: card.holder,
    network: card.network,
    expiry_year: card.expiry_year,
    issuer_name: card.issuer_name,
    expiry_month: card.expiry_month,
    issuer_country: card.issuer_country,
  }
  return view
}

function originalDataView(data: OriginalData): JsonObject {
  return {
    external_id: data.external_id,
    merchant_id: data.merchant_id,
    provider_id: data.provider_id,
    external_mid: data.external_mid,
    provider_code: data.provider_code,
  }
}
