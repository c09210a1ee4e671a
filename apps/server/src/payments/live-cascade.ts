/** What a running cascade knows besides the rows: routing, limits, the payer's input. It lives for one submission, in memory. */
import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { type Breakers, recentBreakers } from '../routing/breakers.ts'
import { calendarOf } from '../routing/calendar.ts'
import { settingsAbove } from '../routing/cascade-settings.ts'
import type { Choice } from '../routing/choice.ts'
import { loadRouting, loadRoutingVersion, type Routing } from '../routing/load-routing.ts'
import { type CascadeSettings, cascadeSettings } from '../routing/rules/cascade-settings.ts'
import type { RoutingFacts } from '../routing/rules/facts.ts'
import type { CascadeOverrides } from '../routing/scheme.ts'
import type { PayerInput } from './call-gateway.ts'
import { type CardWatch, openCardWatch, type SeenCard } from './card-watch.ts'
import { type LiveConnections, openConnections } from './live-connections.ts'
import { loadMarket, type Market } from './load-market.ts'
import type { Payment } from './payment.ts'
import { brandOf, issuerOf } from './rules/card.ts'

export type Live = {
  readonly account: Account
  readonly routing: Routing
  readonly breakers: Breakers
  readonly market: Market
  readonly facts: RoutingFacts
  readonly settings: CascadeSettings
  /** Settings of platform, account and scheme, as they were when the cascade began. */
  readonly above: readonly CascadeOverrides[]
  /** What the networks hold against the card; `null` = no card, or one we do not know the number of. */
  readonly watch: CardWatch | null
  /** Providers of requisites among the routes; `null` = none. */
  readonly connections: LiveConnections | null
  readonly started_at: Date
  readonly budget_ends_at: Date
  readonly payer: PayerInput
  /** The payer is on a page of ours and may be offered another try. */
  readonly payer_on_page: boolean
  /** The payer can still be asked something: he started this, and his card is in memory. */
  readonly payer_present: boolean
  /** The process is stopping: finish the call in hand, begin nothing that can wait. */
  readonly stopping: AbortSignal
  readonly drive?: Drive
}

/** How the face a payment came in by wants its cascade driven. */
export type Drive = {
  /** The face's own switch; `false` = no automatic hop. */
  readonly cascading: boolean
  /** The merchant cascades himself: one gateway per request. */
  readonly merchant_drives: boolean
  /** Gateways the merchant excludes. */
  readonly excluded: readonly number[]
  /** Gateways that earlier payments of the merchant's chain have used. */
  readonly tried_in_chain: readonly number[]
  readonly binding_id: string | null
  readonly shop_id: number | null
  readonly operation: 'payment' | 'authorization'
  readonly billing_country: string | null
  /** Account, or reference in test mode, that blocks and ceilings of networks are kept by; see `network_blocks.test_key`. */
  readonly test_key: string
}

type Circumstances = {
  readonly payer_on_page: boolean
  readonly stopping: AbortSignal
  /** Left out = a payment invoice. */
  readonly drive?: Drive
  /** The payer's card, where a look at it came with the payment. */
  readonly seen?: SeenCard | null
}

/** Begins a cascade. A payment that was routed before keeps the version of the scheme it was routed with. */
export async function openLive(
  ctx: Context,
  account: Account,
  payment: Payment,
  payer: PayerInput,
  around: Circumstances,
): Promise<Live> {
  const started_at = ctx.now()
  const { drive } = around
  const [routing, breakers, wide, watch] = await Promise.all([
    payment.scheme_version ? loadRoutingVersion(ctx, account.id, payment.scheme_version) : loadRouting(ctx, account.id),
    recentBreakers(ctx),
    settingsAbove(ctx, account.id),
    openCardWatch(ctx, account, payment, payer, drive, around.seen),
  ])
  const above = routing.scheme.cascade ? [...wide, routing.scheme.cascade] : wide
  const settings = settingsOf(account, payment, above, {}, drive)
  const [market, connections] = await Promise.all([
    loadMarket(ctx, account.id, routing, payment.service_currency ?? payment.currency),
    openConnections(ctx, routing, payment),
  ])
  return {
    account,
    routing,
    breakers,
    market,
    connections,
    facts: factsOf(account, payment, payer, watch, routing, started_at, drive),
    settings,
    above,
    watch,
    started_at,
    budget_ends_at: new Date(started_at.getTime() + settings.time_budget_ms),
    payer,
    payer_present: payer.wishes?.initiator !== 'merchant' && (payer.card !== null || around.payer_on_page),
    ...around,
  }
}

/** The cascade under the settings of the rule that routed it, which may only be stricter. */
export function underRule(live: Live, payment: Payment, choice: Choice): Live {
  const settings = settingsOf(live.account, payment, live.above, choice.cascade, live.drive)
  return { ...live, settings, budget_ends_at: new Date(live.started_at.getTime() + settings.time_budget_ms) }
}

function settingsOf(
  account: Account,
  payment: Payment,
  above: readonly CascadeOverrides[],
  rule: Choice['cascade'],
  drive?: Drive,
): CascadeSettings {
  const settings = cascadeSettings({
    // Requisites take their providers longer than a card takes a bank.
    kind: payment.service_flow === 'invoice' ? 'connection' : 'card',
    flow: payment.service_flow,
    attempts_limit: account.options.attempts_limit,
    above,
    rule,
  })
  return { ...settings, cascading: settings.cascading && (drive?.cascading ?? true) }
}

function factsOf(
  account: Account,
  payment: Payment,
  payer: PayerInput,
  watch: CardWatch | null,
  routing: Routing,
  now: Date,
  drive?: Drive,
): RoutingFacts {
  const card = cardFacts(payer)
  return {
    amount_minor: payment.payment_service_amount_minor ?? payment.payment_amount_minor,
    amount_base_minor: payment.service_currency === account.base_currency ? payment.payment_service_amount_minor : null,
    currency: payment.service_currency ?? payment.currency,
    method: payment.service_method,
    service: payment.service,
    flow: payment.service_flow,
    operation: drive?.operation ?? 'payment',
    connector_operation: payment.payment_flow,
    merchant: account.id,
    shop: drive?.shop_id ?? null,
    test: payment.test_mode,
    country: null,
    billing_country: drive?.billing_country ?? null,
    ip: payer.client_ip,
    three_ds: payment.service_method === 'payment_card' ? (payer.wishes?.three_ds ?? 'auto') : null,
    merchant_initiated: payer.wishes?.initiator === 'merchant',
    card: card && watch ? { ...card, declined_24h: watch.seen.declined_24h } : card,
    customer: payment.customer && { id: payment.customer.reference_id, email: payment.customer.email },
    metadata: payment.metadata,
    attempt_number: 1,
    calendar: calendarOf(now, routing.scheme.time_zone),
  }
}

function cardFacts({ card, saved, cvv }: PayerInput): RoutingFacts['card'] {
  if (card) {
    return {
      brand: brandOf(card.number),
      bin: card.number.slice(0, 6),
      bin8: card.number.slice(0, 8),
      issuer_country: issuerOf(card.number)?.country ?? null,
      token_used: false,
      cvv_present: card.cvv !== null,
      declined_24h: null,
    }
  }
  if (!saved) return null
  const { brand, first, issuer_country } = saved.card
  return {
    brand,
    bin: first,
    bin8: null,
    issuer_country,
    token_used: true,
    cvv_present: cvv !== null,
    declined_24h: null,
  }
}
