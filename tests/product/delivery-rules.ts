/** What was delivered is what was committed, signed; every event reached the merchant. Callbacks and notifications of shops. */
import { verify } from 'node:crypto'
import { notificationId } from '../../apps/server/src/callbacks/notification-request.ts'
import type { Product } from './product.ts'
import type { Books } from './rules.ts'
import { type ReceivedCallback, signatureOf } from './shop.ts'

const none: readonly never[] = []

export async function brokenDeliveries(product: Product, books: Books): Promise<string[]> {
  const byId = Map.groupBy(product.shop.received, ({ event_id }) => event_id)
  const keys = new Map(product.merchants.map(({ id, private_keys }) => [id, private_keys]))
  const appeals = await product.ctx.sql<{ id: string; test_mode: boolean }[]>`select id, test_mode from appeals`
  const modes = new Map([...books.payments, ...appeals].map(({ id, test_mode }) => [id, test_mode]))
  const shops = await product.ctx.sql<{ shop_id: number; public_key: string }[]>`select shop_id, public_key from shops`
  const publicKeys = new Map(shops.map(({ shop_id, public_key }) => [shop_id, public_key]))
  return [...books.events.values()].flat().flatMap(({ id, account_id, subject_id, shop_id, status, body }) => {
    const deliveries = byId.get(shop_id === null ? id : notificationId(id)) ?? none
    if (status !== 'done' || deliveries.length === 0)
      return [`event ${id} is ${status}, ${deliveries.length} deliveries`]
    if (deliveries.some((one) => one.body !== body)) return [`event ${id} was delivered with another body`]
    const key = keys.get(account_id)?.[modes.get(subject_id) ? 'test' : 'live'] ?? ''
    const signed = (one: ReceivedCallback): boolean =>
      shop_id === null ? one.x_signature === signatureOf(key, body) : isSigned(one, publicKeys.get(shop_id) ?? '')
    return deliveries.every(signed) ? [] : [`event ${id} is signed wrongly`]
  })
}

/** `public_key`: base64 of the DER SubjectPublicKeyInfo. */
function isSigned({ body, content_signature }: ReceivedCallback, public_key: string): boolean {
  const key = { key: Buffer.from(public_key, 'base64'), format: 'der', type: 'spki' } as const
  return verify('RSA-SHA256', Buffer.from(body), key, Buffer.from(content_signature, 'base64'))
}
