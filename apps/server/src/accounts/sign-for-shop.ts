import { createPrivateKey, sign } from 'node:crypto'
import { promisify } from 'node:util'
import type { Context } from '../context.ts'
import { settingsMemory } from '../database/settings-memory.ts'
import { shopKeyPurpose, shopSecretPurpose } from './shop-keys.ts'
import { type ShopKey, selectShopSecrets } from './shop-table.ts'

type Signer = {
  /** `Basic …` */
  readonly authorization: string
  readonly sign: (body: string) => Promise<string>
}

const signers = settingsMemory<Signer>({ entries_max: 1000, tables: ['shops'] })

/** With a callback, signing leaves the event loop to others: it takes a millisecond of a thread. */
const signLater = promisify(sign)

export type ShopSignature = {
  /** Value of `Authorization`: Basic credentials of the shop. */
  readonly authorization: string
  /** Value of `Content-Signature`: base64 of RSA-SHA256 (PKCS #1 v1.5) over the bytes of the body. */
  readonly content_signature: string
}

/** What a notification of the shop carries, by its secrets of at most a second ago. Throws when there is no such shop. */
export async function signForShop(ctx: Context, shop: ShopKey, body: string): Promise<ShopSignature> {
  const signer = await signers(ctx).get(signerName(shop), () => signerOf(ctx, shop))
  return { authorization: signer.authorization, content_signature: await signer.sign(body) }
}

/** Called after a change of the secrets. */
export function forgetShopSigner(ctx: Context, shop: ShopKey): void {
  signers(ctx).forget(signerName(shop))
}

const signerName = ({ account_id, shop_id }: ShopKey): string => `${account_id}:${shop_id}`

async function signerOf(ctx: Context, shop: ShopKey): Promise<Signer> {
  const { account_id, shop_id } = shop
  const secrets = await selectShopSecrets(ctx.sql, account_id, shop_id)
  if (!secrets) throw new Error(`Account ${account_id} has no shop ${shop_id}.`)
  const secret = ctx.secrets.decrypt(secrets.secret_encrypted, shopSecretPurpose(shop_id))
  const der = Buffer.from(ctx.secrets.decrypt(secrets.private_key_encrypted, shopKeyPurpose(shop_id)), 'base64')
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  return {
    authorization: `Basic ${Buffer.from(`${shop_id}:${secret}`).toString('base64')}`,
    sign: async (body) => (await signLater('sha256', Buffer.from(body), key)).toString('base64'),
  }
}
