import { Check } from 'typebox/value'
import type { Context } from '../context.ts'
import type { Database } from '../database/connect.ts'
import { lockCredentials, updateCredentials } from './gateway-settings-table.ts'

/**
 * Other credentials for a gateway from the caller's commit on, made of those it has (`null` = none that can be read); nobody else
 * changes them meanwhile. A gateway that was set aside for wrong ones is active again. Processes know within a second, this one after
 * `forgetRouting`. Throws for credentials the connector does not take.
 */
export async function replaceCredentials(
  ctx: Pick<Context, 'connectors' | 'secrets' | 'now'>,
  tx: Database,
  gateway_id: number,
  change: (current: object | null) => object,
): Promise<void> {
  const row = await lockCredentials(tx, gateway_id)
  const schema = row && ctx.connectors.get(row.connector)?.credentials
  const credentials = row && change(readable(ctx, gateway_id, row.credentials_encrypted))
  if (!schema || !Check(schema, credentials)) throw new Error(`gateway ${gateway_id} cannot be called like that`)
  const encrypted = ctx.secrets.encrypt(JSON.stringify(credentials), purpose(gateway_id))
  await updateCredentials(tx, gateway_id, encrypted, ctx.now())
}

const purpose = (gateway_id: number): string => `gateway:${gateway_id}`

function readable(ctx: Pick<Context, 'secrets'>, gateway_id: number, encrypted: Uint8Array): object | null {
  try {
    return JSON.parse(ctx.secrets.decrypt(encrypted, purpose(gateway_id))) as object
  } catch {
    return null
  }
}
