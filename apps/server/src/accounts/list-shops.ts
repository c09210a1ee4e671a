import type { Context } from '../context.ts'
import type { Shop } from './shop.ts'
import { selectShops } from './shop-table.ts'

/** Every shop by its id, of one account when one is named. */
export async function listShops(ctx: Context, account_id: string | null = null): Promise<Shop[]> {
  return selectShops(ctx.sql, account_id)
}
