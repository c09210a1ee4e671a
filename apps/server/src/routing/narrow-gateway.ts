import type { Context } from '../context.ts'
import type { Database } from '../database/connect.ts'
import { type Narrowing, updateNarrowing } from './gateway-settings-table.ts'

export type { Narrowing } from './gateway-settings-table.ts'

/**
 * Which of the connector's methods and which currencies payments may use at a gateway, from the caller's commit on; `null` = all, left
 * out = as before. This process knows after `forgetRouting`.
 */
export async function narrowGateway(
  ctx: Pick<Context, 'now'>,
  tx: Database,
  gateway_id: number,
  narrowing: Narrowing,
): Promise<void> {
  await updateNarrowing(tx, gateway_id, narrowing, ctx.now())
}
