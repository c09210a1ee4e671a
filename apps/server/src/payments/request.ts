/**
 * What a merchant asks for when creating a payment: attributes → NewPayment and its plan, or every mistake at once.
 * Merchant API contract 3.5, 8.1, 11.1–11.3; steps 9 and 11 of its order of checks (2.3).
 */
import type { Account } from '../accounts/account.ts'
import { findCustomerId } from '../accounts/find-customer.ts'
import type { Context } from '../context.ts'
import { currencies } from '../directory/currencies.ts'
import { findService } from '../directory/find-service.ts'
import { Fields } from '../http/fields.ts'
import type { JsonObject } from '../http/json.ts'
import { messages } from '../http/messages.ts'
import { findSavedCard } from './card-token.ts'
import type { NewCustomer, NewPayment, PaymentOptions, PaymentSource, ReturnUrls } from './payment.ts'
import { type PaymentPlan, planPayment } from './plan-payment.ts'

export const paymentTypes = ['payment-invoice', 'payment-invoices'] as const

/** By this a repeated request is known, before anything else of it is looked at. */
export type PaymentKey = { readonly reference_id: string | null; readonly test_mode: boolean }

/** Who asks: the public API decides the mode by its key and ignores what only the merchant's server may say. */
export type PaymentAsker = { readonly api: 'private' } | { readonly api: 'public'; readonly test_mode: boolean }

export type PaymentRequest = { readonly wish: NewPayment; readonly plan: PaymentPlan }

const minute_ms = 60_000
const expiresMin_ms = 14 * minute_ms
const expiresMax_ms = 2 * 24 * 60 * minute_ms
const sampleAge_ms = 365 * 24 * 60 * minute_ms
// For a currency nobody knows: the amount's own decimals are not what is wrong with the request.
const anyExponent = 40

/** Step 9: `reference_id` and `test_mode`. Throws InvalidFields. */
export function readPaymentKey(attributes: JsonObject, asker: PaymentAsker): PaymentKey {
  const fields = new Fields(attributes)
  const reference_id = fields.text('reference_id', { trim: true, numbers: true, min: 1, max: 255 })
  const test_mode = asker.api === 'public' ? asker.test_mode : (fields.boolean('test_mode') ?? false)
  fields.check()
  return { reference_id, test_mode }
}

/** Step 11: all remaining fields together. Throws InvalidFields with one message per field; writes nothing. */
export async function readNewPayment(
  ctx: Context,
  account: Account,
  sent: {
    readonly attributes: JsonObject
    readonly key: PaymentKey
    readonly asker: PaymentAsker
    readonly source: PaymentSource
  },
): Promise<PaymentRequest> {
  const { key, asker } = sent
  const fields = new Fields(underOneName(sent.attributes))
  const service = fields.text('service', { required: true, trim: true, max: 255 })
  const currency = fields.text('currency', { required: true, trim: true, max: 16 })?.toUpperCase() ?? null
  const exponent = currency === null ? anyExponent : ((await currencies(ctx)).get(currency)?.exponent ?? anyExponent)
  const amount_minor = fields.amount('amount', exponent, { required: true })
  const payment_flow = (asker.api === 'private' ? fields.oneOf('flow', ['charge', 'verify']) : null) ?? 'charge'
  const service_fields = fields.pairs('service_fields') ?? {}
  const rest = readRest(fields, ctx, key.test_mode, asker)

  const planned = await planPayment(ctx, account, {
    test_mode: key.test_mode,
    payment_flow,
    service,
    currency,
    amount_minor,
    service_fields,
  })
  for (const [path, message] of Object.entries(planned.problems ?? {})) fields.fail(path, message)
  if (rest.token !== null && !(await isOwnCard(ctx, account, key.test_mode, service, rest)))
    fields.fail('token', messages.token)
  fields.check()
  if (planned.plan === null || amount_minor === null || currency === null)
    throw new Error('a payment without a plan has no problems')
  const { plan } = planned
  const wish: NewPayment = {
    ...key,
    payment_flow,
    source: sent.source,
    amount_minor,
    currency,
    service,
    service_fields: declaredOnly(plan, service_fields),
    ...rest,
  }
  return { wish, plan }
}

/** A token pays for the customer it was made for, by card, in its own mode. Contract 19.3. */
async function isOwnCard(
  ctx: Context,
  account: Account,
  test_mode: boolean,
  service: string | null,
  rest: Rest,
): Promise<boolean> {
  const { token, customer } = rest
  if (token === null || customer === null || service === null) return false
  const found = await findService(ctx, account.id, service, test_mode)
  const saved = found?.method.code === 'payment_card' ? await findSavedCard(ctx, account.id, test_mode, token) : null
  return (
    saved?.customer_id != null && saved.customer_id === (await findCustomerId(ctx, account.id, customer.reference_id))
  )
}

type Rest = Omit<
  NewPayment,
  keyof PaymentKey | 'payment_flow' | 'source' | 'amount_minor' | 'currency' | 'service' | 'service_fields'
