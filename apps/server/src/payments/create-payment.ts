/** Stores a new payment and, where its service needs no more from the payer, starts it. Contract 5, 8.1, 11. */
import { randomUUID } from 'node:crypto'
import type { Account } from '../accounts/account.ts'
import { saveCustomer } from '../accounts/save-customer.ts'
import type { Context } from '../context.ts'
import { newId, siblingId } from '../ids.ts'
import { findPaymentByReference } from './find-payment.ts'
import type { FlowData, NewPayment, Payment } from './payment.ts'
import type { PaymentPlan } from './plan-payment.ts'
import { failureOf } from './rules/failure-of.ts'
import { sessionToken } from './session-token.ts'
import { startPayment, startsByItself } from './start-payment.ts'
import { insertPayment } from './table.ts'
import { callbackOf } from './tell-merchant.ts'

/** How long the other process or a restart waits before it starts a payment that its creator did not start. */
const startGrace_ms = 5_000

export type Created = { readonly payment: Payment; readonly created: boolean }

/**
 * Stores the payment of a checked request with its first callback in one commit. `created: false` = the reference_id is
 * taken, `payment` is the one that has it and nothing was written. Services without a card page are started at once.
 */
export async function createPayment(
  ctx: Context,
  account: Account,
  wish: NewPayment,
  plan: PaymentPlan,
): Promise<Created> {
  const now = ctx.now()
  const customer = wish.customer ? await saveCustomer(ctx.sql, account.id, wish.customer, now) : null
  const wanted = newPaymentRow(ctx, account, wish, plan, customer?.id ?? null, now)
  const payment = customer && !customer.payment_enabled ? refused(wanted) : wanted
  const told = await callbackOf(ctx, account, null, payment, [])
  const stored = await insertPayment(ctx.sql, payment, told)
  if (!stored) {
    const existing = await findPaymentByReference(ctx, account.id, payment.test_mode, payment.reference_id)
    if (!existing) throw new Error(`payment with reference ${payment.reference_id} is neither new nor there`)
    return { payment: existing, created: false }
  }
  ctx.events.paymentStatus(payment)
  return { payment: await startPayment(ctx, account, payment), created: true }
}

/** A customer who is switched off: stored as failed in the same commit, so that no worker starts it. Contract 8.3. */
function refused(payment: Payment): Payment {
  return { ...payment, ...failureOf({ payment, payerMayRetry: false }, 'customer_blocked'), flow_data: null }
}

/** The row of a new payment. Without a plan no service fits: the payment is there to say so. */
export function newPaymentRow(
  ctx: Context,
  account: Account,
  wish: NewPayment,
  plan: PaymentPlan | null,
  customer_id: string | null,
  now: Date,
): Payment {
  const id = newId('payment', now)
  const reference_id = wish.reference_id ?? randomUUID()
  const lifetimeEnd = new Date(now.getTime() + account.options.invoice_lifetime_minutes * 60_000)
  const expires_at = wish.expires_at ?? lifetimeEnd
  const service = plan?.service ?? null
  const byCard = service?.method.code === 'payment_card'
  const session_id = byCard ? siblingId('card_session', id) : null
  const payment: Payment = {
    account_id: account.id,
    id,
    version: 1,
    reference_id,
    test_mode: wish.test_mode,
    status: 'process_pending',
    resolution: 'ok',
    payment_flow: wish.payment_flow,
    source: wish.source,
    amount_minor: wish.amount_minor,
    currency: wish.currency,
    payment_amount_minor: plan?.payment_amount_minor ?? wish.amount_minor,
    fee_minor: plan?.fee_minor ?? 0n,
    deposit_minor: plan?.deposit_minor ?? wish.amount_minor,
    terms: plan?.terms ?? freeOfCharge,
    service: service?.service ?? null,
    service_method: service?.method.code ?? null,
    service_flow: service?.flow ?? null,
    service_currency: service?.service_currency ?? null,
    service_amount_minor: plan?.service_amount_minor ?? null,
    payment_service_amount_minor: plan?.payment_service_amount_minor ?? null,
    exchange_rate: plan?.exchange_rate ?? null,
    service_fields: wish.service_fields,
    processed_at: null,
    processed_amount_minor: null,
    processed_fee_minor: null,
    processed_deposit_minor: null,
    refunded_amount_minor: null,
    refunded_fee_minor: null,
    refunded_at: null,
    charged_back_amount_minor: null,
    authorized_amount_minor: null,
    voided_amount_minor: null,
    reserved_amount_minor: null,
    reserve_expires_at: null,
    unreserved: null,
    metadata: wish.metadata,
    description: wish.description,
    descriptor: null,
    customer_id,
    customer: wish.customer && pick(wish.customer),
    callback_url: wish.callback_url ?? account.callback_url,
    return_url: wish.return_url,
    return_urls: wish.return_urls,
    gateway_options: wish.gateway_options,
    options: wish.options,
    card_token: wish.token,
    session_id,
    flow_data: flowData(ctx, { id, session_id, service_flow: service?.flow ?? null, expires_at }),
    payload: null,
    original_data: {
      external_id: null,
      merchant_id: null,
      provider_id: null,
      external_mid: account.organisation_id,
      provider_code: null,
    },
    rrn: null,
    approval_code: null,
    unified_code: null,
    card_fingerprint: null,
    payment_status: 'invoked',
    payer_acted_at: null,
    submitted_at: null,
    submissions: 0,
    routing_runs: 0,
    scheme_version: null,
    created_at: now,
    updated_at: now,
    expires_at,
    due_at: expires_at,
  }
  const due_at = startsByItself(payment) ? new Date(now.getTime() + startGrace_ms) : expires_at
  return { ...payment, due_at, descriptor: descriptorOf(account, payment) }
}

const freeOfCharge: Payment['terms'] = {
  fee: { strategy: 'internal', reverse: false, rate: '0', fix_minor: 0n, min_minor: 0n, max_minor: 0n },
  reserve_rate: null,
  reserve_lifetime_minutes: null,
}

function pick({ reference_id, email, name, phone }: NonNullable<NewPayment['customer']>): Payment['customer'] {
  return { reference_id, email, name, phone }
}

/**
 * Where the payer is sent at first: the card page of the session, or the checkout; `null` = only the provider knows, and has
 * not said so yet. Contract 11.7.
 */
export function flowData(
  ctx: Context,
  { id, session_id, service_flow, expires_at }: Pick<Payment, 'id' | 'session_id' | 'service_flow' | 'expires_at'>,
): FlowData | null {
  if (session_id === null && service_flow === 'hpp') return null
  if (session_id === null)
    return { action: `${ctx.config.public_url}/hpp/?cpi=${id}`, method: 'GET', params: {}, metadata: {} }
  const token = sessionToken(ctx.secrets, { sid: session_id, exp: Math.floor(expires_at.getTime() / 1000) })
  return {
    action: `${ctx.config.public_url}/hpp/${session_id}`,
    method: 'GET',
    params: {},
    metadata: { sid: session_id, token },
  }
}

function descriptorOf(account: Account, payment: Payment): string | null {
  const values: Record<string, string> = {
    id: payment.id,
    description: payment.description ?? '',
    account_name: account.name,
    created: String(Math.floor(payment.created_at.getTime() / 1000)),
    reference_id: payment.reference_id,
  }
  return account.options.descriptor?.replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all) ?? null
}
