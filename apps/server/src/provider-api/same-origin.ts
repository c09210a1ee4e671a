/**
 * Did a page of ours send this? Browsers name the origin in every request that changes something. It is ours when it is the public
 * one, or the host that the request itself went to; behind https never a plain one.
 */
export function isSameOrigin(public_url: string, origin: string | undefined, host: string): boolean {
  if (origin === undefined || !URL.canParse(origin)) return false
  const sent = new URL(origin)
  const ours = new URL(public_url)
  if (sent.origin === ours.origin) return true
  if (sent.protocol !== 'https:' && (ours.protocol === 'https:' || sent.protocol !== 'http:')) return false
  return host !== '' && sent.host === host
}
