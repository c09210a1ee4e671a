/** Is a notification of the Card API genuine? As a merchant's server has to look at it before it believes a word of the body. */
import { timingSafeEqual, verify } from 'node:crypto'
import type { DemoShop } from '../demo-credentials.ts'

export type SignedNotification = {
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

export type NotificationChecks = {
  /** Whose credentials it came with, or whose key signed it; `null` = nobody's. */
  readonly signer: string | null
  /** The Basic credentials are those of the shop. */
  readonly basic: boolean
  /** `Content-Signature` was made over this body with the private key of the shop. */
  readonly content_signature: boolean
}

/** Tries every shop, because a body does not say whose it is. */
export function checkNotification(notification: SignedNotification, shops: readonly DemoShop[]): NotificationChecks {
  let best: NotificationChecks = { signer: null, basic: false, content_signature: false }
  for (const shop of shops) {
    const basic = isFrom(shop, notification.headers.authorization)
    const content_signature = isSignedBy(shop, notification)
    if (basic && content_signature) return { signer: shop.name, basic, content_signature }
    if (basic || content_signature) best = { signer: shop.name, basic, content_signature }
  }
  return best
}

function isFrom({ shop_id, secret }: DemoShop, authorization = ''): boolean {
  const expected = Buffer.from(`Basic ${Buffer.from(`${shop_id}:${secret}`).toString('base64')}`)
  const given = Buffer.from(authorization)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

function isSignedBy({ public_key }: DemoShop, { body, headers }: SignedNotification): boolean {
  const signature = headers['content-signature']
  if (!signature) return false
  return verify('sha256', Buffer.from(body), public_key, Buffer.from(signature, 'base64'))
}
