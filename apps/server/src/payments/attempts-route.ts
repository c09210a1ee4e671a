/** `GET /payment-invoices/{id}/attempts`: the explanation of a payment's cascade. Cascading rules 14. */
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import type { Context } from '../context.ts'
import { privateRoute } from '../http/private-route.ts'
import { Problem } from '../http/problem.ts'
import { amountSchema, codeSchema, idSchema, nullable, timeSchema } from '../http/schemas.ts'
import { findPayment } from './find-payment.ts'
import { readAttempts } from './read-attempts.ts'

const exact = { additionalProperties: false } as const
const code = nullable(Type.String())

const block = Type.Object(
  {
    scope: Type.Union(['card', 'amount', 'recurring', 'recurring_all', 'wait'].map((scope) => Type.Literal(scope))),
    reason: Type.String({ description: 'The code that set it' }),
    until: nullable(timeSchema),
    lifted: nullable(timeSchema),
  },
  exact,
)

const attempt = Type.Object(
  {
    number: Type.Integer({ minimum: 1 }),
    gateway_id: Type.Integer({ minimum: 1 }),
    status: Type.Union(
      [
        'sent',
        'incomplete',
        'unknown',
        'orphaned',
        'approved',
        'declined',
        'not_sent',
        'expired',
        'cancelled',
        'reversed',
      ].map((status) => Type.Literal(status)),
    ),
    winner: Type.Boolean(),
    late: Type.Boolean({ description: 'The payer turned out to have paid after the attempt had ended' }),
    code: Type.String({ description: 'Unified code of the Card API, the provider’s own or derived from the class' }),
    class: nullable(Type.String({ description: 'Our reading of a negative result' })),
    resolution: code,
    codes: Type.Object({ unified_code: code, network_code: code, advice_code: code, provider_code: code }, exact),
    decision: nullable(Type.String({ description: 'What was decided when the attempt ended' })),
    explanation: nullable(Type.String({ description: 'Why the next gateway was or was not tried' })),
    blocks: Type.Array(block, { description: 'Repeats with the card that the attempt has made impossible' }),
    amount: amountSchema,
    paid_amount: nullable(amountSchema),
    currency: codeSchema,
    sent: timeSchema,
    decided: nullable(timeSchema),
  },
  exact,
)

const run = Type.Object(
  {
    run: Type.Integer({ minimum: 1 }),
    at: timeSchema,
    sentence: Type.String({ description: 'The record in words' }),
    record: Type.Object(
      {},
      { additionalProperties: true, description: 'Every route with the reason it was taken or left' },
    ),
  },
  exact,
)

export const attemptsReply = Type.Object(
  {
    meta: Type.Object({ runs: Type.Array(run) }, exact),
    links: Type.Object({ self: Type.String() }, exact),
    data: Type.Array(
      Type.Object({ type: Type.Literal('payment-attempts'), id: idSchema('pay_'), attributes: attempt }, exact),
    ),
  },
  { ...exact, description: 'Attempts in the order of the cascade, and the routing run before each' },
)

export function attemptsRoute(app: FastifyInstance, ctx: Context, tag: string): void {
  privateRoute(app, ctx, {
    method: 'GET',
    path: '/payment-invoices/:id/attempts',
    summary: 'Read how a payment went over its gateways, and why',
    tag,
    reply: attemptsReply,
    success: 200,
    handle: async ({ account, params }) => {
      const payment = await findPayment(ctx, account.id, params.id ?? '')
      if (!payment) throw new Problem(404)
      const self = `/api/payment-invoices/${payment.id}/attempts`
      return { status: 200, body: await readAttempts(ctx, payment, self) }
    },
  })
}
