/** The explanation of a payment that the card networks stopped before any route was looked at. Cascading rules, sections 4, 14. */
import type { RoutingInput, RoutingRecord } from '../choice.ts'
import { shownValue } from './facts.ts'
import type { NetworkVerdict } from './network-guard.ts'
import { editionsOf } from './routing-record.ts'

/** Plain JSON; amounts are text. */
export function refusalRecord(input: RoutingInput, verdict: NetworkVerdict): RoutingRecord {
  const { amount_minor, currency, card, merchant_initiated, test } = input.facts
  return {
    payment_id: input.payment_id,
    binding_id: input.binding_id ?? null,
    run: input.run,
    at: input.at.toISOString(),
    scheme_version: input.version_id,
    rule_id: null,
    rules_skipped: [],
    context: {
      amount: shownValue('amount', amount_minor),
      currency,
      'card.brand': card?.brand ?? null,
      merchant_initiated,
      test,
    },
    strategy: null,
    routes: [],
    draw: null,
    chosen: null,
    previous: null,
    decision: 'stop_network',
    network: recordedRefusal(verdict),
    failure: null,
    limits: input.limits ?? {},
    editions: editionsOf(input),
  }
}

function recordedRefusal(verdict: NetworkVerdict): NonNullable<RoutingRecord['network']> {
  const { code } = verdict
  if (code === 'F.2005') {
    const { ceiling, used } = verdict
    return { code, block: null, ceiling: { name: ceiling.name, used: `${used}/${ceiling.max}` } }
  }
  const { scope, reason, ends_at } = verdict.block
  return { code, block: { scope, reason, ends_at: ends_at?.toISOString() ?? null }, ceiling: null }
}
