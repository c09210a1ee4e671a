/** Shape of the answer to `POST /payment/sale`, for the OpenAPI page and the tests. */
import Type from 'typebox'
import { amountSchema, codeSchema, idSchema, mapSchema, nullable } from '../http/schemas.ts'
import { statusSchema } from './resource-schema.ts'

const exact = { additionalProperties: false } as const
const level = Type.Object({ status: Type.String(), resolution: Type.String() }, exact)

const challenge = Type.Object(
  {
    action: Type.String({ description: 'Page of the issuer' }),
    method: Type.Union([Type.Literal('GET'), Type.Literal('POST')]),
    params: Type.Record(Type.String(), Type.String(), {
      description: 'To be posted unchanged from the browser of the payer',
    }),
  },
  exact,
)

const attributes = Type.Object(
  {
    amount: amountSchema,
    currency: codeSchema,
    service: nullable(codeSchema),
    options: mapSchema(Type.Boolean()),
    customer: nullable(Type.Object({ reference_id: Type.String() }, exact)),
    repeatable: Type.Boolean(),
    flow: Type.Union([Type.Literal('charge'), Type.Literal('verify')]),
    status: statusSchema,
    resolution: Type.String(),
    active_request: level,
    active_payment: level,
    auto_repay: Type.Literal(false),
    metadata: Type.Object(
      { fee: amountSchema, fee_strategy: Type.Union([Type.Literal('internal'), Type.Literal('external')]) },
      exact,
    ),
    form_data: Type.Null(),
    auth_payload: Type.Optional(challenge),
  },
  exact,
)

export const saleReply = Type.Object(
  { data: Type.Object({ type: Type.Literal('sale-operation'), id: idSchema('cgi_'), attributes }, exact) },
  { ...exact, description: 'The card session' },
)
