/** Credentials in a request and what they open: merchant API contract, section 2. */
import type { FastifyRequest } from 'fastify'
import ipaddr from 'ipaddr.js'
import type { Account } from '../accounts/account.ts'
import { findAccountByApiKey, findAccountByPublicKey } from '../accounts/find-account.ts'
import type { Context } from '../context.ts'
import { peekAttributes } from './attributes.ts'
import type { JsonObject } from './json.ts'
import { Problem } from './problem.ts'
import type { Query } from './routes.ts'

const basicForm = /^Basic ([A-Za-z0-9+/]{1,400}={0,2})$/i

/** User name and password of a Basic header, or `null` when it is missing or malformed. */
export function parseBasic(header: string | undefined): { id: string; api_key: string } | null {
  const encoded = header === undefined ? null : basicForm.exec(header)
  if (!encoded) return null
  const pair = Buffer.from(encoded[1]!, 'base64').toString('utf8')
  const colon = pair.indexOf(':')
  return colon < 1 ? null : { id: pair.slice(0, colon), api_key: pair.slice(colon + 1) }
}

/** The account of a Basic header; 401 otherwise, the same for an unknown account and a wrong key. */
export async function authenticate(ctx: Context, request: FastifyRequest): Promise<Account> {
  const given = parseBasic(request.headers.authorization)
  const account = given && (await findAccountByApiKey(ctx, given.id, given.api_key))
  if (!account) throw new Problem(401, { headers: { 'www-authenticate': 'Basic realm="Cascad"' } })
  return account
}

/** Is the address in the list of addresses and CIDR blocks? An empty list allows every address. */
export function isAllowedIp(ip: string, allowlist: readonly string[]): boolean {
  if (allowlist.length === 0) return true
  if (!ipaddr.isValid(ip)) return false
  const address = ipaddr.process(ip)
  return allowlist.some((entry) => {
    if (ipaddr.isValid(entry)) return ipaddr.process(entry).toNormalizedString() === address.toNormalizedString()
    if (!ipaddr.isValidCIDR(entry)) return false
    const [block, bits] = ipaddr.parseCIDR(entry)
    if (block instanceof ipaddr.IPv6 && block.isIPv4MappedAddress() && bits >= 96) {
      return address.kind() === 'ipv4' && address.match(block.toIPv4Address(), bits - 96)
    }
    return block.kind() === address.kind() && address.match(block, bits)
  })
}

/** 403 for a closed account, and for one that may not create when the call creates. */
export function checkAccountState(account: Account, creates: boolean): void {
  if (account.status === 'active') return
  if (creates || account.status === 'inactive' || account.status === 'archived') throw new Problem(403)
}

/**
 * The public key of a request, from the query, the body or its attributes; `null` when none is sent.
 * 401 when one is no text or two of them differ.
 */
export function sentPublicKey(query: Query, body: JsonObject): string | null {
  const places = [query.public_key, body.public_key, peekAttributes(body).public_key]
  const sent = places.filter((key) => key !== undefined && key !== null)
  const [key] = sent
  if (key === undefined) return null
  if (typeof key !== 'string' || sent.some((other) => other !== key)) throw new Problem(401)
  return key
}

/** The account and mode of a public key; 401 when it is not one of ours. */
export async function resolvePublicKey(
  ctx: Context,
  public_key: string,
): Promise<{ account: Account; test_mode: boolean }> {
  const owner = await findAccountByPublicKey(ctx, public_key)
  if (!owner) throw new Problem(401)
  return owner
}
