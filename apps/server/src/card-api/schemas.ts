/** What the OpenAPI document says of the Card API's bodies. Card API contract 6, 7, 11, 17. */
import Type, { type TSchema } from 'typebox'
import { nullable } from '../http/schemas.ts'

const text = Type.String()
const maybe = nullable(text)
const time = Type.String({ format: 'date-time' })
const open = Type.Object({}, { additionalProperties: true })
const amount = Type.Integer({ minimum: 1, description: 'Minor units' })
const status = Type.Union(
  ['successful', 'failed', 'incomplete', 'pending', 'expired'].map((value) => Type.Literal(value)),
)
const type = Type.Union(['payment', 'authorization', 'capture', 'void', 'refund'].map((value) => Type.Literal(value)))

const operation = Type.Object({
  status,
  message: maybe,
  gateway_id: nullable(Type.Integer({ minimum: 1 })),
  bank_code: maybe,
  advice_code: maybe,
  auth_code: maybe,
  rrn: maybe,
  ref_id: maybe,
  billing_descriptor: maybe,
  amount,
  currency: text,
})

const common = {
  uid: Type.String({ format: 'uuid' }),
  status,
  code: Type.String({ pattern: '^[SFP]\\.\\d{4}$' }),
  type,
  amount,
  currency: text,
  tracking_id: maybe,
  message: maybe,
  friendly_message: maybe,
  test: Type.Boolean(),
  created_at: time,
  updated_at: time,
  paid_at: nullable(time),
  expired_at: nullable(time),
  language: text,
  recurring_type: maybe,
  redirect_url: maybe,
  binding_id: maybe,
  additional_data: open,
}

const section = Type.Optional(operation)

const envelope = Type.Object(
  {
    ...common,
    id: text,
    payment_method_type: text,
    payment: section,
    authorization: section,
    capture: section,
    void: section,
    refund: section,
  },
  { description: 'Version 2' },
)

const flat = Type.Object(
  {
    ...common,
    description: maybe,
    parent_uid: maybe,
    reason: maybe,
    errors: Type.Null(),
    customer: open,
    payment_method: nullable(open),
    transaction: operation,
    links: Type.Object({ receipt_url: maybe }),
  },
  { description: 'Version 3' },
)

export const transactionReply: TSchema = Type.Union([Type.Object({ transaction: envelope }), flat], {
  description: 'The transaction; the header X-API-Version chooses the form',
})

export const transactionListReply: TSchema = Type.Object(
  { transactions: Type.Array(Type.Union([envelope, flat]), { maxItems: 10 }) },
  { description: 'The newest ten, newest first' },
)

export const cardTokenReply: TSchema = Type.Object(
  {
    token: text,
    holder: text,
    stamp: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    brand: text,
    first_1: text,
    last_4: text,
    bin: text,
    bin_8: maybe,
    issuer_country: maybe,
    issuer_name: maybe,
    product: maybe,
    exp_month: Type.Integer({ minimum: 1, maximum: 12 }),
    exp_year: Type.Integer(),
    token_provider: Type.Null(),
  },
  { description: 'The kept card' },
)

export const queuedReply: TSchema = Type.Object(
  { status: Type.Literal('queued') },
  { description: 'The notification goes out again' },
)

export const publicKeyReply: TSchema = Type.Object(
  { shop_id: Type.Integer(), public_key: text, pem: text },
  { description: 'SubjectPublicKeyInfo: base64 of its DER in one line, and PEM' },
)

const errors = Type.Object({}, { additionalProperties: true })

const cardErrorReply: TSchema = Type.Union(
  [
    Type.Object({ response: Type.Object({ message: text, errors: Type.Optional(errors) }) }),
    Type.Object({ code: text, friendly_message: text, message: text, errors }),
  ],
  { description: 'What is wrong, in the form of the version' },
)

/** Every status a call of a shop may be refused with. */
export const cardErrorReplies: Readonly<Record<number, TSchema>> = Object.fromEntries(
  [400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503].map((status) => [status, cardErrorReply]),
)

export const cardRequestBody: TSchema = Type.Object(
  { request: open },
  { description: 'Everything stands in one root object' },
)
