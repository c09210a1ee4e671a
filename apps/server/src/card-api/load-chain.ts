/** The merchant-driven cascade a request would join, read from the rows. Card API contract 14.1. */
import type { Context } from '../context.ts'
import { firstUidAt } from '../ids.ts'
import { loadStates } from '../payments/find-payment.ts'
import { chainLikeness } from './likeness.ts'
import { type Chain, chainOf, type Earlier } from './rules/chain.ts'
import { statusOf } from './rules/status.ts'
import { selectByStamp, selectNewest } from './table.ts'
import type { Transaction } from './transaction.ts'

/** How long a failed transaction may be taken up again. */
const chainLasts_ms = 24 * 3_600_000

export type LoadedChain = {
  readonly chain: Chain
  readonly likeness: string
  /** What the claim must find unchanged. */
  readonly newest: string | null
}

/** `wanted` is the transaction that asks, not stored yet. */
export async function loadChain(
  ctx: Context,
  wanted: Transaction,
  amount_minor: bigint,
  excluded: readonly number[],
): Promise<LoadedChain> {
  const { account_id, stamp, request } = wanted
  const likeness = chainLikeness({ ...wanted, amount_minor, currency: request.currency })
  // Read before the transactions: one that is added in between fails the claim.
  const newest = await selectNewest(ctx.sql, account_id, likeness)
  const since = firstUidAt(new Date(wanted.created_at.getTime() - chainLasts_ms))
  const same = (await selectByStamp(ctx.sql, account_id, stamp ?? '', since)).filter(
    (one) =>
      one.shop_id === wanted.shop_id &&
      one.tracking_id === wanted.tracking_id &&
      one.request.amount === request.amount &&
      one.request.currency === request.currency,
  )
  const states = await loadStates(
    ctx,
    account_id,
    same.map(({ payment_id }) => payment_id),
  )
  const earlier = same.flatMap((one): Earlier[] => {
    const state = states.get(one.payment_id)
    if (!state) return []
    const gateways = state.attempts.map(({ gateway_id }) => gateway_id)
    return [{ uid: one.uid, binding_id: one.binding_id, status: statusOf(state), gateways }]
  })
  return { chain: chainOf(earlier, excluded), likeness, newest: newest?.uid ?? null }
}
