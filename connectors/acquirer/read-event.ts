import { createHmac, timingSafeEqual } from 'node:crypto'
import type { ProviderEvent } from '@cascad/connector'
import { asObject, idOf, readJsonObject } from '@cascad/connector/answer'
import type { Credentials } from './credentials.ts'
import { outcomeOf } from './read-payment.ts'

/**
 * Reads a notification. `x-acquirer-signature: t=<unix seconds>,v1=<hex>`, HMAC-SHA256 of `t.body`. The time is signed
 * but has no limit here: events are stored first and read later, and a repeated one changes nothing.
 */
export function readEvent(
  credentials: Credentials,
  event: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
): ProviderEvent | null {
  if (!isGenuine(credentials.webhook_secret, event.headers['x-acquirer-signature'], event.body)) return null
  const document = readJsonObject(event.body)
  const payment = asObject(document?.payment)
  const reference = idOf(payment?.reference)
  if (!document || !payment || reference === null || payment.terminal !== credentials.terminal) return null
  const outcome = document.type === 'payment' ? outcomeOf(payment, { reference }) : null
  return { reference, event_id: idOf(document.event_id), outcome: outcome?.type === 'unknown' ? null : outcome }
}

function isGenuine(secret: string, header: string | undefined, body: string): boolean {
  const match = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(typeof header === 'string' ? header : '')
  if (!match) return false
  const expected = createHmac('sha256', secret).update(`${match[1]}.${body}`).digest()
  return timingSafeEqual(expected, Buffer.from(match[2] as string, 'hex'))
}
