/** Finding a shop by its credentials. Card API contract, section 2. */
import type { Context } from '../context.ts'
import { hashKey, sameHash } from '../database/secrets.ts'
import { settingsMemory } from '../database/settings-memory.ts'
import type { Shop } from './shop.ts'
import { selectShop } from './shop-table.ts'

const shops = settingsMemory<Shop | null>({ entries_max: 10_000, tables: ['shops'] })

const shopIdMax = 2 ** 31 - 1

// Stands in for the hash of a shop that does not exist, so that both refusals cost the same work.
const nobody = Buffer.alloc(32)

/** The shop of an id, whoever it belongs to; `null` = there is none. At most one second old. */
export async function findShop(ctx: Context, shop_id: number): Promise<Shop | null> {
  if (!Number.isInteger(shop_id) || shop_id < 1 || shop_id > shopIdMax) return null
  return shops(ctx).get(String(shop_id), () => selectShop(ctx.sql, shop_id))
}

/** Is this the secret of the shop? Compared as hashes in constant time; nothing is the secret of `null`. */
export function verifyShopSecret(shop: Shop | null, secret: string): boolean {
  const right = sameHash(hashKey(secret), shop?.secret_hash ?? nobody)
  return shop !== null && right
}

/** Called after every change of a shop: what this process remembers of it is read again. */
export function forgetShop(ctx: Context, shop_id: number): void {
  shops(ctx).forget(String(shop_id))
}
