import type { Context } from '../context.ts'
import { findShop, forgetShop } from './find-shop.ts'
import type { Shop, ShopSettings } from './shop.ts'
import { updateShop } from './shop-table.ts'

export type ShopChanges = {
  readonly name?: string
  /** `false`: the shop is refused everywhere until it is `true` again. */
  readonly active?: boolean
  readonly settings?: Partial<ShopSettings>
}

/**
 * Writes what is named, the rest stays; the same values write nothing. `null`: there is no such shop. Other processes know
 * within a second.
 */
export async function saveShop(ctx: Context, shop_id: number, changes: ShopChanges): Promise<Shop | null> {
  const shop = await findShop(ctx, shop_id)
  if (!shop) return null
  const saved = await updateShop(ctx.sql, shop, changes, ctx.now())
  forgetShop(ctx, shop_id)
  return saved
}
