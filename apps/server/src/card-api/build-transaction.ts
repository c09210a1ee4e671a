/** From a checked request to the rows of a transaction, and what its run needs to know of the card. Card API contract 4, 14.3. */
import type { Card, ThreeDsWish } from '@cascad/connector'
import type { Account } from '../accounts/account.ts'
import type { Shop } from '../accounts/shop.ts'
import type { Context } from '../context.ts'
import { listServices } from '../directory/find-service.ts'
import { newUid } from '../ids.ts'
import type { PayerInput } from '../payments/call-gateway.ts'
import { newPaymentRow } from '../payments/create-payment.ts'
import type { Drive } from '../payments/live-cascade.ts'
import type { NewPayment, Payment } from '../payments/payment.ts'
import { type PaymentPlan, reckonPlan } from '../payments/plan-payment.ts'
import { failureOf } from '../payments/rules/failure-of.ts'
import { CardProblem } from './card-problem.ts'
import type { ParentWish } from './read-parent-request.ts'
import { isExpired } from './rules/card-expiry.ts'
import { showCard } from './rules/show-card.ts'
import { abandonedAfter_ms } from './rules/status.ts'
import type { ShopCall } from './shop-route.ts'
import type { CascadeMode, ParentType, Transaction } from './transaction.ts'
import { findVaultCard, newToken, type VaultCard } from './vault.ts'

/** A transaction that is ready to be stored and run. `card`: in memory only. */
export type Built = {
  readonly wish: ParentWish
  readonly card: Card
  readonly transaction: Transaction
  readonly payment: Payment
  readonly payer: PayerInput
  readonly drive: Drive
  /** The card to be kept under a token, until it is known that the transaction came to nothing. */
  readonly vault: VaultCard | null
}

/** How long another process waits before it takes the process of this one for dead. */
const startGrace_ms = 30_000

export async function buildTransaction(
  ctx: Context,
  call: ShopCall,
  type: ParentType,
  wish: ParentWish,
): Promise<Built> {
  const { shop, account } = call
  const now = ctx.now()
  const kept = await keptCard(ctx, account, wish)
  const card = cardOf(wish, kept, now)
  const test = shop.settings.test_mode || wish.test
  const vault = kept ? null : toKeep(account, shop, wish, card)
  const uid = newUid(now)
  const payment = await buildPayment(ctx, account, shop, { type, wish, uid, test, card })
  const mode = modeOf(shop, wish)
  const transaction: Transaction = {
    account_id: account.id,
    uid,
    shop_id: shop.shop_id,
    type,
    payment_id: payment.id,
    operation_id: null,
    parent_uid: null,
    tracking_id: wish.tracking_id,
    api_version: call.version,
    binding_id: null,
    cascade_mode: mode,
    stamp: ctx.secrets.cardStamp(shop.shop_id, card.number),
    request: {
      description: wish.description,
      language: wish.language,
      descriptor: wish.descriptor,
      expired_at: wish.expired_at?.toISOString() ?? null,
      notification_url: payment.callback_url,
      return_url: wish.return_url,
      card: showCard(card),
      token: kept?.token ?? vault?.token ?? null,
      token_sent: kept !== null,
      contract: wish.contract,
      recurring_type: wish.contract.includes('recurring') ? (kept ? 'recurring' : 'initial') : null,
      customer: wish.customer,
      billing_address: wish.billing_address,
      additional_data: wish.additional_data,
      reason: null,
      amount: `${wish.amount_minor}`,
      currency: wish.currency,
      test,
    },
    created_at: now,
  }
  return {
    wish,
    card,
    transaction,
    payment,
    payer: payerOf(ctx, shop, wish, card, { uid, test, recurring_type: transaction.request.recurring_type }),
    drive: {
      cascading: mode === 'automatic',
      merchant_drives: mode !== 'automatic',
      excluded: wish.excluded_gateways ?? [],
      tried_in_chain: [],
      binding_id: null,
      shop_id: shop.shop_id,
      operation: type,
      billing_country: wish.billing_address?.country ?? null,
      test_key: test ? `test:${wish.tracking_id ?? ''}` : '',
    },
    vault,
  }
}

async function keptCard(ctx: Context, account: Account, wish: ParentWish): Promise<VaultCard | null> {
  const { token } = wish.card
  if (token === null) return null
  const kept = await findVaultCard(ctx, account.id, token)
  if (!kept) throw new CardProblem(422, 'E.1037', { credit_card: { token: ['does not exist'] } })
  return kept
}

function cardOf({ card }: ParentWish, kept: VaultCard | null, now: Date): Card {
  const { exp_month, exp_year, holder, number } = kept ?? card
  if (number === null || exp_month === null || exp_year === null)
    throw new Error('a card was accepted without its number or expiry')
  if (isExpired(exp_month, exp_year, now))
    throw new CardProblem(422, 'E.1025', { credit_card: { date: ['is expired'] } })
  return {
    number,
    exp_month: String(exp_month).padStart(2, '0'),
    exp_year: String(exp_year),
    cvv: card.verification_value,
    holder,
  }
}

