import { type DemoShop, demoShops } from '../../demo/shops.ts'
import { createShop } from '../accounts/create-shop.ts'
import { findShop } from '../accounts/find-shop.ts'
import { saveShop } from '../accounts/save-shop.ts'
import { publicKeyOf } from '../accounts/shop-keys.ts'
import type { Context } from '../context.ts'

/** The secret of a demo shop: the same at every start of one installation, others at every installation. */
export function demoShopSecret(ctx: Context, { shop_id }: Pick<DemoShop, 'shop_id'>): string {
  return ctx.secrets.derive(`shop:${shop_id}`, 43)
}

/** Brings the shops of the demo into the database. Names and settings are set again at every start, keys and state stay. */
export async function seedShops(ctx: Context): Promise<void> {
  await Promise.all(
    demoShops.map(async ({ account_id, shop_id, name, settings }) => {
      const saved = await saveShop(ctx, shop_id, { name, settings })
      if (saved) return
      const secret = demoShopSecret(ctx, { shop_id })
      await createShop(ctx, account_id, { shop_id, name, settings, secret })
    }),
  )
}

/** For scripts: `GET /demo/credentials.json`. */
export async function shopCredentials(ctx: Context) {
  const shops = []
  for (const demo of demoShops) {
    const { shop_id, account_id, name } = demo
    const shop = await findShop(ctx, shop_id)
    if (shop)
      shops.push({ shop_id, account_id, name, secret: demoShopSecret(ctx, demo), public_key: publicKeyOf(shop, 'pem') })
  }
  return shops
}
