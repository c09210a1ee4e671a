import type { Context } from '../context.ts'
import { decideTopUp } from './decide-top-up.ts'
import { orderTopUp } from './order-top-up.ts'
import type { Provider } from './provider.ts'
import type { TopUp } from './top-up-table.ts'

/** Money of the demo world and of test mode: no bank, no operator. Throws for live books outside the demo. */
export async function topUpDemo(
  ctx: Pick<Context, 'sql' | 'now' | 'config'>,
  provider: Pick<Provider, 'id' | 'settlement_currency'>,
  test_mode: boolean,
  amount_minor: bigint,
): Promise<TopUp> {
  if (!test_mode && ctx.config.mode !== 'demo') throw new Error('Live balances are topped up with real money.')
  const order = { test_mode, amount_minor, reference: 'demo', ordered_by: 'demo' }
  const { id } = await orderTopUp(ctx, provider, order)
  const done = await decideTopUp(ctx, provider.id, id, { status: 'confirmed', decided_by: 'demo' })
  if (!done) throw new Error(`${id} was decided by somebody else.`)
  return done
}
