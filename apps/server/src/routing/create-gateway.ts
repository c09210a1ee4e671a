import { Check } from 'typebox/value'
import type { Context } from '../context.ts'
import { newId } from '../ids.ts'
import type { Gateway } from './gateway.ts'
import { insertGateway } from './gateway-settings-table.ts'
import { forgetRouting } from './load-routing.ts'
import type { GatewaySettings } from './read-gateway-settings.ts'

export type GatewayOrder = Pick<Gateway, 'gateway_id' | 'name' | 'connector' | 'test_mode'> & {
  /** As the connector's schema wants them; left out = none, and payments pass the gateway over until it has some. */
  readonly credentials?: object
  readonly settings?: GatewaySettings
}

/**
 * Makes a gateway. Returns what is wrong, `null` when it is there; a number that is taken changes nothing. Throws for credentials the
 * connector does not take.
 */
export async function createGateway(ctx: Context, order: GatewayOrder): Promise<string | null> {
  const { gateway_id, connector, test_mode, credentials, settings, name } = order
  const schema = ctx.connectors.get(connector)?.credentials
  if (!schema) return `there is no connector ${connector}`
  if (credentials && !Check(schema, credentials)) throw new Error(`gateway ${gateway_id} cannot be called like that`)
  const now = ctx.now()
  const gateway = {
    ...settings,
    gateway_id,
    name,
    connector,
    test_mode,
    credentials_encrypted: ctx.secrets.encrypt(JSON.stringify(credentials ?? {}), `gateway:${gateway_id}`),
    merchant_account_id: newId('merchant_account', now),
  }
  if (!(await insertGateway(ctx.sql, gateway, now))) return `there is a gateway ${gateway_id}`
  forgetRouting(ctx)
  return null
}
