import { Check } from 'typebox/value'
import type { Context } from '../context.ts'
import type { Database } from '../database/connect.ts'
import { checkTargetUrl } from '../http/target-guard.ts'
import { randomText } from '../ids.ts'
import { updatePending } from './connection-settings-table.ts'
import { credentialsWith, type Endpoint, endpointOf, readPending, sameEndpoint, sealPending } from './endpoint.ts'
import type { OwnConnection } from './read-connection.ts'

/** What is left out stays as it is, or as it waits already. */
export type CredentialsWish = {
  readonly endpoint_url?: string
  /** The provider's own choice. */
  readonly api_key?: string
  /** A key is made here instead, and shown this once. */
  readonly generate_key?: boolean
  readonly event_form?: Endpoint['event_form']
}

export type CredentialsSaved =
  /** `api_key` = the one that was made, never to be had again. `pending` false = this is what is in use already. */
  | { readonly type: 'saved'; readonly api_key: string | null; readonly pending: boolean }
  | { readonly type: 'invalid'; readonly fields: Readonly<Record<string, string>> }
  /** Somebody else saved others at the same time. */
  | { readonly type: 'changed_meanwhile' }

const url_max = 500
const made_key_length = 43

/**
 * Keeps another endpoint, key or spelling for a connection, encrypted. It is used once a test of it has passed
 * (`test-connection.ts`); until then calls go on as before. Cascade API, sections 1.1 and 16.
 */
export async function saveCredentials(
  ctx: Pick<Context, 'config' | 'secrets' | 'now'> & { readonly sql: Database },
  own: OwnConnection,
  wish: CredentialsWish,
  by: string,
): Promise<CredentialsSaved> {
  const { row, gateway } = own
  const current = endpointOf(gateway.credentials)
  const made = wish.generate_key === true ? randomText(made_key_length) : null
  const base = readPending(ctx, row) ?? current
  const endpoint: Endpoint = {
    endpoint_url: wish.endpoint_url?.trim() ?? base.endpoint_url,
    api_key: made ?? wish.api_key?.trim() ?? base.api_key,
    event_form: wish.event_form ?? base.event_form,
  }
  const fields = mistakesIn(ctx, own, wish, endpoint)
  if (Object.keys(fields).length > 0) return { type: 'invalid', fields }
  const pending = !sameEndpoint(endpoint, current)
  const encrypted = pending ? sealPending(ctx, gateway.gateway_id, endpoint) : null
  const change = { replaces: row.pending_encrypted, encrypted, by }
  const isSaved = await updatePending(ctx.sql, gateway.gateway_id, change, ctx.now())
  return isSaved ? { type: 'saved', api_key: made, pending } : { type: 'changed_meanwhile' }
}

/** Forgets what waits for its test. `false` = nothing did. */
export async function dropPending(
  ctx: Pick<Context, 'now'> & { readonly sql: Database },
  own: OwnConnection,
  by: string,
): Promise<boolean> {
  const { gateway_id, pending_encrypted } = own.row
  if (pending_encrypted === null) return false
  return updatePending(ctx.sql, gateway_id, { replaces: pending_encrypted, encrypted: null, by }, ctx.now())
}

function mistakesIn(
  ctx: Pick<Context, 'config'>,
  { gateway, connector }: OwnConnection,
  wish: CredentialsWish,
  endpoint: Endpoint,
): Record<string, string> {
  const fields: Record<string, string> = {}
  const url = mistakeInUrl(ctx, endpoint.endpoint_url, gateway.test_mode)
  if (url !== null) fields.endpoint_url = url
  if (endpoint.api_key === null) fields.api_key = 'must be given'
  else if (!/^[\x21-\x7e]{16,256}$/.test(endpoint.api_key))
    fields.api_key = 'must be 16 to 256 letters, digits or signs of the keyboard, without blanks'
  if (wish.generate_key === true && wish.api_key !== undefined) fields.api_key = 'is either given or made here'
  if (Object.keys(fields).length === 0 && !Check(connector.credentials, credentialsWith(gateway.credentials, endpoint)))
    fields.endpoint_url = 'cannot be called'
  return fields
}

function mistakeInUrl(ctx: Pick<Context, 'config'>, url: string | null, test_mode: boolean): string | null {
  if (url === null || url === '') return 'must be given'
  if (url.length > url_max) return `must have at most ${url_max} characters`
  if (/[#]/.test(url)) return 'must not have a part after #'
  switch (checkTargetUrl(url, { test_mode, allow_private: ctx.config.allow_private_targets })) {
    case 'ok':
      return null
    case 'malformed':
      return 'must be an absolute URL, https://…, without user name and password'
    case 'refused':
      return /^http:/i.test(url) && !test_mode ? 'must begin with https://' : 'must be at a public address'
  }
}
