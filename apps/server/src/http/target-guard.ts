/**
 * The guard in front of URLs that other people choose: a callback must not reach our own network.
 * Two looks: at the text when it is stored, and at the resolved addresses before every attempt.
 */
import { Resolver } from 'node:dns/promises'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

export type GuardOptions = {
  readonly test_mode: boolean
  /** Demo only: loopback and plain http are allowed in both modes. */
  readonly allow_private: boolean
}

/** All addresses of a host name; an empty list or a rejection = the name is not known. */
export type Lookup = (host: string) => Promise<readonly string[]>

export type ResolvedTarget =
  | { readonly type: 'resolved'; readonly addresses: readonly string[] }
  | { readonly type: 'refused'; readonly detail: string }
  | { readonly type: 'not_found'; readonly detail: string }

const urlLengthMax = 2048
const urlForm = /^https?:\/\/[^/?#\s\\@]+([/?#][^\s\\]*)?$/i
const refusedNames = /(^|\.)(localhost|internal|local)$/
const loopbackNames = /(^|\.)localhost$/

/**
 * Syntax, scheme and literal host of a target, without touching the network. Numbers in any spelling (decimal, octal,
 * hexadecimal, shortened) are read as the address they stand for.
 */
export function checkTargetUrl(url: string, options: GuardOptions): 'ok' | 'malformed' | 'refused' {
  if (url.length > urlLengthMax || !urlForm.test(url) || !URL.canParse(url)) return 'malformed'
  const target = new URL(url)
  if (target.protocol === 'http:' && !options.test_mode && !options.allow_private) return 'refused'
  const host = hostOf(target)
  if (isIP(host) !== 0) return isAllowedAddress(host, options.allow_private) ? 'ok' : 'refused'
  return isRefusedName(host, options.allow_private) ? 'refused' : 'ok'
}

/**
 * The addresses a request to this URL may go to. Every address of the name must be allowed: one private address among
 * public ones refuses the target. Connect only to what comes back, never to the result of a second look-up.
 */
export async function resolveTarget(
  url: URL,
  options: { readonly allow_private: boolean; readonly lookup: Lookup },
): Promise<ResolvedTarget> {
  const host = hostOf(url)
  if (isIP(host) !== 0) {
    if (isAllowedAddress(host, options.allow_private)) return { type: 'resolved', addresses: [host] }
    return { type: 'refused', detail: 'target_refused: the address is not public' }
  }
  if (isRefusedName(host, options.allow_private)) {
    return { type: 'refused', detail: 'target_refused: the host name is not public' }
  }
  if (loopbackNames.test(host)) return { type: 'resolved', addresses: ['127.0.0.1', '::1'] }
  const addresses = await options.lookup(host).catch(() => [])
  if (addresses.length === 0) return { type: 'not_found', detail: 'ENOTFOUND: the host name has no address' }
  if (!addresses.every((address) => isAllowedAddress(address, options.allow_private))) {
    return { type: 'refused', detail: 'target_refused: the host name has an address that is not public' }
  }
  return { type: 'resolved', addresses }
}

/** May a guarded request connect to this address? Public unicast; in the demo also loopback. */
export function isAllowedAddress(text: string, allow_private: boolean): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.process(text)
  const range = address.range()
  if (range === 'loopback') return allow_private
  if (range !== 'unicast') return false
  // Outside 2000::/3 nothing is given to the public internet, whatever the table of special ranges knows of.
  return address.kind() === 'ipv4' || ((address as ipaddr.IPv6).parts[0] ?? 0) >> 13 === 1
}

/**
 * A look-up of its own for guarded targets. The system's `getaddrinfo` would occupy one of few threads while a dead name
 * server is asked; this one waits without any.
 */
export function createPublicLookup(): Lookup {
  const resolver = new Resolver({ timeout: 2000, tries: 2 })
  return async (host) => {
    const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
  }
}

function isRefusedName(host: string, allow_private: boolean): boolean {
  if (host === '') return true
  return refusedNames.test(host) && !(allow_private && loopbackNames.test(host))
}

/** Addresses come out in their usual spelling, whichever they were written in: that is how a URL keeps them. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
}
