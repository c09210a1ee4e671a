/** When a gateway that does not know a reference may be believed. Pure. Cascading rules 5.4. */
import type { Capabilities } from '@cascad/connector'

const default_s = { live: 120, test: 3 } as const

/**
 * Seconds after an order was sent during which it may still be on its way: until then "not found" proves nothing. Test gateways
 * are never waited for longer than their default.
 */
export function settleDelay_s(can: Pick<Capabilities, 'settle_delay_s'> | undefined, test_mode: boolean): number {
  const declared = can?.settle_delay_s
  return test_mode ? Math.min(default_s.test, declared ?? default_s.test) : (declared ?? default_s.live)
}

/** Has an order sent then arrived by now, if it ever does? */
export function hasSettled(
  sent_at: Date,
  can: Pick<Capabilities, 'settle_delay_s'> | undefined,
  { test_mode, now }: { readonly test_mode: boolean; readonly now: Date },
): boolean {
  return now.getTime() - sent_at.getTime() >= settleDelay_s(can, test_mode) * 1000
}
