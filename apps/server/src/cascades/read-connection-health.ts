import type { Context } from '../context.ts'
import { freshBreakers } from '../routing/breakers.ts'
import type { GatewayStatus } from '../routing/gateway.ts'
import { readGateways } from '../routing/load-routing.ts'
import { type Breaker, breakerKey } from '../routing/rules/breaker.ts'
import { selectSettings } from './connection-settings-table.ts'

export type MethodBreaker = {
  readonly method: string
  readonly breaker: 'closed' | 'open' | 'half_open'
  /** `null` unless it closes again by itself. */
  readonly open_until: Date | null
}

export type ConnectionHealth = {
  readonly gateway_id: number
  readonly name: string
  readonly status: GatewayStatus
  readonly misconfigured_at: Date | null
  readonly misconfigured_reason: string | null
  readonly methods: readonly MethodBreaker[]
}

/** How a provider's connections of one mode are doing. */
export async function readConnectionHealth(
  ctx: Context,
  provider_id: string,
  test_mode: boolean,
): Promise<ConnectionHealth[]> {
  const [rows, gateways, breakers] = await Promise.all([
    selectSettings(ctx.sql, provider_id),
    readGateways(ctx),
    freshBreakers(ctx),
  ])
  const now = ctx.now()
  return rows.flatMap(({ gateway_id, misconfigured_at, misconfigured_reason }) => {
    const gateway = gateways.get(gateway_id)
    if (gateway?.test_mode !== test_mode) return []
    const { name, status } = gateway
    const methods = [...gateway.methods].map((method) => ({
      method,
      ...shownAs(breakers.get(breakerKey(gateway_id, method)), now),
    }))
    return [{ gateway_id, name, status, misconfigured_at, misconfigured_reason, methods }]
  })
}

function shownAs(breaker: Breaker | undefined, now: Date): Omit<MethodBreaker, 'method'> {
  if (!breaker || breaker.state === 'closed') return { breaker: 'closed', open_until: null }
  if (breaker.state === 'held') return { breaker: 'open', open_until: null }
  const { open_until } = breaker
  return open_until !== null && open_until > now
    ? { breaker: 'open', open_until }
    : { breaker: 'half_open', open_until: null }
}
