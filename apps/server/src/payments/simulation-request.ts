/** What a merchant tells of a payment whose route he asks for: attributes → facts, or every mistake at once. */
import { isIP } from 'node:net'
import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { currencies } from '../directory/currencies.ts'
import { Fields } from '../http/fields.ts'
import { type JsonObject, type JsonValue, numberText } from '../http/json.ts'
import { messages } from '../http/messages.ts'
import { newId } from '../ids.ts'
import { type DeclineClass, declineClasses } from '../routing/rules/decline-class.ts'
import type { CardFacts } from '../routing/rules/facts.ts'
import { type PaymentPlan, planPayment } from './plan-payment.ts'
import { brandOf, issuerOf } from './rules/card.ts'

export type SimulationWish = {
  /** Id the draws are made with: a payment of the merchant's, or a new one that is nowhere stored. */
  readonly payment_id: string
  readonly test_mode: boolean
  readonly payment_flow: 'charge' | 'verify'
  readonly plan: PaymentPlan
  readonly card: CardFacts | null
  readonly customer: { readonly id: string | null; readonly email: string | null } | null
  readonly metadata: JsonObject | null
  readonly client_ip: string | null
  readonly excluded: readonly number[]
  /** Gateways already tried, in order. */
  readonly tried: readonly number[]
  /** Class of the decline of the last one tried. */
  readonly last_class: DeclineClass | null
}

export const simulationTypes = ['routing-simulation', 'routing-simulations'] as const

const anyExponent = 40
const gateways_max = 100
const gateway_id_max = 2_147_483_647n

/** Throws InvalidFields with one message per field. */
export async function readSimulation(ctx: Context, account: Account, sent: JsonObject): Promise<SimulationWish> {
  const fields = new Fields(sent)
  const test_mode = fields.boolean('test_mode') ?? false
  const service = fields.text('service', { required: true, trim: true, max: 255 })
  const currency = fields.text('currency', { required: true, trim: true, max: 16 })?.toUpperCase() ?? null
  const exponent = currency === null ? anyExponent : ((await currencies(ctx)).get(currency)?.exponent ?? anyExponent)
  const amount_minor = fields.amount('amount', exponent, { required: true })
  const payment_flow = fields.oneOf('flow', ['charge', 'verify']) ?? 'charge'
  const service_fields = fields.pairs('service_fields') ?? {}
  const payment_id = fields.text('payment_id', { trim: true, max: 64, min: 1 })
  if (payment_id !== null && !/^cpi_[0-9A-Za-z]{16}$/.test(payment_id)) fields.fail('payment_id', messages.invalid)
  const wish = {
    payment_id: payment_id ?? newId('payment', ctx.now()),
    test_mode,
    payment_flow,
    card: readCard(fields),
    customer: readCustomer(fields),
    metadata: fields.map('metadata'),
    client_ip: readAddress(fields),
    excluded: readGateways(fields, sent, 'excluded_gateways'),
    tried: readGateways(fields, sent, 'tried_gateways'),
    last_class: fields.oneOf('last_class', declineClasses),
  }
  const asked = { test_mode, payment_flow, service, currency, amount_minor, service_fields }
  const { plan, problems } = await planPayment(ctx, account, asked)
  for (const [path, message] of Object.entries(problems ?? {})) fields.fail(path, message)
  fields.check()
  if (!plan) throw new Error('a simulation without a plan has no problems')
  return { ...wish, plan }
}

/** Of the number only its beginning; what is said of brand and country counts more than what it tells. */
function readCard(fields: Fields): CardFacts | null {
  if (fields.object('card') === null) return null
  const bin = fields.text('card.bin', { trim: true, numbers: true })
  if (bin !== null && !/^(\d{6}|\d{8})$/.test(bin)) fields.fail('card.bin', messages.invalid)
  const brand = fields.text('card.brand', { trim: true, max: 32 })?.toLowerCase() ?? null
  const country = fields.country('card.issuer_country')
  const token_used = fields.boolean('card.token_used') ?? false
  const cvv_present = fields.boolean('card.cvv_present') ?? !token_used
  return {
    brand: brand ?? (bin === null ? null : brandOf(bin)),
    bin: bin?.slice(0, 6) ?? null,
    bin8: bin?.length === 8 ? bin : null,
    issuer_country: country ?? (bin === null ? null : (issuerOf(bin)?.country ?? null)),
    token_used,
    cvv_present,
    declined_24h: null,
  }
}

function readCustomer(fields: Fields): SimulationWish['customer'] {
  if (fields.object('customer') === null) return null
  const id = fields.text('customer.reference_id', { trim: true, numbers: true, min: 1, max: 255 })
  return { id, email: fields.email('customer.email') }
}

function readAddress(fields: Fields): string | null {
  const address = fields.text('client_ip', { trim: true, max: 45 })
  if (address === null || isIP(address) !== 0) return address
  fields.fail('client_ip', messages.invalid)
  return null
}

/** Ids as numbers or as text. */
function readGateways(fields: Fields, sent: JsonObject, path: string): number[] {
  const value = sent[path]
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) {
    fields.fail(path, messages.invalid)
    return []
  }
  if (value.length > gateways_max) fields.fail(path, messages.tooMany(gateways_max))
  return value.slice(0, gateways_max).flatMap((item, index) => {
    const id = gatewayId(item)
    if (id === null) fields.fail(`${path}.${index}`, messages.typeInteger)
    return id === null ? [] : [id]
  })
}

function gatewayId(item: JsonValue): number | null {
  const text = typeof item === 'string' ? item.trim() : numberText(item)
  if (text === null || !/^[1-9]\d{0,9}$/.test(text) || BigInt(text) > gateway_id_max) return null
  return Number(text)
}
