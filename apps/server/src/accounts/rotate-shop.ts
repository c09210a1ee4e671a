import type { Context } from '../context.ts'
import { findShop, forgetShop } from './find-shop.ts'
import type { Shop } from './shop.ts'
import { newShopKeys, newShopSecret, storedSecret } from './shop-keys.ts'
import { updateShopKeys, updateShopSecret } from './shop-table.ts'
import { forgetShopSigner } from './sign-for-shop.ts'

/**
 * A new secret, told this once. There is no time in which both are right: this process refuses the old one from the next
 * request on, other processes within a second, and notifications carry the new one from their next attempt on. `null`: there is
 * no such shop. Whoever hands in a secret answers for its randomness.
 */
export async function rotateShopSecret(
  ctx: Context,
  shop_id: number,
  secret = newShopSecret(),
): Promise<string | null> {
  const shop = await findShop(ctx, shop_id)
  if (!shop) return null
  await updateShopSecret(ctx.sql, shop, storedSecret(ctx, shop_id, secret), ctx.now())
  forget(ctx, shop)
  return secret
}

/**
 * A new key pair; returns the public key as base64 DER. Notifications are signed with it from their next attempt on, also those
 * that were queued before. `null`: there is no such shop.
 */
export async function rotateShopKeys(ctx: Context, shop_id: number): Promise<string | null> {
  const shop = await findShop(ctx, shop_id)
  if (!shop) return null
  const keys = await newShopKeys(ctx, shop_id)
  await updateShopKeys(ctx.sql, shop, keys, ctx.now())
  forget(ctx, shop)
  return keys.public_key
}

function forget(ctx: Context, shop: Shop): void {
  forgetShop(ctx, shop.shop_id)
  forgetShopSigner(ctx, shop)
}
