/** Never-retry blocks as operators and merchants see them. Cascading rules 7.3. */
import type { Context } from '../context.ts'
import { type BlockRow, selectBlocksOfPayment, selectHolding, updateLifted } from './network-table.ts'

export type { BlockRow } from './network-table.ts'

const shown_max = 1000

/** The blocks that hold now, newest first, at most 1000. */
export function listBlocks(ctx: Context): Promise<BlockRow[]> {
  return selectHolding(ctx.sql, ctx.now(), shown_max)
}

/** What attempts of the payment have set, lifted ones too. */
export async function blocksOfPayment(
  ctx: Context,
  payment: { readonly account_id: string; readonly id: string; readonly card_fingerprint: string | null },
): Promise<BlockRow[]> {
  const { account_id, id, card_fingerprint } = payment
  return card_fingerprint === null ? [] : selectBlocksOfPayment(ctx.sql, account_id, card_fingerprint, id)
}

/** Lifts a block; who did and why stays in its row. `false`: there is no such block, or it has been lifted before. */
export function liftBlock(ctx: Context, id: string, by: string, because: string): Promise<boolean> {
  return updateLifted(ctx.sql, id, { by, because, now: ctx.now() })
}
