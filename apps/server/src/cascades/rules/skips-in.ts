/** Why connections were left out of a choice, from its record. Cascade API, section 16, "why no payments". */
import type { RecordedRoute, RoutingRecord } from '../../routing/choice.ts'

export type Skip = { readonly gateway_id: number; readonly reason: string }

/** What says nothing about the connection: it was asked already, or was not the one that was drawn. */
const silent: ReadonlySet<string> = new Set(['candidate', 'already_tried', 'mode_mismatch'])

/**
 * One reason per connection: the one recorded by the rule that decided, else by a rule before it; `rules_not_matching` when no
 * rule that looked at the payment named it. `connections` are those of the payment's method. A connection that was a candidate was
 * not left out.
 */
export function skipsIn(
  record: Pick<RoutingRecord, 'routes' | 'rules_skipped'>,
  connections: Iterable<number>,
): Skip[] {
  const recorded = new Map<number, RecordedRoute>()
  const all = [...record.routes, ...record.rules_skipped.flatMap(({ routes }) => routes ?? [])]
  for (const route of all) {
    const known = recorded.get(route.gateway_id)
    if (!known || route.result === 'candidate') recorded.set(route.gateway_id, route)
  }
  return [...connections].flatMap((gateway_id) => {
    const route = recorded.get(gateway_id)
    if (!route) return [{ gateway_id, reason: 'rules_not_matching' }]
    return silent.has(route.result) ? [] : [{ gateway_id, reason: route.result }]
  })
}
