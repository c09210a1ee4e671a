/** Addresses of files: signed, and good for two weeks. Cascade API, section 12. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { FileType } from './appeal.ts'
import { link_s } from './rules/clocks.ts'

/** base64url of HMAC-SHA256 over the id, a vertical bar and the time in unix seconds. */
export function signReceipt(key: Uint8Array, id: string, exp: string): string {
  return createHmac('sha256', key).update(`${id}|${exp}`).digest('base64url')
}

/** Compared in constant time. */
export function isSignedReceipt(
  key: Uint8Array,
  sent: { readonly id: string; readonly exp: string; readonly sig: string },
) {
  const right = Buffer.from(signReceipt(key, sent.id, sent.exp))
  const given = Buffer.from(sent.sig)
  return given.length === right.length && timingSafeEqual(given, right)
}

export type LinkContext = {
  readonly secrets: { readonly receiptKey: Uint8Array }
  readonly config: { readonly public_url: string }
}

/** A fresh address, good from now on for 14 days. */
export function receiptUrl(
  ctx: LinkContext,
  file: { readonly id: string; readonly type: FileType },
  now: Date,
): string {
  const exp = String(Math.floor(now.getTime() / 1000) + link_s)
  const sig = signReceipt(ctx.secrets.receiptKey, file.id, exp)
  return `${ctx.config.public_url}/receipts/${file.id}.${file.type}?exp=${exp}&sig=${sig}`
}
