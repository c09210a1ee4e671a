/** Signatures of a callback. `secret` is the private key of the operation's mode. Source: merchant API contract, 16.3. */
import { createHash, createHmac } from 'node:crypto'

/** Value of `X-Signature`: base64 of the SHA-1 of secret, body, secret. */
export function xSignature(secret: string, body: string): string {
  return createHash('sha1')
    .update(secret + body + secret)
    .digest('base64')
}

/** Value of `webhook-signature` (Standard Webhooks): the HMAC's key is the text of the secret itself. */
export function standardSignature(secret: string, id: string, timestamp: string, body: string): string {
  return `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`
}

/** The secret in the form that libraries of Standard Webhooks expect. */
export function standardSecret(secret: string): string {
  return `whsec_${Buffer.from(secret).toString('base64')}`
}
