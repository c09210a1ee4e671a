import type { Context } from '../context.ts'
import { insertConnection } from './table.ts'

/** Makes a gateway an endpoint of the provider; repeating it changes nothing. `false` = no such gateway, or another provider's. */
export async function connectGateway(
  ctx: Pick<Context, 'sql'>,
  provider_id: string,
  gateway_id: number,
): Promise<boolean> {
  return insertConnection(ctx.sql, provider_id, gateway_id)
}
