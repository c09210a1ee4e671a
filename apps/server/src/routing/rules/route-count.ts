/** What a change of an attempt adds to the counts of its route. Cascading rules, section 3.5. */
import type { DeclineClass } from './decline-class.ts'
import type { RouteCount } from './strategies/conversion.ts'

/** Declines that say something about the card, the payer or the request, and nothing about the route. */
const notCounted: ReadonlySet<string> = new Set<DeclineClass>([
  'card_data',
  'insufficient_funds',
  'limit',
  'payer_action',
  'three_ds_failed',
  'never',
  'platform_risk',
  'duplicate',
  'request_invalid',
])

/**
 * `null` = nothing changes. An unknown attempt counts as not approved from the moment it is unknown; what it turns out to be
 * corrects that, so a figure may be below 0.
 */
export function routeCount(from: string, to: string, decline_class: string | null): RouteCount | null {
  if (from === to) return null
  const before = from === 'unknown' ? 1 : 0
  const after = countedAs(to, decline_class, before)
  const approved = to === 'approved' ? 1 : 0
  const counted = after - before
  return approved === 0 && counted === 0 ? null : { approved, counted }
}

function countedAs(to: string, decline_class: string | null, before: number): number {
  switch (to) {
    case 'approved':
    case 'unknown':
      return 1
    case 'declined':
      return notCounted.has(decline_class ?? '') ? 0 : 1
    case 'not_sent':
      return 0
    default:
      return before
  }
}
