/** Where a provider is reached, by which key, and in which spelling: what its own people may change. Cascade API, section 1.1. */
import type { Context } from '../context.ts'

export type Endpoint = {
  readonly endpoint_url: string | null
  readonly api_key: string | null
  readonly event_form: 'prefixed' | 'bare'
}

export const eventForms = ['prefixed', 'bare'] as const

/** Out of the credentials of a gateway, whatever they are. */
export function endpointOf(credentials: unknown): Endpoint {
  const given = (credentials ?? {}) as Readonly<Record<string, unknown>>
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  return {
    endpoint_url: text(given.endpoint_url),
    api_key: text(given.api_key),
    event_form: given.event_form === 'bare' ? 'bare' : 'prefixed',
  }
}

/** The credentials with another endpoint; what is the operator's in them stays. */
export function credentialsWith(credentials: unknown, { endpoint_url, api_key, event_form }: Endpoint): object {
  return { ...(credentials as object | null), endpoint_url, api_key, event_form }
}

export function sameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return a.endpoint_url === b.endpoint_url && a.api_key === b.api_key && a.event_form === b.event_form
}

/** All of a key that is ever shown. */
export function keyMask(api_key: string | null): string | null {
  return api_key === null ? null : `****${api_key.slice(-4)}`
}

/** What of credentials must stand in no log: keys, and an address that may carry one. */
export function secretsIn(credentials: unknown): string[] {
  return Object.values((credentials ?? {}) as object).filter(
    (value): value is string => typeof value === 'string' && value.length >= 16,
  )
}

const purpose = (gateway_id: number): string => `connection:${gateway_id}:pending`

export function sealPending(ctx: Pick<Context, 'secrets'>, gateway_id: number, endpoint: Endpoint): Buffer {
  return ctx.secrets.encrypt(JSON.stringify(endpoint), purpose(gateway_id))
}

/** `null` = nothing waits, or it cannot be read with this secret key. */
export function readPending(
  ctx: Pick<Context, 'secrets'>,
  row: { readonly gateway_id: number; readonly pending_encrypted: Uint8Array | null },
): Endpoint | null {
  if (row.pending_encrypted === null) return null
  try {
    return endpointOf(JSON.parse(ctx.secrets.decrypt(row.pending_encrypted, purpose(row.gateway_id))))
  } catch {
    return null
  }
}