>

function readRest(fields: Fields, ctx: Context, test_mode: boolean, asker: PaymentAsker): Rest {
  const own = asker.api === 'private'
  const description = fields.text('description', { max: 500 })
  const customer = readCustomer(fields, ctx.now())
  const metadata = fields.map('metadata')
  const return_url = fields.url('return_url')
  const return_urls = readReturnUrls(fields)
  const guard = { test_mode, allow_private: ctx.config.allow_private_targets }
  const callback_url = own ? fields.callbackUrl('callback_url', guard) : null
  const gateway_options = own ? readGatewayOptions(fields) : null
  const options = readOptions(fields)
  const token = own ? fields.text('token', { trim: true, max: 255 }) : null
  const expires_at = readExpires(fields, ctx.now(), test_mode)
  return {
    description,
    customer,
    metadata,
    return_url,
    return_urls,
    callback_url,
    gateway_options,
    options,
    token,
    expires_at,
  }
}

/** `fields` is another name of `service_fields`; the latter wins, and names the mistakes. */
function underOneName(attributes: JsonObject): JsonObject {
  const { service_fields, fields } = attributes
  if ((service_fields !== undefined && service_fields !== null) || fields === undefined) return attributes
  return { ...attributes, service_fields: fields }
}

/** What the service did not ask for is not kept: it could be a card number. */
function declaredOnly(plan: PaymentPlan, given: Readonly<Record<string, string>>): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const { key } of plan.service.fields) {
    const value = given[key]
    if (value !== undefined && value !== '') kept[key] = value
  }
  return kept
}

function readCustomer(fields: Fields, now: Date): NewCustomer | null {
  if (fields.object('customer') === null) return null
  const reference_id = fields.text('customer.reference_id', { required: true, trim: true, numbers: true, max: 255 })
  const customer = {
    email: fields.email('customer.email'),
    name: fields.text('customer.name', { max: 255 }),
    phone: fields.text('customer.phone', { max: 32 }),
    individual_tax_id: fields.text('customer.individual_tax_id', { min: 2, max: 100 }),
    date_of_birth: fields.date('customer.date_of_birth', { before: now }),
    address: readAddress(fields),
    metadata: fields.map('customer.metadata'),
  }
  return reference_id === null ? null : { reference_id, ...customer }
}

function readAddress(fields: Fields): JsonObject | null {
  if (fields.object('customer.address') === null) return null
  const address: JsonObject = {}
  const country = fields.country('customer.address.country')
  if (country !== null) address.country = country
  for (const part of ['region', 'city', 'street', 'post_code', 'full_address']) {
    const text = fields.text(`customer.address.${part}`, { max: 255 })
    if (text !== null) address[part] = text
  }
  return address
}

function readReturnUrls(fields: Fields): ReturnUrls | null {
  if (fields.object('return_urls') === null) return null
  const success = fields.url('return_urls.success')
  const pending = fields.url('return_urls.pending', { required: true })
  const fail = fields.url('return_urls.fail')
  return {
    ...(success === null ? {} : { success }),
    ...(pending === null ? {} : { pending }),
    ...(fail === null ? {} : { fail }),
  }
}

const cardPageSwitches = ['tokenize', 'instant', 'restrict_saved_cards'] as const

function readGatewayOptions(fields: Fields): JsonObject | null {
  const sent = fields.map('gateway_options')
  const page = sent === null ? null : fields.object('gateway_options.cardgate')
  if (sent === null || page === null) return sent
  const switches: JsonObject = {}
  for (const name of cardPageSwitches) {
    const value = fields.boolean(`gateway_options.cardgate.${name}`)
    if (value !== null) switches[name] = value
  }
  return { ...sent, cardgate: { ...page, ...switches } }
}

const optionNames = ['allow_partially', 'bypass_hpp', 'send_operation_context_on_return'] as const

function readOptions(fields: Fields): PaymentOptions | null {
  if (fields.object('options') === null) return null
  const options: { -readonly [name in keyof PaymentOptions]: PaymentOptions[name] } = {}
  for (const name of optionNames) {
    const value = fields.boolean(`options.${name}`)
    if (value !== null) options[name] = value
  }
  return options
}

/**
 * In test mode a date more than a year ago counts as not sent: it stands in a sample that somebody copied, and a sample must
 * work as it is printed (decisions/0005). Any other date outside the window is refused.
 * Held against whole seconds, because merchants send them: an `expires` reckoned a moment ago at the edge is still good.
 */
function readExpires(fields: Fields, now: Date, test_mode: boolean): Date | null {
  const expires = fields.time('expires')
  if (expires === null) return null
  if (test_mode && expires.getTime() < now.getTime() - sampleAge_ms) return null
  const second = Math.floor(now.getTime() / 1000) * 1000
  const early = expires.getTime() < second + expiresMin_ms
  const late = expires.getTime() > second + 999 + expiresMax_ms
  if (early || late) fields.fail('expires', messages.expiresWindow)
  return expires
}
