/**
 * The token of a card session, which lets a merchant's server send card details for one payment. JWT with HS256 and the
 * installation's own key; nothing else is accepted. Merchant API contract, sections 11.7 and 15.
 */
import { createSigner, createVerifier } from 'fast-jwt'
import type { Secrets } from '../database/secrets.ts'

/** `sid` is the card session `cgi_…`, `exp` the end of the payment's life in unix seconds. */
export type SessionClaims = { readonly sid: string; readonly exp: number }

type Codec = { readonly sign: (claims: SessionClaims) => string; readonly verify: (token: string) => unknown }

const codecs = new WeakMap<Secrets, Codec>()

function codecOf(secrets: Secrets): Codec {
  let codec = codecs.get(secrets)
  if (codec === undefined) {
    codec = {
      sign: createSigner<SessionClaims>({ key: secrets.sessionKey, algorithm: 'HS256', noTimestamp: true }),
      // Expiry is held against the platform's clock below, not the machine's.
      verify: createVerifier<string>({
        key: secrets.sessionKey,
        algorithms: ['HS256'],
        requiredClaims: ['sid', 'exp'],
        ignoreExpiration: true,
      }),
    }
    codecs.set(secrets, codec)
  }
  return codec
}

/** Signs the token that stands in `flow_data.metadata.token`. */
export function sessionToken(secrets: Secrets, claims: SessionClaims): string {
  return codecOf(secrets).sign({ sid: claims.sid, exp: claims.exp })
}

/** The claims of a token of ours that has not run out at `now`; `null` for every other text. */
export function verifySessionToken(secrets: Secrets, token: string, now: Date): SessionClaims | null {
  let claims: unknown
  try {
    claims = codecOf(secrets).verify(token)
  } catch {
    return null
  }
  const { sid, exp } = claims as { sid: unknown; exp: unknown }
  if (typeof sid !== 'string' || typeof exp !== 'number') return null
  return exp * 1000 > now.getTime() ? { sid, exp } : null
}
