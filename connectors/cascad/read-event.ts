import { createPublicKey, verify } from 'node:crypto'
import type { ProviderEvent } from '@cascad/connector'
import { idOf, readJsonObject } from '@cascad/connector/answer'
import type { Credentials } from './credentials.ts'
import { chargeTypes, outcomeOf } from './read-transaction.ts'

/**
 * Reads a notification: `Content-Signature` is RSA-SHA256 over the bytes of the body, by the shop's private key. It has no
 * time in it: only final states are told, and a repeated one changes nothing. News of a capture, void or refund carries no
 * outcome of the charge, so the charge is asked about.
 */
export function readEvent(
  credentials: Credentials,
  event: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
): ProviderEvent | null {
  if (!isGenuine(credentials.public_key, event.headers['content-signature'], event.body)) return null
  const document = readJsonObject(event.body)
  const reference = idOf(document?.tracking_id)
  if (!document || reference === null) return null
  const of_charge = chargeTypes.some((type) => type === document.type)
  const outcome = of_charge ? outcomeOf(document, { reference, types: chargeTypes }) : null
  return {
    reference,
    event_id: idOf(event.headers['x-notification-id']),
    outcome: outcome?.type === 'unknown' ? null : outcome,
  }
}

function isGenuine(public_key: string, header: unknown, body: string): boolean {
  if (typeof header !== 'string' || !/^[A-Za-z0-9+/]{1,2000}={0,2}$/.test(header)) return false
  try {
    const key = createPublicKey({ key: Buffer.from(public_key, 'base64'), format: 'der', type: 'spki' })
    return verify('RSA-SHA256', Buffer.from(body), key, Buffer.from(header, 'base64'))
  } catch {
    return false
  }
}
