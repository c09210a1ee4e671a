import type { Context } from '../context.ts'
import { readGateways } from '../routing/load-routing.ts'
import { selectSettings } from './connection-settings-table.ts'
import { flushSkips } from './count-skips.ts'
import { type SkipCount, sumSkips } from './skip-table.ts'

export type Skips = {
  readonly since: Date
  readonly connections: readonly { readonly gateway_id: number; readonly name: string; readonly test_mode: boolean }[]
  /** Most frequent first. */
  readonly counts: readonly SkipCount[]
}

const hour_ms = 3_600_000
/** The hour that runs and the 23 before it. */
const hours = 24

/** Why a provider's connections of one mode were left out in the last 24 hours. Cascade API, section 16. */
export async function readSkips(ctx: Context, provider_id: string, test_mode: boolean): Promise<Skips> {
  await flushSkips(ctx)
  const since = new Date((Math.floor(ctx.now().getTime() / hour_ms) - (hours - 1)) * hour_ms)
  const [rows, gateways] = await Promise.all([selectSettings(ctx.sql, provider_id), readGateways(ctx)])
  const connections = rows.flatMap(({ gateway_id }) => {
    const gateway = gateways.get(gateway_id)
    return gateway?.test_mode === test_mode ? [{ gateway_id, name: gateway.name, test_mode }] : []
  })
  const own = connections.map(({ gateway_id }) => gateway_id)
  return { since, connections, counts: await sumSkips(ctx.sql, own, since) }
}
