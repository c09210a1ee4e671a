/** Shapes of the requests about payments, for the OpenAPI page only: what is accepted is decided by the readers of requests. */
import Type, { type TSchema } from 'typebox'
import { amountInputSchema } from '../http/schemas.ts'

const optional = Type.Optional
const text = (max: number): TSchema => Type.String({ maxLength: max })
const map = Type.Record(Type.String(), Type.Unknown())
const url = Type.String({ format: 'uri', maxLength: 2048 })
const reference = Type.Union([Type.String({ minLength: 1, maxLength: 255 }), Type.Number()])

const customer = Type.Object({
  reference_id: reference,
  email: optional(Type.String({ format: 'email', maxLength: 254 })),
  name: optional(text(255)),
  phone: optional(text(32)),
  individual_tax_id: optional(Type.String({ minLength: 2, maxLength: 100 })),
  date_of_birth: optional(Type.String({ format: 'date' })),
  address: optional(
    Type.Object({
      country: optional(Type.String({ minLength: 2, maxLength: 2 })),
      region: optional(text(255)),
      city: optional(text(255)),
      street: optional(text(255)),
      post_code: optional(text(255)),
      full_address: optional(text(255)),
    }),
  ),
  metadata: optional(map),
})

const options = Type.Object({
  allow_partially: optional(Type.Boolean()),
  bypass_hpp: optional(Type.Boolean()),
  send_operation_context_on_return: optional(Type.Boolean()),
})

const common = {
  reference_id: optional(reference),
  service: Type.String(),
  currency: Type.String(),
  amount: amountInputSchema,
  service_fields: optional(Type.Union([map, Type.Array(map)])),
  description: optional(text(500)),
  customer: optional(customer),
  metadata: optional(map),
  return_url: optional(url),
  return_urls: optional(Type.Object({ success: optional(url), pending: url, fail: optional(url) })),
  expires: optional(Type.Union([Type.String({ format: 'date-time' }), Type.Integer()])),
  options: optional(options),
}

const cardPage = Type.Object(
  {
    tokenize: optional(Type.Boolean()),
    instant: optional(Type.Boolean()),
    restrict_saved_cards: optional(Type.Boolean()),
  },
  { additionalProperties: true },
)

const privateAttributes = Type.Object({
  ...common,
  flow: optional(Type.Union([Type.Literal('charge'), Type.Literal('verify')])),
  test_mode: optional(Type.Boolean()),
  callback_url: optional(url),
  gateway_options: optional(Type.Object({ cardgate: optional(cardPage) }, { additionalProperties: true })),
  token: optional(Type.String()),
})

function enveloped(type: string, attributes: TSchema): TSchema {
  return Type.Object({
    data: Type.Object({ type: optional(Type.Literal(type)), id: optional(Type.String()), attributes }),
  })
}

export const newPaymentBody = Type.Union([enveloped('payment-invoices', privateAttributes), privateAttributes])
export const newPublicPaymentBody = Type.Object({ public_key: Type.String(), ...common })
export const refundBody = enveloped(
  'refund',
  Type.Object({ reference_id: reference, amount: optional(amountInputSchema), description: optional(text(500)) }),
)

const sale = Type.Object({
  card_number: Type.String(),
  card_holder: optional(text(100)),
  cvv: Type.String({ minLength: 3, maxLength: 4 }),
  exp_month: Type.Union([Type.String(), Type.Integer()]),
  exp_year: Type.Union([Type.String(), Type.Integer()]),
  browser_info: optional(map),
  google_pay: optional(Type.Unknown()),
})
export const saleBody = enveloped('sale-operation', sale)

const textOperators = '`[ne]` and `[in]` (comma list) may follow'
const numberOperators = '`[gt]`, `[gte]`, `[lt]` and `[lte]` may follow'

function filters(fields: readonly string[], schema: TSchema): [string, TSchema][] {
  return fields.map((field) => [`filter[${field}]`, optional(schema)])
}

const textFields = ['id', 'serial_number', 'reference_id', 'service', 'service_method', 'currency', 'service_currency']
const filterParameters = Object.fromEntries([
  ...filters([...textFields, 'source', 'resolution', 'status'], Type.String({ description: textOperators })),
  ...filters(['customer', 'payment_flow'], Type.String()),
  ...filters(['test_mode'], Type.Boolean()),
  ...filters(['amount', 'payment_amount'], Type.Number({ description: numberOperators })),
  ...filters(['created', 'updated', 'processed'], Type.Integer({ description: `Unix seconds; ${numberOperators}` })),
])

export const paymentListQuery = Type.Object({
  'page[size]': optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
  'page[before]': optional(Type.String({ description: 'Invoices with a smaller sort key than this one' })),
  'page[after]': optional(Type.String({ description: 'Invoices with a larger sort key than this one' })),
  sort: optional(Type.String({ pattern: '^-?(created|updated|amount|processed)$', default: '-created' })),
  ...filterParameters,
})
export const publicPaymentListQuery = Type.Object({ public_key: Type.String(), 'filter[reference_id]': Type.String() })
