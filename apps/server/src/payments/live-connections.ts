/** Connections a search for requisites may use, as they stand for its payment. */
import type { Connector } from '@cascad/connector'
import type { RequisiteMethod } from '@cascad/connector/requisites'
import { type ConnectionNow, loadConnections } from '../cascades/load-connections.ts'
import type { Barred } from '../cascades/rules/reason-against-connection.ts'
import type { Context } from '../context.ts'
import { currencies } from '../directory/currencies.ts'
import type { Routing } from '../routing/load-routing.ts'
import { gatewaysOf } from '../routing/rules/compile-scheme.ts'
import type { Payment } from './payment.ts'

export type LiveConnections = {
  /** Gateways whose providers give requisites for the payment, with what was asked of each. */
  readonly methods: ReadonlyMap<number, RequisiteMethod>
  now: ReadonlyMap<number, ConnectionNow>
  /** What speaks against them; a race that was lost is added. */
  readonly barred: Map<number, Barred>
}

/** The operation of a connector that gives requisites for a method of the directory; `null` = it gives none. */
export function requisiteMethod(connector: Connector | undefined, method: string | null): RequisiteMethod | null {
  return (method !== null && connector?.requisites?.methods[method]) || null
}

/** `null` = no gateway that the scheme names gives requisites for the payment. */
export async function openConnections(
  ctx: Context,
  routing: Routing,
  payment: Payment,
): Promise<LiveConnections | null> {
  const methods = new Map<number, RequisiteMethod>()
  for (const named of gatewaysOf(routing.scheme)) {
    const gateway = routing.gateways.get(named)
    if (gateway?.test_mode !== payment.test_mode) continue
    const { gateway_id, connector } = gateway
    const method = requisiteMethod(ctx.connectors.get(connector), payment.service_method)
    if (method) methods.set(gateway_id, method)
  }
  if (methods.size === 0) return null
  const live = { methods, now: new Map(), barred: new Map() }
  await lookAtConnections(ctx, live, payment)
  return live
}

/** Looks anew: balances, pauses and rates change while others are asked. */
export async function lookAtConnections(ctx: Context, live: LiveConnections, payment: Payment): Promise<void> {
  const currency = payment.service_currency ?? payment.currency
  live.now = await loadConnections(ctx.sql, live.methods, {
    amount_minor: payment.payment_service_amount_minor ?? payment.payment_amount_minor,
    currency,
    exponent: (await currencies(ctx)).get(currency)?.exponent ?? 2,
    test_mode: payment.test_mode,
    closes_at: payment.expires_at,
    now: ctx.now(),
  })
  live.barred.clear()
  for (const gateway_id of live.methods.keys()) {
    const found = live.now.get(gateway_id)
    const barred = found ? found.barred : unowned
    if (barred) live.barred.set(gateway_id, barred)
  }
}

const unowned: Barred = { reason: 'misconfigured', detail: 'the gateway belongs to no provider' }
