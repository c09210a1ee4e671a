/** `POST /routing/simulate`: which way a payment would take now, and why. Merchant API contract 1.2; cascading rules 2.1, 14. */
import type { FastifyInstance } from 'fastify'
import Type, { type TSchema } from 'typebox'
import type { Context } from '../context.ts'
import { unwrapAttributes } from '../http/attributes.ts'
import { privateRoute } from '../http/private-route.ts'
import { amountInputSchema, idSchema, nullable } from '../http/schemas.ts'
import { explainRun } from '../routing/rules/explain.ts'
import { merchantRecord } from './attempts-resource.ts'
import { simulateRouting } from './simulate-routing.ts'
import { readSimulation, simulationTypes } from './simulation-request.ts'

const optional = Type.Optional
const exact = { additionalProperties: false } as const
const map = Type.Record(Type.String(), Type.Unknown())
const gateways = Type.Array(Type.Union([Type.Integer({ minimum: 1 }), Type.String({ pattern: '^[0-9]+$' })]), {
  maxItems: 100,
})

const attributes = Type.Object({
  service: Type.String({ maxLength: 255 }),
  currency: Type.String({ maxLength: 16 }),
  amount: amountInputSchema,
  service_fields: optional(Type.Union([map, Type.Array(map)])),
  flow: optional(Type.Union([Type.Literal('charge'), Type.Literal('verify')])),
  test_mode: optional(Type.Boolean()),
  card: optional(
    Type.Object({
      bin: optional(Type.String({ pattern: '^([0-9]{6}|[0-9]{8})$', description: 'The first 6 or 8 digits' })),
      brand: optional(Type.String({ maxLength: 32 })),
      issuer_country: optional(Type.String({ minLength: 2, maxLength: 2 })),
      token_used: optional(Type.Boolean()),
      cvv_present: optional(Type.Boolean()),
    }),
  ),
  customer: optional(
    Type.Object({
      reference_id: optional(Type.Union([Type.String({ minLength: 1, maxLength: 255 }), Type.Number()])),
      email: optional(Type.String({ format: 'email', maxLength: 254 })),
    }),
  ),
  metadata: optional(map),
  client_ip: optional(Type.String({ maxLength: 45 })),
  excluded_gateways: optional(gateways),
  tried_gateways: optional(gateways),
  last_class: optional(Type.String({ description: 'Class of the decline of the last gateway tried' })),
  payment_id: optional(idSchema('cpi_')),
})

const body: TSchema = Type.Union([
  Type.Object({ data: Type.Object({ type: optional(Type.Literal('routing-simulations')), attributes }) }),
  attributes,
])

const reply = Type.Object(
  {
    data: Type.Object(
      {
        type: Type.Literal('routing-simulations'),
        id: idSchema('cpi_'),
        attributes: Type.Object(
          {
            chosen: nullable(Type.Integer({ minimum: 1 })),
            failure: nullable(
              Type.Union([
                Type.Literal('strategy_received_no_routes'),
                Type.Literal('strategy_configured_routes_were_filtered'),
              ]),
            ),
            order: Type.Array(Type.Integer({ minimum: 1 }), {
              description: 'Gateways as they would be tried if each declined; attempts_max of them at most',
            }),
            cascading: Type.Boolean(),
            attempts_max: Type.Integer({ minimum: 1 }),
            sentence: Type.String({ description: 'The record in words' }),
            record: Type.Object(
              {},
              { additionalProperties: true, description: 'Every route with the reason it would be taken or left' },
            ),
          },
          exact,
        ),
      },
      exact,
    ),
  },
  { ...exact, description: 'The choice as it would be made now; nothing is stored and nobody is called' },
)

export function simulationRoute(app: FastifyInstance, ctx: Context): void {
  privateRoute(app, ctx, {
    method: 'POST',
    path: '/routing/simulate',
    summary: 'Ask which way a payment would take now',
    tag: 'Routing',
    body,
    reply,
    success: 200,
    handle: async ({ account, body: sent }) => {
      const wish = await readSimulation(ctx, account, unwrapAttributes(sent, simulationTypes))
      const { choice, order, settings } = await simulateRouting(ctx, account, wish)
      const record = choice.record()
      const result = {
        chosen: choice.chosen?.gateway_id ?? null,
        failure: choice.failure,
        order: [...order],
        cascading: settings.cascading,
        attempts_max: settings.cascading ? settings.max_attempts : 1,
        sentence: explainRun(record),
        record: merchantRecord(record),
      }
      return { status: 200, body: { data: { type: 'routing-simulations', id: wish.payment_id, attributes: result } } }
    },
  })
}
