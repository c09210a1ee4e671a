/**
 * `GET|POST /hpp/`: the entry of the checkout. With `cpi` an existing payment; with a public key the ways to pay, and once one is
 * chosen and its fields are right, the new payment. Merchant API contract 14.1, 14.2; order of checks 2.3.
 */
import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Account } from '../accounts/account.ts'
import { listCurrencyAccounts } from '../accounts/currency-accounts.ts'
import type { Context } from '../context.ts'
import { amountText } from '../directory/amount-text.ts'
import { currencies } from '../directory/currencies.ts'
import { checkAccountState, resolvePublicKey } from '../http/credentials.ts'
import { Fields } from '../http/fields.ts'
import type { JsonObject } from '../http/json.ts'
import { InvalidFields, Problem } from '../http/problem.ts'
import { queryText } from '../http/query.ts'
import type { Query } from '../http/routes.ts'
import { findPaymentByReference } from '../payments/find-payment.ts'
import { placePayment } from '../payments/place-payment.ts'
import { readNewPayment, readPaymentKey } from '../payments/request.ts'
import { linkTo, paymentPlace } from './link.ts'
import type { PayerAnswer, PayerCall } from './payer-route.ts'
import { entryAttributes, entryPairs } from './rules/entry-parameters.ts'
import { type Choice, fieldsOf, methodsOf } from './show-choice.ts'
import { showPayment } from './show-payment.ts'

/** A shop's request as it came in, with the shop. */
type Entry = {
  readonly account: Account
  readonly test_mode: boolean
  readonly sent: Query
  readonly attributes: JsonObject
  readonly service: string | null
}

export async function openCheckout(app: FastifyInstance, ctx: Context, call: PayerCall): Promise<PayerAnswer> {
  if (call.query.cpi !== undefined && call.query.cpi !== '') return showPayment(ctx, call)
  const sent: Query = { ...call.query, ...call.form }
  const owner = await admit(app, ctx, call.ip, sent)
  const attributes = entryAttributes(sent)
  const service = typeof attributes.service === 'string' ? attributes.service.trim() : null
  const entry: Entry = { ...owner, sent, attributes, service }
  const asker = { api: 'public', test_mode: entry.test_mode } as const

  const key = readPaymentKey(attributes, asker)
  const existing =
    key.reference_id && (await findPaymentByReference(ctx, entry.account.id, entry.test_mode, key.reference_id))
  if (existing) return { to: linkTo(paymentPlace(existing.id), call.look) }
  if (service !== null && service !== '') return start(ctx, call, entry)
  await checkWithoutService(ctx, entry, key)
  const drafted = { ...entry, sent: { ...sent, draft: readDraft(sent) ?? randomUUID() } }
  return methodsOf(ctx, call, await choiceOf(ctx, call, drafted))
}

/** 401: not a key of ours; 403: the shop may not take payments by links. */
async function admit(
  app: FastifyInstance,
  ctx: Context,
  ip: string,
  sent: Query,
): Promise<{ account: Account; test_mode: boolean }> {
  app.limits.failed_authentications_by_ip.look(ip)
  try {
    const public_key = queryText(sent, 'public_key')
    if (public_key === null) throw new Problem(401)
    const owner = await resolvePublicKey(ctx, public_key)
    checkAccountState(owner.account, true)
    if (owner.account.options.forbid_public_creation) throw new Problem(403)
    if ((await listCurrencyAccounts(ctx, owner.account.id)).length === 0) throw new Problem(403)
    return owner
  } catch (error) {
    if (error instanceof Problem && error.status === 401) app.limits.failed_authentications_by_ip.take(ip)
    throw error
  }
}

/** Creates the payment; or asks for the fields of the service when only they are missing or wrong. */
async function start(ctx: Context, call: PayerCall, entry: Entry): Promise<PayerAnswer> {
  const { account, test_mode, sent, attributes } = entry
  const draft = readDraft(sent)
  // One page makes one payment per way to pay, however often it is sent, although the shop gave no reference.
  const reference = attributes.reference_id === undefined && draft ? { reference_id: `${draft}-${entry.service}` } : {}
  try {
    const { payment } = await placePayment(ctx, account, {
      attributes: { ...attributes, ...reference },
      asker: { api: 'public', test_mode },
      source: 'platform_public_api',
    })
    return { to: linkTo(paymentPlace(payment.id), call.look) }
  } catch (error) {
    if (
      !(error instanceof InvalidFields) ||
      !Object.keys(error.fields).every((path) => path.startsWith('service_fields.'))
    ) {
      throw error
    }
    const asked = attributes.service_fields !== undefined || sent.asked === '1'
    if (call.posted && !asked) return { to: linkTo({ path: '/hpp/', pairs: entryPairs(sent) }, call.look) }
    const values = new Fields(attributes).pairs('service_fields') ?? {}
    const given = { service: entry.service ?? '', values, wrong: asked ? error.fields : {} }
    return fieldsOf(ctx, call, await choiceOf(ctx, call, entry), given)
  }
}

/** Everything but the service has to be right before the ways to pay are shown; else 422 names the fields. */
async function checkWithoutService(ctx: Context, entry: Entry, key: ReturnType<typeof readPaymentKey>): Promise<void> {
  const { account, attributes, test_mode } = entry
  const asker = { api: 'public', test_mode } as const
  const { service: _, service_fields: __, ...rest } = attributes
  try {
    await readNewPayment(ctx, account, { attributes: rest, key, asker, source: 'platform_public_api' })
  } catch (error) {
    if (!(error instanceof InvalidFields)) throw error
    const { service: ___, ...others } = error.fields
    if (Object.keys(others).length > 0) throw new InvalidFields(others)
  }
}

function readDraft(sent: Query): string | null {
  const { draft } = sent
  return typeof draft === 'string' && /^[0-9a-f-]{36}$/.test(draft) ? draft : null
}

/** Amount and currency are known to be right here. */
async function choiceOf(ctx: Context, call: PayerCall, entry: Entry): Promise<Choice> {
  const fields = new Fields(entry.attributes)
  const currency = fields.text('currency', { trim: true })?.toUpperCase() ?? ''
  const exponent = (await currencies(ctx)).get(currency)?.exponent ?? 2
  const amount_minor = fields.amount('amount', exponent) ?? 0n
  return {
    account: entry.account,
    test_mode: entry.test_mode,
    payment_flow: 'charge',
    amount_minor,
    currency,
    summary: {
      amount: amountText(amount_minor, currency, exponent, call.look.locale),
      other_amount: null,
      description: fields.text('description'),
      expires_at: fields.time('expires'),
    },
    path: '/hpp/',
    pairs: entryPairs(entry.sent, ['service', 'service_fields']),
  }
}
