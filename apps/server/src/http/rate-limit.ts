/**
 * Token buckets in memory, bounded. Limits: merchant API contract 4.3; each process counts for itself.
 * Our own, because the order of checks asks for three things the plugin has not in one: a limit by account after the
 * credentials, a limit that is looked at before them and charged only by a failure, and buckets bounded in number.
 */
import ipaddr from 'ipaddr.js'
import { Problem } from './problem.ts'

export type RateLimit = {
  /** Takes one; 429 with Retry-After when nothing is left. */
  readonly take: (key: string) => void
  /** 429 when nothing is left; takes nothing. */
  readonly look: (key: string) => void
}

type Bucket = { tokens: number; filled_at_ms: number }

const bucketsMax = 20_000

/** One client of IPv6 has a whole /64 of addresses, so that is what is counted. */
export function addressKey(ip: string): string {
  if (!ip.includes(':') || !ipaddr.isValid(ip)) return ip
  const address = ipaddr.process(ip)
  return address instanceof ipaddr.IPv6 ? address.parts.slice(0, 4).join(':') : address.toString()
}

/** `count` at once, refilled evenly over the window. The bucket unused for longest makes room for a new one. */
export function createRateLimit(
  count: number,
  now: () => Date,
  keyOf: (key: string) => string = (key) => key,
  window_ms = 60_000,
): RateLimit {
  const buckets = new Map<string, Bucket>()
  const per_ms = count / window_ms

  const fill = (key: string): Bucket => {
    const now_ms = now().getTime()
    const bucket = buckets.get(key) ?? { tokens: count, filled_at_ms: now_ms }
    bucket.tokens = Math.min(count, bucket.tokens + Math.max(0, now_ms - bucket.filled_at_ms) * per_ms)
    bucket.filled_at_ms = now_ms
    buckets.delete(key)
    buckets.set(key, bucket)
    if (buckets.size > bucketsMax) buckets.delete(buckets.keys().next().value as string)
    return bucket
  }

  const refuseWhenEmpty = (bucket: Bucket): void => {
    if (bucket.tokens >= 1) return
    const seconds = Math.max(1, Math.ceil((1 - bucket.tokens) / per_ms / 1000))
    throw new Problem(429, { headers: { 'retry-after': String(seconds) } })
  }

  return {
    take(key) {
      const bucket = fill(keyOf(key))
      refuseWhenEmpty(bucket)
      bucket.tokens -= 1
    },
    look(key) {
      const bucket_key = keyOf(key)
      if (buckets.has(bucket_key)) refuseWhenEmpty(fill(bucket_key))
    },
  }
}

/** For installations whose limits are switched off. */
export const unlimited: RateLimit = { take() {}, look() {} }

export type Limits = {
  readonly failed_authentications_by_ip: RateLimit
  readonly private_by_account: RateLimit
  readonly public_by_ip: RateLimit
}

/** The limits of one server; none at all when they are switched off. */
export function createLimits(options: { readonly enabled: boolean; readonly now: () => Date }): Limits {
  const { enabled, now } = options
  if (!enabled)
    return { failed_authentications_by_ip: unlimited, private_by_account: unlimited, public_by_ip: unlimited }
  return {
    failed_authentications_by_ip: createRateLimit(30, now, addressKey),
    private_by_account: createRateLimit(1200, now),
    public_by_ip: createRateLimit(300, now, addressKey),
  }
}
