/** Stripe's payment intents: made, cancelled, looked up; customers and tokens as far as saved cards need them. */
import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { planCharge } from '../acquirer/plan-charge.ts'
import type { CardBehaviour } from '../acquirer/test-cards.ts'
import { declinedFor } from '../acquirer/test-cards.ts'
import { deliver } from '../operations/deliver.ts'
import type { Result } from '../operations/operation.ts'
import { receiveCharge } from '../operations/receive-charge.ts'
import { deliveryOf } from '../operations/receive-refund.ts'
import { type Body, httpUrl, isText } from '../request-fields.ts'
import { scriptOf, type Terminal } from '../terminals/terminal.ts'
import { refuse, type World } from '../world.ts'
import { unconfirmed } from './declines.ts'
import { errorObject, intentDocument } from './documents.ts'
import { stripeLookUpRoutes } from './look-up-routes.ts'
import { badRequest, type Call, callOf, unknownField } from './request.ts'
import { cardBehaviour } from './test-cards.ts'

const intentFields = new Set(
  `amount currency confirm capture_method allowed_payment_method_types payment_method payment_method_data payment_method_options customer
   description metadata return_url setup_future_usage expand`.split(/\s+/),
)

type ById = { Params: { id: string } }

export function stripeRoutes(app: FastifyInstance, world: World): void {
  const underway = new Set<string>()
  app.post('/stripe/v1/payment_intents', async (request, reply) => {
    const call = callOf(world, request, reply)
    if (!call) return reply
    const place = `${call.terminal.name}\n${call.key}`
    if (call.key !== null && underway.has(place)) {
      const message = 'There is currently another in-progress request using this Idempotency Key.'
      return reply.code(409).send(errorObject('invalid_request_error', 'idempotency_key_in_use', message))
    }
    underway.add(place)
    try {
      return await createIntent(world, reply, call)
    } finally {
      underway.delete(place)
    }
  })
  app.post<ById>('/stripe/v1/payment_intents/:id/cancel', (request, reply) => {
    const call = callOf(world, request, reply)
    return call ? cancelIntent(world, reply, call.terminal, request.params.id) : reply
  })
  app.post('/stripe/v1/customers', (request, reply) => {
    const call = callOf(world, request, reply)
    if (!call) return reply
    const saved = savedCard(world, call.terminal, call.fields.payment_method)
    if (!saved) return refuse(world, reply, 'stripe', 404, 'not_found', 'No such PaymentMethod.')
    return reply.send({ id: saved.customer, object: 'customer' })
  })
  app.post('/stripe/v1/tokens', (request, reply) => {
    const call = callOf(world, request, reply)
    if (!call) return reply
    if (!isText(call.fields['cvc_update[cvc]'])) return badRequest(reply, 'parameter_missing', 'cvc_update is missing.')
    return reply.send({ id: `cvctok_${randomBytes(9).toString('hex')}`, object: 'token', type: 'cvc_update' })
  })
  stripeLookUpRoutes(app, world)
}

async function createIntent(world: World, reply: FastifyReply, { terminal, fields, key }: Call) {
  if (fields['payment_method_types[0]'] !== undefined) {
    return badRequest(reply, 'payment_method_types_no_longer_supported', 'Use allowed_payment_method_types.')
  }
  const unknown = unknownField(fields, intentFields)
  if (unknown !== null) return badRequest(reply, 'parameter_unknown', `Received unknown parameter: ${unknown}`)
  const { amount, description } = fields
  const currency = isText(fields.currency) ? fields.currency.toUpperCase() : ''
  const wrong = wrongAmount(amount, currency)
  if (wrong !== null || !isText(amount)) return badRequest(reply, wrong, 'Invalid amount.')
  const confirmed = fields.confirm === 'true'
  const card = cardOf(fields)
  if (confirmed && !card && !isText(fields.payment_method)) {
    return badRequest(reply, 'parameter_missing', 'You cannot confirm without a payment method.')
  }
  const reference = textOf(fields['metadata[cascad_reference]']) ?? randomBytes(9).toString('hex')
  const exponent = textOf(fields['metadata[cascad_exponent]'])
  const behaviour = behaviourOf(world, terminal, fields)
  return await receiveCharge(world, reply, terminal, {
    reference,
    key,
    operation: 'charge',
    test: !terminal.name.startsWith('live_'),
    method: confirmed ? 'payment_card' : unconfirmed,
    asked: amount,
    currency,
    exponent: exponent !== null && /^\d{1,2}$/.test(exponent) ? Number(exponent) : null,
    description: textOf(description),
    tokenize: isText(fields.setup_future_usage),
    card: card && { first6: card.number.slice(0, 6), last4: card.number.slice(-4) },
    return_url: httpUrl(fields.return_url),
    notification_url: terminal.webhook_url ?? '',
    plan: (answer, draw) => {
      if (!confirmed) return { ask_payer: false, result: notConfirmed, taken: '0' }
      const script = scriptOf(terminal, { reference, description: textOf(description) })
      const { three_ds, result, taken } = planCharge({ script, answer, card: behaviour, amount, draw })
      return { ask_payer: three_ds, result, taken }
    },
  })
}

