import type { Context } from '../context.ts'
import { selectSettings } from './gateway-settings-table.ts'
import type { GatewaySettings } from './read-gateway-settings.ts'

/** What operators have set, before it is narrowed by what the connector can; `null` = no such gateway. As it is now. */
export async function findGatewaySettings(ctx: Context, gateway_id: number): Promise<GatewaySettings | null> {
  return selectSettings(ctx.sql, gateway_id)
}
