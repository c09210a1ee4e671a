/** All gateways with the health of each of their methods, for operators. */
import type { Context } from '../context.ts'
import { type Breakers, freshBreakers } from './breakers.ts'
import type { Gateway } from './gateway.ts'
import { sumResults } from './health-table.ts'
import { readGateways } from './load-routing.ts'
import { breakerKey, judgeBreaker, windowEdge } from './rules/breaker.ts'

export type MethodHealth = {
  readonly method: string
  /** `closed`, `open until …`, `half-open …`, `held open by an operator`. */
  readonly breaker: string
  /** Counted in the breaker's window. */
  readonly failures: number
  readonly healthy: number
}

export type GatewayHealth = { readonly gateway: Gateway; readonly methods: readonly MethodHealth[] }

/** By gateway id; archived ones are left out. */
export async function listGateways(ctx: Context): Promise<GatewayHealth[]> {
  const [gateways, breakers] = await Promise.all([readGateways(ctx), freshBreakers(ctx)])
  const shown = [...gateways.values()].filter(({ status }) => status !== 'archived')
  shown.sort((a, b) => a.gateway_id - b.gateway_id)
  return Promise.all(
    shown.map(async (gateway) => ({
      gateway,
      methods: await Promise.all([...gateway.methods].map((method) => healthOf(ctx, gateway, method, breakers))),
    })),
  )
}

async function healthOf(ctx: Context, gateway: Gateway, method: string, breakers: Breakers): Promise<MethodHealth> {
  const { gateway_id } = gateway
  const breaker = breakers.get(breakerKey(gateway_id, method)) ?? null
  const now = ctx.now()
  const counted = await sumResults(ctx.sql, { gateway_id, method }, windowEdge(breaker, now, gateway.breaker))
  return { method, breaker: judgeBreaker(breaker, '', now).detail ?? 'closed', ...counted }
}
