/** What an operator does with the breakers of a gateway. Cascading rules, section 11: open, close, hold open; each is noted. */
import type { Context } from '../context.ts'
import { changeBreaker } from './breakers.ts'
import type { Gateway } from './gateway.ts'
import { forgetRouting } from './load-routing.ts'
import { type OperatorAct, operateBreaker } from './rules/breaker.ts'
import { putBack } from './table.ts'

/**
 * Opens for one pause, holds open, or closes the breakers of all the gateway's methods. To close also puts a gateway back that
 * was set aside as set up wrongly. Returns whether that was so.
 */
export async function operateGateway(
  ctx: Context,
  gateway: Gateway,
  act: OperatorAct,
  operator: string,
): Promise<{ readonly put_back: boolean }> {
  const { gateway_id } = gateway
  for (const method of gateway.methods)
    await changeBreaker(ctx, { gateway_id, method }, operator, () => operateBreaker(act, ctx.now(), gateway.breaker))
  const put_back = act === 'close' && (await putBack(ctx.sql, gateway_id, ctx.now()))
  if (put_back) forgetRouting(ctx)
  return { put_back }
}
