/** Stripe's payment intents as they are made; customers and tokens as far as saved cards need them. */
import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { planCharge } from '../acquirer/plan-charge.ts'
import { declinedFor } from '../acquirer/test-cards.ts'
import type { Result } from '../operations/operation.ts'
import { receiveCharge } from '../operations/receive-charge.ts'
import { type Body, httpUrl, isText } from '../request-fields.ts'
import { scriptOf, type Terminal } from '../terminals/terminal.ts'
import { refuse, type World } from '../world.ts'
import { checksOf } from './checks.ts'
import { unconfirmed } from './declines.ts'
import { errorObject } from './documents.ts'
import { stripeHoldRoutes } from './hold-routes.ts'
import { stripeLookUpRoutes } from './look-up-routes.ts'
import { planIntent } from './plan-intent.ts'
import { badRequest, type Call, callOf, unknownField } from './request.ts'
import { type CardBehaviour, cardBehaviour, namedCards, plainBehaviour } from './test-cards.ts'

const intentFields = new Set(
  `amount currency confirm capture_method allowed_payment_method_types payment_method payment_method_data payment_method_options customer
   description metadata return_url setup_future_usage statement_descriptor_suffix off_session error_on_requires_action expand`.split(
    /\s+/,
  ),
)

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
  stripeHoldRoutes(app, world)
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
  const contradiction = contradictionIn(fields)
  if (contradiction !== null) return badRequest(reply, null, contradiction)
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
    operation: fields.capture_method === 'manual' ? 'authorize' : 'charge',
    simulated: false,
    test: !terminal.name.startsWith('live_'),
    method: confirmed ? 'payment_card' : unconfirmed,
    asked: amount,
    currency,
    exponent: exponent !== null && /^\d{1,2}$/.test(exponent) ? Number(exponent) : null,
    description: textOf(description),
    tokenize: isText(fields.setup_future_usage),
    descriptor: confirmed ? descriptorOf(fields.statement_descriptor_suffix) : null,
    ...checksOf(fields, behaviour),
    card: card && { first6: card.number.slice(0, 6), last4: card.number.slice(-4) },
    return_url: httpUrl(fields.return_url),
    notification_url: terminal.webhook_url ?? '',
    plan: (answer, draw) => {
      if (!confirmed) return { ask_payer: false, result: notConfirmed, taken: '0' }
      const script = scriptOf(terminal, { reference, description: textOf(description) })
      const card = { three_ds: isAlwaysAsked(behaviour), result: behaviour.result }
      return planIntent(fields, behaviour, planCharge({ script, answer, card, amount, draw }))
    },
  })
}

const notConfirmed: Result = { status: 'declined', reason: unconfirmed, code: null, advice_code: null, text: null }

function isAlwaysAsked({ three_ds }: CardBehaviour): boolean {
  return three_ds === 'required' || three_ds === 'later'
}

/** Parameters that exclude each other, in a sentence; `null` = none do. */
function contradictionIn(fields: Body): string | null {
  const { capture_method, off_session, setup_future_usage, statement_descriptor_suffix: suffix } = fields
  if (capture_method !== undefined && !/^(automatic|automatic_async|manual)$/.test(String(capture_method))) {
    return 'Invalid capture_method.'
  }
  if (off_session === 'true' && setup_future_usage !== undefined) {
    return 'You cannot confirm with off_session=true when setup_future_usage is also set.'
  }
  return isText(suffix) && (suffix.length > 22 || !/[A-Za-z]/.test(suffix) || /[<>\\'"*]/.test(suffix))
    ? 'The statement descriptor suffix is invalid.'
    : null
}

/** The account's own prefix, and what the charge adds. */
function descriptorOf(suffix: unknown): string {
  return isText(suffix) ? `SIMULATED* ${suffix}`.slice(0, 22).toUpperCase() : 'SIMULATED'
}

/** An error code, `null` when the amount can be charged. Three-decimal currencies end in 0, ISK and UGX in 00. */
function wrongAmount(amount: unknown, currency: string): string | null {
  if (typeof amount !== 'string' || !/^\d{1,18}$/.test(amount)) return 'parameter_invalid_integer'
  const step = /^(BHD|JOD|KWD|OMR|TND)$/.test(currency) ? 10n : /^(ISK|UGX)$/.test(currency) ? 100n : 1n
  return BigInt(amount) > 0n && BigInt(amount) % step === 0n ? null : 'invalid_charge_amount'
}

function cardOf(fields: Body) {
  const { payment_method } = fields
  if (isText(payment_method) && Object.hasOwn(namedCards, payment_method)) {
    return { number: namedCards[payment_method] as string, exp_month: '12', exp_year: '2049' }
  }
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
  return plainBehaviour(known ? { status: 'approved' } : declinedFor('2001', null))
}

/** Only cards that paid and were to be saved become a customer's; its id follows from theirs. */
function savedCard(world: World, terminal: Terminal, payment_method: unknown): { readonly customer: string } | null {
  const suffix = isText(payment_method) && payment_method.startsWith('pm_') ? payment_method.slice(3) : ''
  const operation = world.book.byId(`pi_${suffix}`)
  const saved = operation?.terminal === terminal.name && operation.tokenize && operation.status === 'approved'
  return saved ? { customer: `cus_${suffix}` } : null
}

function textOf(value: unknown): string | null {
  return isText(value) ? value : null
}
