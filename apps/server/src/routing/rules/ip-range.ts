/** IP addresses and networks as numbers. An IPv4 address inside IPv6 (::ffff:…) is the IPv4 address. */
import ipaddr from 'ipaddr.js'

export type AddressRange = {
  readonly kind: 'ipv4' | 'ipv6'
  readonly address: ipaddr.IPv4 | ipaddr.IPv6
  readonly bits: number
}

/** `203.0.113.7`, `2001:db8::1`, or with a prefix length; `null` when it is neither address nor network. */
export function parseRange(text: string): AddressRange | null {
  const [address = '', prefix, ...more] = text.split('/')
  if (more.length > 0 || !isPlainAddress(address)) return null
  const parsed = ipaddr.process(address)
  const whole = parsed.kind() === 'ipv4' ? 32 : 128
  if (prefix === undefined) return { kind: parsed.kind(), address: parsed, bits: whole }
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > whole) return null
  return { kind: parsed.kind(), address: parsed, bits: Number(prefix) }
}

/** Is the address inside the range? Text that is no address is in no range. */
export function isInRange(address: string, range: AddressRange): boolean {
  if (!isPlainAddress(address)) return false
  const parsed = ipaddr.process(address)
  return parsed.kind() === range.kind && parsed.match(range.address, range.bits)
}

/** Four decimal parts or IPv6: forms such as `127.1` or `0x7f.1` are refused. */
function isPlainAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || (text.includes(':') && ipaddr.IPv6.isValid(text))
}
