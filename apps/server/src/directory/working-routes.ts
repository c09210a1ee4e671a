/** Which gateways of an account's routing can take a service, so that one nobody could serve is not offered. */
import type { Context } from '../context.ts'
import type { Gateway } from '../routing/gateway.ts'
import { loadRouting } from '../routing/load-routing.ts'
import type { Scheme } from '../routing/scheme.ts'

/** The part of a gateway that decides. */
export type WorkingRoute = Pick<Gateway, 'test_mode' | 'methods' | 'currencies'>

/** The gateways that rules of the account's scheme may choose and that can be called now. */
export async function workingRoutes(ctx: Context, account_id: string): Promise<readonly WorkingRoute[]> {
  const { scheme, gateways } = await loadRouting(ctx, account_id)
  return [...gatewaysOf(scheme)].flatMap((gateway_id) => {
    const gateway = gateways.get(gateway_id)
    return gateway && gateway.status === 'active' && gateway.misconfigured === null ? [gateway] : []
  })
}

function gatewaysOf(scheme: Scheme): Set<number> {
  const strategies = scheme.rules.filter((rule) => rule.active).map((rule) => rule.strategy)
  if (scheme.on_no_rule !== 'fail') strategies.push(scheme.on_no_rule)
  return new Set(strategies.flatMap((strategy) => strategy.routes.map((route) => route.gateway_id)))
}

/** Can one of the routes take this method in this currency and mode? */
export function isRouted(
  routes: readonly WorkingRoute[],
  service: {
    readonly test_mode: boolean
    readonly method: { readonly code: string }
    readonly service_currency: string
  },
): boolean {
  return routes.some(
    (route) =>
      route.test_mode === service.test_mode &&
      route.methods.has(service.method.code) &&
      (route.currencies === null || route.currencies.has(service.service_currency)),
  )
}
