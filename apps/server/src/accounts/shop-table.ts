/** SQL of shops. */
import type { Sql } from '../database/connect.ts'
import type { Shop } from './shop.ts'

export type ShopSecrets = { readonly secret_encrypted: Uint8Array; readonly private_key_encrypted: Uint8Array }

export async function nextShopId(sql: Sql): Promise<number> {
  const [row] = await sql<{ id: number }[]>`select nextval('shop_ids')::integer as id`
  return (row as { id: number }).id
}

/** `false`: the id is taken, by whomever. */
export async function insertShop(sql: Sql, shop: Shop, secrets: ShopSecrets, now: Date): Promise<boolean> {
  const rows = await sql`
    insert into shops (account_id, shop_id, name, active, secret_hash, secret_encrypted, private_key_encrypted, public_key, settings,
      created_at, updated_at)
    select ${shop.account_id}, ${shop.shop_id}::integer, ${shop.name}, ${shop.active}::boolean, ${shop.secret_hash as Buffer}::bytea,
      ${secrets.secret_encrypted as Buffer}::bytea, ${secrets.private_key_encrypted as Buffer}::bytea, ${shop.public_key},
      ${JSON.stringify(shop.settings)}::json, ${now}::timestamptz, ${now}::timestamptz
    where not exists (select 1 from shops where shop_id = ${shop.shop_id})
    on conflict (account_id, shop_id) do nothing
    returning shop_id`
  return rows.length === 1
}

export async function selectShop(sql: Sql, shop_id: number): Promise<Shop | null> {
  const [row] = await sql<Shop[]>`
    select account_id, shop_id, name, active, secret_hash, public_key, settings from shops where shop_id = ${shop_id}`
  return row ?? null
}

export async function selectShopSecrets(sql: Sql, shop_id: number): Promise<ShopSecrets | null> {
  const [row] = await sql<
    ShopSecrets[]
  >`select secret_encrypted, private_key_encrypted from shops where shop_id = ${shop_id}`
  return row ?? null
}

export async function updateShopSettings(sql: Sql, shop: Shop, now: Date): Promise<void> {
  await sql`
    update shops set name = ${shop.name}, active = ${shop.active}, settings = ${JSON.stringify(shop.settings)}::json, updated_at = ${now}
    where account_id = ${shop.account_id} and shop_id = ${shop.shop_id}`
}