const notConfirmed: Result = { status: 'declined', reason: unconfirmed, code: null, advice_code: null, text: null }

/** An error code, `null` when the amount can be charged. Three-decimal currencies end in 0, ISK and UGX in 00. */
function wrongAmount(amount: unknown, currency: string): string | null {
  if (typeof amount !== 'string' || !/^\d{1,18}$/.test(amount)) return 'parameter_invalid_integer'
  const step = /^(BHD|JOD|KWD|OMR|TND)$/.test(currency) ? 10n : /^(ISK|UGX)$/.test(currency) ? 100n : 1n
  return BigInt(amount) > 0n && BigInt(amount) % step === 0n ? null : 'invalid_charge_amount'
}

function cardOf(fields: Body) {
  const [number, exp_month, exp_year] = ['number', 'exp_month', 'exp_year'].map(
    (name) => fields[`payment_method_data[card][${name}]`],
  )
  return isText(number) && isText(exp_month) && isText(exp_year) ? { number, exp_month, exp_year } : null
}

function behaviourOf(world: World, terminal: Terminal, fields: Body): CardBehaviour {
  const card = cardOf(fields)
  if (card) return cardBehaviour(card, !terminal.name.startsWith('live_'), world.now())
  const saved = savedCard(world, terminal, fields.payment_method)
  const known = saved !== null && saved.customer === fields.customer
  return { three_ds: false, result: known ? { status: 'approved' } : declinedFor('2001', null) }
}

/** Only cards that paid and were to be saved become a customer's; its id follows from theirs. */
function savedCard(world: World, terminal: Terminal, payment_method: unknown): { readonly customer: string } | null {
  const suffix = isText(payment_method) && payment_method.startsWith('pm_') ? payment_method.slice(3) : ''
  const operation = world.book.byId(`pi_${suffix}`)
  const saved = operation?.terminal === terminal.name && operation.tokenize && operation.status === 'approved'
  return saved ? { customer: `cus_${suffix}` } : null
}

/** Everything but a paid or cancelled intent can be cancelled. */
function cancelIntent(world: World, reply: FastifyReply, terminal: Terminal, id: string): FastifyReply {
  const operation = world.book.byId(id)
  const script = scriptOf(terminal, operation)
  if (script.answer === 'down') return deliver(world, reply, 'reset', 503, {})
  if (operation?.terminal !== terminal.name) {
    return refuse(world, reply, 'stripe', 404, 'not_found', 'No such payment_intent.')
  }
  const behaviour = script.voids
  if (behaviour.endsWith('_before')) return deliver(world, reply, deliveryOf(behaviour), 500, {})
  if (operation.status === 'approved' || operation.status === 'voided' || behaviour === 'decline') {
    const payment_intent = intentDocument(operation, world.public_url(), false)
    const message = 'You cannot cancel this PaymentIntent because of its status.'
    return badRequest(reply, 'payment_intent_unexpected_state', message, { payment_intent })
  }
  operation.status = 'voided'
  world.book.save(operation)
  return deliver(world, reply, deliveryOf(behaviour), 200, intentDocument(operation, world.public_url(), false))
}

function textOf(value: unknown): string | null {
  return isText(value) ? value : null
}
