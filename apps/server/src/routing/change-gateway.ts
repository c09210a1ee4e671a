import type { Context } from '../context.ts'
import { lockSettings, updateSettings } from './gateway-settings-table.ts'
import { forgetRouting } from './load-routing.ts'
import { readGatewaySettings, type SettingsScope } from './read-gateway-settings.ts'

/**
 * Does `name=value` texts to the settings as they are now: of two changes at the same time neither is lost. Returns what is wrong, `null`
 * when all is written; nothing is written then. Other processes know within a second.
 */
export async function changeGateway(
  ctx: Context,
  gateway_id: number,
  given: readonly string[],
  scope: SettingsScope,
): Promise<string | null> {
  const wrong = await ctx.sql.begin(async (tx) => {
    const before = await lockSettings(tx, gateway_id)
    if (!before) return `there is no gateway ${gateway_id}`
    const read = readGatewaySettings(given, before, scope)
    if (read.settings) await updateSettings(tx, gateway_id, read.settings, ctx.now())
    return read.mistake
  })
  forgetRouting(ctx)
  return wrong
}
