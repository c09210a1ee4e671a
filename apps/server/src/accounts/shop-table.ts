/** SQL of shops. */
import type { Sql } from '../database/connect.ts'
import type { ShopChanges } from './save-shop.ts'
import { defaultShopSettings, type Shop, type ShopSettings } from './shop.ts'
import type { StoredKeys, StoredSecret } from './shop-keys.ts'

type ShopRow = Omit<Shop, 'settings'> & { readonly settings: Partial<ShopSettings> }

export type ShopKey = { readonly account_id: string; readonly shop_id: number }

const toShop = (row: ShopRow): Shop => ({ ...row, settings: { ...defaultShopSettings, ...row.settings } })

const columns = (sql: Sql) => sql`account_id, shop_id, name, active, secret_hash, public_key, settings`

export async function nextShopId(sql: Sql): Promise<number> {
  const [row] = await sql<{ id: number }[]>`select nextval('shop_ids')::integer as id`
  return row!.id
}

export type ShopSecrets = Pick<StoredSecret, 'secret_encrypted'> & Pick<StoredKeys, 'private_key_encrypted'>

/**
 * `false`: the id is taken, by whomever. Its uniqueness over all accounts is kept by the lock: a unique index would have to
 * begin with the account for the table to be distributed by it.
 */
export async function insertShop(sql: Sql, shop: Shop, secrets: ShopSecrets, now: Date): Promise<boolean> {
  return await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtext('shops'), ${shop.shop_id}::integer)`
    const { count } = await tx`
      insert into shops (account_id, shop_id, name, active, secret_hash, secret_encrypted, private_key_encrypted, public_key,
        settings, created_at, updated_at)
      select ${shop.account_id}, ${shop.shop_id}::integer, ${shop.name}, ${shop.active}::boolean,
        ${Buffer.from(shop.secret_hash)}::bytea, ${secrets.secret_encrypted}::bytea, ${secrets.private_key_encrypted}::bytea,
        ${shop.public_key}, ${JSON.stringify(shop.settings)}::json, ${now}::timestamptz, ${now}::timestamptz
      where not exists (select 1 from shops where shop_id = ${shop.shop_id})`
    return count === 1
  })
}

export async function selectShop(sql: Sql, shop_id: number): Promise<Shop | null> {
  const [row] = await sql<ShopRow[]>`select ${columns(sql)} from shops where shop_id = ${shop_id}`
  return row ? toShop(row) : null
}

/** `null` = of every account. */
export async function selectShops(sql: Sql, account_id: string | null): Promise<Shop[]> {
  const rows = await sql<ShopRow[]>`
    select ${columns(sql)} from shops where ${account_id}::text is null or account_id = ${account_id}::text order by shop_id`
  return rows.map(toShop)
}

export async function selectShopSecrets(sql: Sql, account_id: string, shop_id: number): Promise<ShopSecrets | null> {
  const [row] = await sql<ShopSecrets[]>`
    select secret_encrypted, private_key_encrypted from shops where account_id = ${account_id} and shop_id = ${shop_id}`
  return row ?? null
}

/** Writes what is named into the row as it is now; the same values write nothing. */
export async function updateShop(sql: Sql, shop: ShopKey, changes: ShopChanges, now: Date): Promise<Shop | null> {
  const { name = null, active = null } = changes
  const { account_id, shop_id } = shop
  const named = JSON.stringify(changes.settings ?? {})
  const [row] = await sql<ShopRow[]>`
    with saved as (
      update shops set name = coalesce(${name}::text, name), active = coalesce(${active}::boolean, active),
        settings = (settings::jsonb || ${named}::text::jsonb)::json, updated_at = ${now}
      where account_id = ${account_id} and shop_id = ${shop_id}
        and (name, active, settings::jsonb) is distinct from
          (coalesce(${name}::text, name), coalesce(${active}::boolean, active), settings::jsonb || ${named}::text::jsonb)
      returning ${columns(sql)}
    )
    select * from saved union all
    select ${columns(sql)} from shops
    where account_id = ${account_id} and shop_id = ${shop_id} and not exists (select 1 from saved)`
  return row ? toShop(row) : null
}

export async function updateShopSecret(sql: Sql, shop: ShopKey, secret: StoredSecret, now: Date): Promise<void> {
  await sql`
    update shops set secret_hash = ${secret.secret_hash}, secret_encrypted = ${secret.secret_encrypted}, updated_at = ${now}
    where account_id = ${shop.account_id} and shop_id = ${shop.shop_id}`
}

export async function updateShopKeys(sql: Sql, shop: ShopKey, keys: StoredKeys, now: Date): Promise<void> {
  await sql`
    update shops set public_key = ${keys.public_key}, private_key_encrypted = ${keys.private_key_encrypted}, updated_at = ${now}
    where account_id = ${shop.account_id} and shop_id = ${shop.shop_id}`
}
