/** Shops of the Card API and what only their secrets can do. Card API contract 1.1, 2, 16. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  randomBytes,
  sign,
  timingSafeEqual,
} from 'node:crypto'
import { promisify } from 'node:util'
import type { Context } from '../context.ts'
import { recent } from '../database/recent.ts'
import { defaultShopSettings, type Shop, type ShopSettings } from './shop.ts'
import { insertShop, nextShopId, selectShop, selectShopSecrets, updateShopSettings } from './shop-table.ts'

const shops = recent<Shop | null>({ entries_max: 10_000 })
const signers = recent<Signer>({ entries_max: 1_000 })

const generate = promisify(generateKeyPair)
const signLater = promisify(sign)

const secretPurpose = (shop_id: number): string => `shop-secret:${shop_id}`
const keyPurpose = (shop_id: number): string => `shop-key:${shop_id}`

export function hashShopSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

/** The shop of an id, whoever it belongs to; `null` = there is none. At most one second old. */
export async function findShop(ctx: Context, shop_id: number): Promise<Shop | null> {
  return shops(ctx).get(String(shop_id), () => selectShop(ctx.sql, shop_id))
}

/** In constant time. */
export function verifyShopSecret({ secret_hash }: Shop, secret: string): boolean {
  return timingSafeEqual(Buffer.from(secret_hash), hashShopSecret(secret))
}

export type NewShop = {
  readonly account_id: string
  readonly name: string
  readonly settings?: Partial<ShopSettings>
  /** Left out = the next free one. */
  readonly shop_id?: number
  /** Left out = drawn. */
  readonly secret?: string
}

/** Stores a shop with a new key pair. `secret` is told this once. `null`: the shop_id is taken. */
export async function createShop(
  ctx: Context,
  wish: NewShop,
): Promise<{ readonly shop: Shop; readonly secret: string } | null> {
  const shop_id = wish.shop_id ?? (await nextShopId(ctx.sql))
  const secret = wish.secret ?? randomBytes(32).toString('base64url')
  const { publicKey, privateKey } = await generate('rsa', { modulusLength: 2048 })
  const shop: Shop = {
    account_id: wish.account_id,
    shop_id,
    name: wish.name,
    active: true,
    secret_hash: hashShopSecret(secret),
    public_key: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    settings: { ...defaultShopSettings, ...wish.settings },
  }
  const private_key = privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64')
  const stored = await insertShop(
    ctx.sql,
    shop,
    {
      secret_encrypted: ctx.secrets.encrypt(secret, secretPurpose(shop_id)),
      private_key_encrypted: ctx.secrets.encrypt(private_key, keyPurpose(shop_id)),
    },
    ctx.now(),
  )
  shops(ctx).forget(String(shop_id))
  return stored ? { shop, secret } : null
}

/** Writes the settings that are named; the others stay. `null`: there is no such shop. */
export async function saveShopSettings(
  ctx: Context,
  shop_id: number,
  settings: Partial<ShopSettings>,
): Promise<Shop | null> {
  const shop = await selectShop(ctx.sql, shop_id)
  if (!shop) return null
  const changed = { ...shop, settings: { ...shop.settings, ...settings } }
  await updateShopSettings(ctx.sql, changed, ctx.now())
  shops(ctx).forget(String(shop_id))
  return changed
}

type Signer = { readonly authorization: string; readonly sign: (body: string) => Promise<string> }

export type ShopSignature = {
  /** Basic credentials of the shop. */
  readonly authorization: string
  /** Base64 of RSA-SHA256 (PKCS#1 v1.5) over the bytes of the body. */
  readonly content_signature: string
}

/** What a notification of the shop carries. Throws when there is no such shop. */
export async function signForShop(ctx: Context, shop_id: number, body: string): Promise<ShopSignature> {
  const signer = await signers(ctx).get(String(shop_id), () => signerOf(ctx, shop_id))
  return { authorization: signer.authorization, content_signature: await signer.sign(body) }
}

async function signerOf(ctx: Context, shop_id: number): Promise<Signer> {
  const secrets = await selectShopSecrets(ctx.sql, shop_id)
  if (!secrets) throw new Error(`there is no shop ${shop_id}`)
  const secret = ctx.secrets.decrypt(secrets.secret_encrypted, secretPurpose(shop_id))
  const der = Buffer.from(ctx.secrets.decrypt(secrets.private_key_encrypted, keyPurpose(shop_id)), 'base64')
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  return {
    authorization: `Basic ${Buffer.from(`${shop_id}:${secret}`).toString('base64')}`,
    sign: async (body) => (await signLater('sha256', Buffer.from(body), key)).toString('base64'),
  }
}

/** The public key as it is stored, or in PEM. */
export function publicKeyOf({ public_key }: Shop, form: 'der' | 'pem'): string {
  if (form === 'der') return public_key
  const key = createPublicKey({ key: Buffer.from(public_key, 'base64'), format: 'der', type: 'spki' })
  return key.export({ type: 'spki', format: 'pem' }).toString()
}
