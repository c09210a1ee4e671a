import { type DemoShop, demoShops } from '../../demo/shops.ts'
import { createShop } from '../accounts/create-shop.ts'
import { findShop, verifyShopSecret } from '../accounts/find-shop.ts'
import { rotateShopSecret } from '../accounts/rotate-shop.ts'
import { saveShop } from '../accounts/save-shop.ts'
import { publicKeyOf } from '../accounts/shop-keys.ts'
import type { Context } from '../context.ts'

/** The secret of a demo shop: the same at every start of one installation, others at every installation. */
export function demoShopSecret(ctx: Context, { shop_id }: Pick<DemoShop, 'shop_id'>): string {
  return ctx.secrets.derive(`shop:${shop_id}`, 43)
}

/**
 * Brings the shops of the demo into the database. Names, settings and secrets are set again at every start, key pairs and state
 * stay.
 * `notification_url`: who is told when a request names nobody.
 */
export async function seedShops(ctx: Context, notification_url: string | null): Promise<void> {
  await Promise.all(
    demoShops.map(async (demo) => {
      const { account_id, shop_id, name } = demo
      const settings = { ...demo.settings, notification_url }
      const secret = demoShopSecret(ctx, demo)
      const shop = await saveShop(ctx, shop_id, { name, settings })
      if (shop === null) await createShop(ctx, account_id, { shop_id, name, settings, secret })
      else if (!verifyShopSecret(shop, secret)) await rotateShopSecret(ctx, shop_id, secret)
    }),
  )
}

export type ShopCredentials = {
  readonly shop_id: number
  readonly account_id: string
  readonly name: string
  readonly secret: string
  /** PEM. */
  readonly public_key: string
}

/** For scripts: `GET /demo/credentials.json`. */
export async function shopCredentials(ctx: Context): Promise<ShopCredentials[]> {
  const shops = await Promise.all(demoShops.map(({ shop_id }) => findShop(ctx, shop_id)))
  return shops
    .filter((shop) => shop !== null)
    .map((shop) => ({
      shop_id: shop.shop_id,
      account_id: shop.account_id,
      name: shop.name,
      secret: demoShopSecret(ctx, shop),
      public_key: publicKeyOf(shop, 'pem'),
    }))
}
