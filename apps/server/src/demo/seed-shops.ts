import { type DemoShop, demoShops } from '../../demo/shops.ts'
import { createShop, findShop, publicKeyOf, saveShopSettings } from '../accounts/shops.ts'
import type { Context } from '../context.ts'

/** The secret of a demo shop: the same at every start of one installation, others at every installation. */
export function demoShopSecret(ctx: Context, { shop_id }: DemoShop): string {
  return ctx.secrets.derive(`shop:${shop_id}`, 43)
}

/** Brings the shops of the demo into the database. Their settings are set again at every start, their keys stay. */
export async function seedShops(ctx: Context): Promise<void> {
  for (const shop of demoShops) {
    const secret = demoShopSecret(ctx, shop)
    const there = await findShop(ctx, shop.shop_id)
    if (there) await saveShopSettings(ctx, shop.shop_id, shop.settings)
    else await createShop(ctx, { ...shop, secret })
  }
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
