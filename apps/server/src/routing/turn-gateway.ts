import type { Context } from '../context.ts'
import type { Gateway } from './gateway.ts'
import { updateStatus } from './gateway-settings-table.ts'
import { forgetRouting } from './load-routing.ts'

/**
 * `draining` and `off` keep new payments away, open ones are followed to their end all the same; `active` also puts a gateway back that
 * was set aside. Cascading rules, section 4. `false`: it is archived, and stays so. Other processes know within a second.
 */
export async function turnGateway(
  ctx: Context,
  gateway_id: number,
  status: Extract<Gateway['status'], 'active' | 'draining' | 'off'>,
): Promise<boolean> {
  const turned = await updateStatus(ctx.sql, gateway_id, status, ctx.now())
  forgetRouting(ctx)
  return turned
}
