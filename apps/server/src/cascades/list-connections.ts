import type { Context } from '../context.ts'
import { readGateways } from '../routing/load-routing.ts'
import { selectSettings } from './connection-settings-table.ts'
import { type ConnectionView, ownConnection, viewOf } from './read-connection.ts'

/** The connections of a provider of one mode, by gateway. */
export async function listConnections(
  ctx: Context,
  provider_id: string,
  test_mode: boolean,
): Promise<ConnectionView[]> {
  const [rows, gateways] = await Promise.all([selectSettings(ctx.sql, provider_id), readGateways(ctx)])
  return rows.flatMap((row) => {
    const own = ownConnection(ctx, row, gateways)
    return own && own.gateway.test_mode === test_mode ? [viewOf(ctx, own)] : []
  })
}
