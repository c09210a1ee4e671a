/** What would happen to this payment now? The same choice as a real run, without a call and without a trace. */
import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { recentBreakers } from '../routing/breakers.ts'
import { calendarOf } from '../routing/calendar.ts'
import { settingsAbove } from '../routing/cascade-settings.ts'
import type { Choice, RoutingInput } from '../routing/choice.ts'
import { draw } from '../routing/draw.ts'
import { loadRouting, type Routing } from '../routing/load-routing.ts'
import { type CascadeSettings, cascadeSettings } from '../routing/rules/cascade-settings.ts'
import { chooseRoute } from '../routing/rules/choose-route.ts'
import type { RoutingFacts } from '../routing/rules/facts.ts'
import { loadMarket } from './load-market.ts'
import type { SimulationWish } from './simulation-request.ts'

export type Simulation = {
  readonly choice: Choice
  /** Gateways in the order they would be tried, if each of them declined. */
  readonly order: readonly number[]
  readonly settings: CascadeSettings
}

/** By the scheme in force now. A half-open gateway counts as a candidate; its probe is not taken. */
export async function simulateRouting(ctx: Context, account: Account, wish: SimulationWish): Promise<Simulation> {
  const routing = await loadRouting(ctx, account.id)
  const { plan, tried } = wish
  const at = ctx.now()
  const last = tried.at(-1)
  const wide = await settingsAbove(ctx, account.id)
  const above = routing.scheme.cascade ? [...wide, routing.scheme.cascade] : wide
  const settingsUnder = (rule: Choice['cascade'] | null): CascadeSettings =>
    cascadeSettings({
      kind: 'card',
      flow: plan.service.flow,
      attempts_limit: account.options.attempts_limit,
      above,
      rule,
    })
  const input: RoutingInput = {
    payment_id: wish.payment_id,
    run: tried.length + 1,
    hop: tried.length + 1,
    version_id: routing.version_id,
    scheme: routing.scheme,
    gateways: routing.gateways,
    facts: factsOf(account, wish, routing, at),
    tried,
    excluded: [...wish.excluded, ...settingsUnder(null).excluded_routes],
    last_class: wish.last_class,
    last_domain: last === undefined ? null : (routing.gateways.get(last)?.failure_domain ?? null),
    breakers: await recentBreakers(ctx),
    ...(await loadMarket(ctx, account.id, routing, plan.service.service_currency)),
    draw,
    at,
  }
  const choice = chooseRoute(input)
  const settings = settingsUnder(choice.cascade)
  return { choice, order: orderOf(input, choice), settings }
}

function orderOf(input: RoutingInput, first: Choice): number[] {
  const order: number[] = []
  const gateways_max = input.gateways.size
  let choice = first
  while (choice.chosen !== null && order.length < gateways_max) {
    order.push(choice.chosen.gateway_id)
    const hop = input.hop + order.length
    const facts = { ...input.facts, attempt_number: hop }
    const tried = [...input.tried, ...order]
    choice = chooseRoute({ ...input, facts, tried, hop, run: hop, last_class: null, last_domain: null })
  }
  return order
}

function factsOf(account: Account, wish: SimulationWish, { scheme }: Routing, now: Date): RoutingFacts {
  const { service, payment_service_amount_minor } = wish.plan
  return {
    amount_minor: payment_service_amount_minor,
    amount_base_minor: service.service_currency === account.base_currency ? payment_service_amount_minor : null,
    currency: service.service_currency,
    method: service.method.code,
    service: service.service,
    flow: service.flow,
    operation: 'payment',
    connector_operation: wish.payment_flow,
    merchant: account.id,
    shop: null,
    test: wish.test_mode,
    country: null,
    billing_country: null,
    ip: wish.client_ip,
    three_ds: service.method.code === 'payment_card' ? 'auto' : null,
    merchant_initiated: false,
    card: wish.card,
    customer: wish.customer,
    metadata: wish.metadata,
    attempt_number: wish.tried.length + 1,
    calendar: calendarOf(now, scheme.time_zone),
  }
}
