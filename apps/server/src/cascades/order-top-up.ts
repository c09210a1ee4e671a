import type { Context } from '../context.ts'
import type { Database } from '../database/connect.ts'
import { newId } from '../ids.ts'
import type { Provider } from './provider.ts'
import { insertTopUp, type TopUp } from './top-up-table.ts'

export type TopUpOrder = {
  readonly test_mode: boolean
  /** Above 0, in settlement minor units. */
  readonly amount_minor: bigint
  /** What the provider wrote on the transfer. */
  readonly reference: string
  readonly ordered_by: string
}

/** Notes that a provider says to have sent money. Nothing is booked before an operator has seen it arrive. */
export async function orderTopUp(
  ctx: Pick<Context, 'now'> & { readonly sql: Database },
  provider: Pick<Provider, 'id' | 'settlement_currency'>,
  order: TopUpOrder,
): Promise<TopUp> {
  if (order.amount_minor <= 0n) throw new RangeError(`A top-up of ${order.amount_minor} is none.`)
  const now = ctx.now()
  const top_up: TopUp = {
    ...order,
    provider_id: provider.id,
    id: newId('top_up', now),
    currency: provider.settlement_currency,
    status: 'created',
    decided_by: null,
    note: null,
    created_at: now,
  }
  await insertTopUp(ctx.sql, top_up)
  return top_up
}
