import { createHmac, timingSafeEqual } from 'node:crypto'
import type { ProviderEvent } from '@cascad/connector'
import { asObject, idOf, readJsonObject } from '@cascad/connector/answer'
import { type Credentials, outcomeOf } from './provider.ts'

/** Reads a notification; `x-signature` is the base64 HMAC-SHA512 of the body as it came. */
export function readEvent(
  credentials: Credentials,
  event: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
): ProviderEvent | null {
  const given = event.headers['x-signature']
  if (typeof given !== 'string') return null
  const expected = createHmac('sha512', credentials.secret).update(event.body).digest()
  const signature = Buffer.from(given, 'base64')
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) return null
  const document = readJsonObject(event.body)
  const order = asObject(document?.order)
  const reference = idOf(order?.order)
  if (!document || !order || reference === null || order.shop !== credentials.shop) return null
  const outcome = outcomeOf(order, { reference })
  return { reference, event_id: idOf(document.event), outcome: outcome.type === 'unknown' ? null : outcome }
}
