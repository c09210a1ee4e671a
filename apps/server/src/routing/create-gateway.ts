import type { Context } from '../context.ts'
import { newId } from '../ids.ts'
import type { Gateway } from './gateway.ts'
import { insertGateway } from './gateway-settings-table.ts'
import { forgetRouting } from './load-routing.ts'

export type GatewayOrder = Pick<Gateway, 'gateway_id' | 'name' | 'connector' | 'test_mode'>

/**
 * A gateway without credentials: payments pass it over until it has some. Returns what is wrong, `null` when it is there; a number
 * that is taken changes nothing.
 */
export async function createGateway(ctx: Context, order: GatewayOrder): Promise<string | null> {
  if (!ctx.connectors.has(order.connector)) return `there is no connector ${order.connector}`
  const now = ctx.now()
  const credentials_encrypted = ctx.secrets.encrypt('{}', `gateway:${order.gateway_id}`)
  const gateway = { ...order, credentials_encrypted, merchant_account_id: newId('merchant_account', now) }
  if (!(await insertGateway(ctx.sql, gateway, now))) return `there is a gateway ${order.gateway_id}`
  forgetRouting(ctx)
  return null
}
