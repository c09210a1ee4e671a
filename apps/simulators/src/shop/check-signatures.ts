/** Is a callback genuine? As a merchant's server has to look at it before it believes a word of the body. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { DemoAccount } from '../demo-credentials.ts'

export type SignedCallback = {
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
  readonly now: Date
}

export type Signatures = {
  /** Whose private key signed it; `null` = nobody's. */
  readonly signer: string | null
  readonly x_signature: boolean
  /** The signature of Standard Webhooks, over id and time as well. */
  readonly webhook_signature: boolean
}

const tolerance_s = 300

/** Tries the keys of all accounts, because a body does not say whose it is. */
export function checkSignatures(callback: SignedCallback, accounts: readonly DemoAccount[]): Signatures {
  let best: Signatures = { signer: null, x_signature: false, webhook_signature: false }
  for (const account of accounts) {
    for (const { private_key } of [account.test, account.live]) {
      const x_signature = same(callback.headers['x-signature'], xSignature(private_key, callback.body))
      const webhook_signature = isFresh(callback) && signedBy(private_key, callback)
      if (x_signature || webhook_signature) best = { signer: account.name, x_signature, webhook_signature }
      if (x_signature && webhook_signature) return best
    }
  }
  return best
}

function xSignature(secret: string, body: string): string {
  return createHash('sha1')
    .update(secret + body + secret)
    .digest('base64')
}

function signedBy(secret: string, { headers, body }: SignedCallback): boolean {
  const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  const expected = `v1,${createHmac('sha256', secret).update(text).digest('base64')}`
  return (headers['webhook-signature'] ?? '').split(' ').some((signature) => same(signature, expected))
}

function isFresh({ headers, now }: SignedCallback): boolean {
  const timestamp = headers['webhook-timestamp'] ?? ''
  return /^\d{1,12}$/.test(timestamp) && Math.abs(Number(timestamp) - now.getTime() / 1000) <= tolerance_s
}

function same(given: string | undefined, expected: string): boolean {
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