/** A card is kept when the shop wants tokens, or the request asks for one. */
function toKeep(account: Account, shop: Shop, wish: ParentWish, card: Card): VaultCard | null {
  const { return_token } = shop.settings
  const asked = wish.card.save_card || wish.contract.length > 0
  if (return_token === 'never' || (return_token === 'on_request' && !asked)) return null
  return {
    account_id: account.id,
    token: newToken(),
    number: card.number,
    holder: card.holder ?? '',
    exp_month: Number(card.exp_month),
    exp_year: Number(card.exp_year),
    contract: wish.contract,
  }
}

function modeOf(shop: Shop, wish: ParentWish): CascadeMode {
  if (wish.excluded_gateways !== null) return 'merchant'
  return shop.settings.automatic_cascading && wish.cascade !== false ? 'automatic' : 'none'
}

type Facts = {
  readonly type: ParentType
  readonly wish: ParentWish
  readonly uid: string
  readonly test: boolean
  readonly card: Card
}

async function buildPayment(ctx: Context, account: Account, shop: Shop, facts: Facts): Promise<Payment> {
  const { type, wish, uid, test, card } = facts
  const now = ctx.now()
  const plan = await planOf(ctx, account, facts)
  const abandoned_at = new Date(now.getTime() + abandonedAfter_ms)
  const wanted: NewPayment = {
    reference_id: uid,
    test_mode: test,
    payment_flow: type === 'payment' ? 'charge' : 'authorize',
    source: 'card_api',
    amount_minor: wish.amount_minor,
    currency: wish.currency,
    service: plan?.service.service ?? null,
    service_fields: {},
    description: wish.description,
    customer: customerOf(wish),
    metadata: null,
    return_url: wish.return_url === null ? null : `${ctx.config.public_url}/process/${uid}`,
    return_urls: null,
    callback_url: null,
    gateway_options: null,
    options: shop.settings.accept_late_success ? { accept_late_success: true } : null,
    token: null,
    expires_at: wish.expired_at !== null && wish.expired_at < abandoned_at ? wish.expired_at : abandoned_at,
  }
  const row: Payment = {
    ...newPaymentRow(ctx, account, wanted, plan, null, now),
    session_id: null,
    flow_data: null,
    callback_url: wish.notification_url ?? shop.settings.notification_url,
    card_fingerprint: ctx.secrets.cardFingerprint(card.number),
    due_at: new Date(now.getTime() + startGrace_ms),
  }
  if (plan) return row
  const failure = failureOf({ payment: row, payerMayRetry: false }, 'strategy_received_no_routes')
  return { ...row, ...failure, unified_code: 'F.2001' }
}

/** Fees and amounts by the account's card service of the currency: the payer pays the amount as it stands. `null` = no service. */
async function planOf(ctx: Context, account: Account, { type, wish, test }: Facts): Promise<PaymentPlan | null> {
  const { amount_minor, currency } = wish
  const service = (await listServices(ctx, account.id, test)).find(
    ({ method, service_currency }) => method.code === 'payment_card' && service_currency === currency,
  )
  if (!service || amount_minor < service.amount_min_minor || amount_minor > service.amount_max_minor) return null
  const options = { ...account.options, fee_strategy: 'internal', reverse_fee: false } as const
  const plan = await reckonPlan(ctx, { ...account, options }, service, {
    payment_flow: type === 'payment' ? 'charge' : 'authorize',
    currency,
    amount_minor,
  })
  return typeof plan === 'string' || plan.deposit_minor < 0n ? null : plan
}

function customerOf({ customer, billing_address }: ParentWish): NewPayment['customer'] {
  if (!customer) return null
  const name = [billing_address?.first_name, billing_address?.last_name].filter(Boolean).join(' ')
  return {
    reference_id: customer.external_id ?? '',
    email: customer.email,
    name: name === '' ? null : name,
    phone: customer.phone,
    individual_tax_id: null,
    date_of_birth: customer.birth_date,
    address: null,
    metadata: null,
  }
}

type PayerFacts = {
  readonly uid: string
  readonly test: boolean
  readonly recurring_type: 'initial' | 'recurring' | null
}

function payerOf(
  ctx: Context,
  shop: Shop,
  wish: ParentWish,
  card: Card,
  { uid, test, recurring_type }: PayerFacts,
): PayerInput {
  const initiator = wish.card_on_file?.initiator === 'merchant' ? 'merchant' : 'customer'
  return {
    card,
    saved: null,
    cvv: null,
    browser: wish.browser,
    client_ip: wish.customer?.ip ?? null,
    return_url: `${ctx.config.public_url}/process/${uid}/return`,
    wishes: {
      three_ds: initiator === 'merchant' ? 'off' : threeDsOf(shop, wish),
      initiator,
      recurring: recurring_type,
      descriptor: wish.descriptor,
      billing_address: wish.billing_address,
      simulation: test ? { expected_code: wish.expected_bank_code, scenario: wish.test_scenario } : null,
    },
  }
}

function threeDsOf({ settings }: Shop, { card }: ParentWish): ThreeDsWish {
  if (settings.three_d_secure === 'required') return 'required'
  return card.skip_three_d_secure_verification ? 'off' : settings.three_d_secure
}
