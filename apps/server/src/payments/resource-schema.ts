/** Shapes of the documents of payments, for the OpenAPI page and the tests of the answers. Nothing is serialised by them. */
import Type, { type TSchema } from 'typebox'
import { amountSchema, codeSchema, idSchema, mapSchema, nullable, timeSchema } from '../http/schemas.ts'

const exact = { additionalProperties: false } as const
const amount = amountSchema
const text = Type.String()

export const statusSchema = Type.Union(
  [
    'created',
    'processing',
    'process_pending',
    'process_error',
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
  ].map((status) => Type.Literal(status)),
)

const sourceSchema = Type.Union(
  ['addon', 'merchant_api', 'merchant_dashboard', 'platform_api', 'platform_dashboard', 'platform_public_api'].map(
    (source) => Type.Literal(source),
  ),
)

const flowData = Type.Union([
  Type.Object(
    {
      action: Type.String({ description: 'Where to send the payer' }),
      method: Type.Union([Type.Literal('GET'), Type.Literal('POST')]),
      params: mapSchema(text),
      metadata: mapSchema(text),
    },
    exact,
  ),
  Type.Array(Type.Unknown(), { maxItems: 0 }),
])

const cardSchema = Type.Object(
  {
    last: text,
    mask: text,
    brand: nullable(text),
    first: text,
    holder: nullable(text),
    network: nullable(text),
    expiry_year: text,
    issuer_name: nullable(text),
    expiry_month: text,
    issuer_country: nullable(text),
  },
  exact,
)

const payload = Type.Object({ token: nullable(text), client_ip: text, payment_card: Type.Optional(cardSchema) }, exact)

const originalData = Type.Object(
  {
    external_id: nullable(text),
    merchant_id: nullable(text),
    provider_id: nullable(text),
    external_mid: text,
    provider_code: nullable(text),
  },
  exact,
)

const callbackLog = Type.Object(
  {
    status: Type.Union([Type.Literal('queued'), Type.Literal('done'), Type.Literal('failed')]),
    processed: nullable(timeSchema),
    response_code: nullable(Type.Integer()),
    transaction_status: statusSchema,
  },
  exact,
)

const attributes = Type.Object(
  {
    serial_number: text,
    status: statusSchema,
    resolution: Type.String({ description: 'Reason of the status, lower case' }),
    moderation_required: Type.Boolean(),
    amount,
    payment_amount: amount,
    currency: codeSchema,
    service_currency: nullable(codeSchema),
    reference_id: text,
    test_mode: Type.Boolean(),
    fee: amount,
    deposit: amount,
    processed: nullable(timeSchema),
    processed_amount: nullable(amount),
    refunded_amount: nullable(amount),
    processed_fee: nullable(amount),
    processed_deposit: nullable(amount),
    metadata: mapSchema(),
    flow_data: flowData,
    flow: nullable(text),
    hpp_url: Type.Optional(Type.String({ description: 'Only in the answer to a creation' })),
    payment_flow: Type.Union([Type.Literal('charge'), Type.Literal('verify')]),
    created: timeSchema,
    updated: timeSchema,
    payload: nullable(payload),
    description: nullable(text),
    descriptor: nullable(text),
    callback_url: nullable(text),
    return_url: nullable(text),
    original_data: originalData,
    rrn: nullable(text),
    approval_code: nullable(text),
    reserved_amount: nullable(amount),
    reserve_expires: nullable(timeSchema),
    unreserved: nullable(Type.Boolean()),
    source: sourceSchema,
    callback_logs: mapSchema(callbackLog),
    service_amount: Type.Optional(nullable(amount)),
    payment_service_amount: Type.Optional(nullable(amount)),
    exchange_rate: Type.Optional(nullable(Type.Number())),
    refunded_fee: Type.Optional(amount),
    refunded: Type.Optional(nullable(timeSchema)),
    charged_back_amount: Type.Optional(amount),
    options: Type.Optional(mapSchema(Type.Boolean())),
  },
  exact,
)

function target(type: string): TSchema {
  return Type.Optional(Type.Object({ data: Type.Object({ type: Type.Literal(type), id: text }, exact) }, exact))
}

const resource = Type.Object(
  {
    type: Type.Literal('payment-invoices'),
    id: idSchema('cpi_'),
    attributes,
    relationships: Type.Object(
      {
        'payment-service': target('payment-services'),
        'payment-method': target('payment-methods'),
        customer: target('customers'),
      },
      exact,
    ),
    links: Type.Object({ self: text }, exact),
  },
  exact,
)

export const paymentReply = Type.Object({ data: resource }, { ...exact, description: 'The payment invoice' })

export const paymentListReply = Type.Object(
  {
    meta: Type.Object({ count: Type.Integer(), size: Type.Integer(), before: text, after: text }, exact),
    links: Type.Object({ prev: text, next: text }, exact),
    data: Type.Array(resource),
  },
  { ...exact, description: 'A page of payment invoices' },
)

const publicResource = Type.Object(
  {
    id: idSchema('cpi_'),
    serial_number: text,
    created: timeSchema,
    test_mode: Type.Boolean(),
    reference_id: text,
    currency: codeSchema,
    amount,
    payment_amount: amount,
    processed_amount: nullable(amount),
    refunded_amount: nullable(amount),
    description: nullable(text),
    has_return_url: Type.Boolean(),
    status: statusSchema,
    resolution: Type.String({ description: 'Reason of the status, upper case' }),
    service: nullable(codeSchema),
    service_method: nullable(codeSchema),
    service_flow: nullable(text),
    service_currency: nullable(codeSchema),
    metadata: mapSchema(),
    hpp_url: Type.Optional(Type.String({ description: 'Only in the answer to a creation' })),
    active_payment: nullable(Type.Object({ payload: flowData, status: text, resolution: text }, exact)),
  },
  exact,
)

export const publicPaymentReply = Type.Object(
  { data: publicResource },
  { ...exact, description: 'The payment invoice' },
)
export const publicPaymentListReply = Type.Object(
  { data: Type.Array(publicResource) },
  { ...exact, description: 'At most one payment invoice' },
)
export const redirectReply = Type.Null({ description: 'To the checkout of the payment invoice' })
