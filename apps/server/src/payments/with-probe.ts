/**
 * A gateway whose breaker is half-open may be tried by one payment at a time: before it is, that payment claims the probe.
 * Where another one was faster, the route is chosen anew among what is left. Cascading rules 4 and 11.
 */
import type { Context } from '../context.ts'
import { claimProbe, freshBreakers, recentBreakers } from '../routing/breakers.ts'
import type { Choice } from '../routing/choice.ts'
import type { Live } from './live-cascade.ts'

/** Races a payment may lose before it stops trying to probe: each is for another gateway, so one cascade never has more. */
const races_max = 20

/** Runs `judge` on the breakers as they are, until what it chose may be called. `judge` = what to do, and the choice in it. */
export async function withProbe<T extends { readonly choice: Choice | null }>(
  ctx: Context,
  payment_id: string,
  live: Live,
  judge: (live: Live) => T,
): Promise<T> {
  let judged = judge({ ...live, breakers: await recentBreakers(ctx) })
  for (let races = 0; races < races_max && judged.choice?.probe && judged.choice.chosen; races += 1) {
    const id = { gateway_id: judged.choice.chosen.gateway_id, method: live.facts.method ?? '' }
    if (await claimProbe(ctx, id, payment_id)) return judged
    judged = judge({ ...live, breakers: await freshBreakers(ctx) })
  }
  return judged
}
