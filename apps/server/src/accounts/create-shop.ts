import type { Context } from '../context.ts'
import { getAccount } from './find-account.ts'
import { forgetShop } from './find-shop.ts'
import { defaultShopSettings, type Shop, type ShopSettings } from './shop.ts'
import { newShopKeys, newShopSecret, storedSecret } from './shop-keys.ts'
import { insertShop, nextShopId } from './shop-table.ts'

export type NewShop = {
  readonly name: string
  /** The others have their defaults; a shop for tests may send card numbers unless it is said that it may not. */
  readonly settings?: Partial<ShopSettings>
  /** From 1 to 2147483647; left out = the next free one. */
  readonly shop_id?: number
  /** Left out = drawn. Whoever hands one in answers for its randomness. */
  readonly secret?: string
}

const draws_max = 100

/**
 * Stores a shop of the account with a new key pair. The secret is told this once. `null`: the shop_id is taken, by whomever.
 * Throws when there is no such account.
 */
export async function createShop(
  ctx: Context,
  account_id: string,
  given: NewShop,
): Promise<{ readonly shop: Shop; readonly secret: string } | null> {
  await getAccount(ctx, account_id)
  if (given.shop_id !== undefined) return store(ctx, account_id, given.shop_id, given)
  // Ids chosen by hand may stand in the way of the sequence.
  for (let draw = 0; draw < draws_max; draw += 1) {
    const created = await store(ctx, account_id, await nextShopId(ctx.sql), given)
    if (created) return created
  }
  throw new Error(`no free shop_id in ${draws_max} draws`)
}

async function store(ctx: Context, account_id: string, shop_id: number, given: NewShop) {
  const secret = given.secret ?? newShopSecret()
  const { secret_hash, secret_encrypted } = storedSecret(ctx, shop_id, secret)
  const { public_key, private_key_encrypted } = await newShopKeys(ctx, shop_id)
  const settings: ShopSettings = {
    ...defaultShopSettings,
    raw_card_data: given.settings?.test_mode ?? defaultShopSettings.raw_card_data,
    ...given.settings,
  }
  const shop: Shop = { account_id, shop_id, name: given.name, active: true, secret_hash, public_key, settings }
  const stored = await insertShop(ctx.sql, shop, { secret_encrypted, private_key_encrypted }, ctx.now())
  forgetShop(ctx, shop_id)
  return stored ? { shop, secret } : null
}
