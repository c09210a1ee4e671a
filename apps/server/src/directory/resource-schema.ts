/** Schemas of the documents of services, for the OpenAPI page and the tests of the answers. */
import Type from 'typebox'
import { amountSchema, codeSchema, idSchema, mapSchema, nullable } from '../http/schemas.ts'

const related = (type: string) =>
  Type.Object({ data: Type.Object({ type: Type.Literal(type), id: codeSchema }, { additionalProperties: false }) })

const paymentServiceSchema = Type.Object(
  {
    type: Type.Literal('payment-services'),
    id: idSchema('comcps_'),
    attributes: Type.Object(
      {
        service: codeSchema,
        service_method: codeSchema,
        service_currency: codeSchema,
        available: Type.Boolean(),
        active: Type.Boolean(),
        enabled: Type.Boolean(),
        amount_min: amountSchema,
        amount_max: amountSchema,
        fee_min: amountSchema,
        fee_max: amountSchema,
        fee_rate: Type.Number({ description: 'Percent' }),
        fee_fix: amountSchema,
        reserve_lifetime: nullable(Type.Integer({ description: 'Minutes' })),
        reserve_rate: nullable(Type.Number({ description: 'Percent' })),
        currency: codeSchema,
        test_mode: Type.Boolean(),
      },
      { additionalProperties: false },
    ),
    relationships: Type.Object({
      'payment-method': related('payment-methods'),
      'payment-service': related('payment-services'),
    }),
    links: Type.Object({ self: Type.String() }),
  },
  { additionalProperties: false },
)

export const paymentServiceReply = Type.Object(
  { data: paymentServiceSchema },
  { description: 'A payment service of the account' },
)

export const paymentServiceListReply = Type.Object(
  {
    meta: Type.Object(
      { total: Type.Integer(), pages: Type.Integer(), page: Type.Integer() },
      { additionalProperties: false },
    ),
    links: Type.Object(
      { first: Type.String(), prev: Type.Optional(Type.String()), next: Type.String(), last: Type.String() },
      { additionalProperties: false },
    ),
    data: Type.Array(paymentServiceSchema),
  },
  { description: 'A page of the account’s payment services', additionalProperties: false },
)

export const serviceListQuery = Type.Object({
  'page[number]': Type.Optional(Type.Integer({ minimum: 1, default: 1 })),
  'page[size]': Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
  'filter[service]': Type.Optional(Type.String()),
  'filter[service_method]': Type.Optional(Type.String()),
  'filter[service_currency]': Type.Optional(Type.String()),
  'filter[currency]': Type.Optional(Type.String()),
  'filter[test_mode]': Type.Optional(Type.Boolean()),
  'filter[enabled]': Type.Optional(Type.Boolean()),
  'filter[active]': Type.Optional(Type.Boolean()),
  'filter[available]': Type.Optional(Type.Boolean()),
})

const localText = Type.Object(
  { ru: Type.String(), en: Type.String(), uk: Type.String() },
  { additionalProperties: false },
)

const fieldSchema = Type.Object(
  {
    key: codeSchema,
    type: Type.Literal('string'),
    label: localText,
    example: nullable(Type.String()),
    hint: localText,
    regexp: Type.String({ description: 'Pattern without delimiters, every backslash doubled' }),
    required: Type.Boolean(),
    position: Type.Literal(0),
  },
  { additionalProperties: false },
)

const offeredServiceSchema = Type.Object(
  {
    code: codeSchema,
    method: codeSchema,
    flow: Type.Enum(['hpp', 'invoice', 'test']),
    currency: codeSchema,
    fields: Type.Array(fieldSchema),
    amount_min: amountSchema,
    amount_max: amountSchema,
  },
  { additionalProperties: false },
)

const methodSchema = Type.Object(
  {
    code: codeSchema,
    category: codeSchema,
    description: Type.String(),
    name: localText,
    logo: Type.String(),
    icon: Type.String(),
    metadata: Type.Null(),
    position: Type.Null(),
    hide: Type.Null(),
  },
  { additionalProperties: false },
)

export const prerequestBody = Type.Object({
  public_key: Type.String(),
  currency: Type.String(),
})

export const paymentPrerequestReply = Type.Object(
  {
    data: Type.Object(
      {
        currency: codeSchema,
        test_mode: Type.Boolean(),
        services: mapSchema(offeredServiceSchema),
        methods: mapSchema(methodSchema),
        account: Type.Object(
          { name: Type.String(), description: Type.String(), icon: Type.String(), website: nullable(Type.String()) },
          { additionalProperties: false },
        ),
      },
      { additionalProperties: false },
    ),
  },
  { description: 'What a payer may pay with' },
)
