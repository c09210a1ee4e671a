/** What the working gateways can take, so that a service nobody could serve is not offered. */
import type { Capabilities } from '@cascad/connector'
import type { Context } from '../context.ts'
import { recent } from '../database/recent.ts'

export type WorkingRoute = {
  readonly test_mode: boolean
  readonly methods: readonly string[]
  readonly currencies: readonly string[] | 'all'
}

type GatewayRow = {
  readonly connector: string
  readonly test_mode: boolean
  readonly methods: string[] | null
  readonly currencies: string[] | null
}

const routes = recent<readonly WorkingRoute[]>({ entries_max: 1 })

/** One route per active gateway: what its connector can, narrowed by what the gateway is set to. */
export async function workingRoutes(ctx: Context): Promise<readonly WorkingRoute[]> {
  return routes(ctx).get('all', async () => {
    const gateways = await ctx.sql<GatewayRow[]>`
      select connector, test_mode, methods, currencies from gateways where status = 'active'`
    return gateways.flatMap((gateway) => {
      const connector = ctx.connectors.get(gateway.connector)
      return connector ? [narrowed(connector.can, gateway)] : []
    })
  })
}

function narrowed(can: Capabilities, gateway: GatewayRow): WorkingRoute {
  const { methods, currencies } = gateway
  return {
    test_mode: gateway.test_mode,
    methods: methods ? can.methods.filter((method) => methods.includes(method)) : can.methods,
    currencies:
      can.currencies === 'all'
        ? (currencies ?? 'all')
        : currencies
          ? can.currencies.filter((currency) => currencies.includes(currency))
          : can.currencies,
  }
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
      route.methods.includes(service.method.code) &&
      (route.currencies === 'all' || route.currencies.includes(service.service_currency)),
  )
}

/** Called after a change of gateways. */
export function forgetWorkingRoutes(ctx: Context): void {
  routes(ctx).forgetAll()
}
