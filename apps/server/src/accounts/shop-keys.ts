/** Secrets of shops: made here, stored encrypted, in plain text only in the hands of who makes them. Card API contract 2, 16. */
import { createPublicKey, generateKeyPair, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import type { Context } from '../context.ts'
import { hashKey } from '../database/secrets.ts'
import type { Shop } from './shop.ts'

const generate = promisify(generateKeyPair)
const modulus_bits = 2048

/** What the encrypted values are bound to: they cannot be moved to another shop. */
export const shopSecretPurpose = (shop_id: number): string => `shop-secret:${shop_id}`
export const shopKeyPurpose = (shop_id: number): string => `shop-key:${shop_id}`

export type StoredSecret = { readonly secret_hash: Buffer; readonly secret_encrypted: Buffer }

export type StoredKeys = {
  /** Base64 of the DER SubjectPublicKeyInfo, one line. */
  readonly public_key: string
  /** Text inside: base64 of the PKCS #8 DER. */
  readonly private_key_encrypted: Buffer
}

/** 43 base64url characters: 256 bits of randomness. */
export function newShopSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** A secret in the two forms that are stored: one to compare with, one for the header of notifications. */
export function storedSecret(ctx: Pick<Context, 'secrets'>, shop_id: number, secret: string): StoredSecret {
  return {
    secret_hash: hashKey(secret),
    secret_encrypted: ctx.secrets.encrypt(secret, shopSecretPurpose(shop_id)),
  }
}

/** A new RSA key pair of 2048 bits. It is drawn on another thread, which takes about a tenth of a second. */
export async function newShopKeys(ctx: Pick<Context, 'secrets'>, shop_id: number): Promise<StoredKeys> {
  const { publicKey, privateKey } = await generate('rsa', { modulusLength: modulus_bits })
  const private_key = privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64')
  return {
    public_key: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    private_key_encrypted: ctx.secrets.encrypt(private_key, shopKeyPurpose(shop_id)),
  }
}

/** `der`: base64 of the DER SubjectPublicKeyInfo on one line, without marks. `pem`: the same key in PEM. */
export function publicKeyOf({ public_key }: Pick<Shop, 'public_key'>, form: 'der' | 'pem'): string {
  if (form === 'der') return public_key
  const key = createPublicKey({ key: Buffer.from(public_key, 'base64'), format: 'der', type: 'spki' })
  return key.export({ type: 'spki', format: 'pem' }).toString()
}
