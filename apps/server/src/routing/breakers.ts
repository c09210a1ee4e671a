/** The breakers as all processes share them: read at most one second old, changed by whoever has seen what changes them. */
import type { Context } from '../context.ts'
import { recent } from '../database/recent.ts'
import { type BreakerId, selectBreaker, selectBreakers, writeBreaker } from './health-table.ts'
import { getGateway } from './load-routing.ts'
import { type Breaker, breakerKey, closedBreaker, startProbe, usualBreaker } from './rules/breaker.ts'

export type Breakers = ReadonlyMap<string, Breaker>

const known = recent<Breakers>({ entries_max: 1 })

/** Breakers by `breakerKey`; one that never opened has no entry. */
export function recentBreakers(ctx: Context): Promise<Breakers> {
  return known(ctx).get('all', () => readBreakers(ctx))
}

/** As they are now. */
export function freshBreakers(ctx: Context): Promise<Breakers> {
  known(ctx).forgetAll()
  return recentBreakers(ctx)
}

async function readBreakers(ctx: Context): Promise<Breakers> {
  const rows = await selectBreakers(ctx.sql)
  return new Map(rows.map((row) => [breakerKey(row.gateway_id, row.method), row]))
}

/** Writers that may collide on one breaker before one of them gives up. */
const conflicts_max = 10

/**
 * Changes a breaker by a pure decision on its row as it is now; `null` from `decide` = nothing to change.
 * Returns the breaker after the change, or `null` when nothing was changed.
 */
export async function changeBreaker(
  ctx: Context,
  id: BreakerId,
  changed_by: string,
  decide: (breaker: Breaker) => Breaker | null | Promise<Breaker | null>,
): Promise<Breaker | null> {
  for (let tries = 0; tries < conflicts_max; tries += 1) {
    const row = await selectBreaker(ctx.sql, id)
    const before = row ?? { ...closedBreaker, version: 0 }
    const after = await decide(before)
    if (!after) return null
    const breaker = plain(after)
    if (!(await writeBreaker(ctx.sql, id, before, breaker, changed_by, ctx.now()))) continue
    known(ctx).forgetAll()
    if (before.state !== after.state || before.open_until?.getTime() !== after.open_until?.getTime())
      ctx.events.breakerChanged({
        gateway_id: id.gateway_id,
        method: id.method,
        from: before.state,
        to: after.state,
        open_until: after.open_until,
        pause_s: after.pause_s,
        changed_by,
      })
    return after
  }
  return null
}

function plain(breaker: Breaker): Breaker {
  const { state, open_until, pause_s, healthy_probes, probe_at, probe_by, probe_until, counted_from } = breaker
  return { state, open_until, pause_s, healthy_probes, probe_at, probe_by, probe_until, counted_from }
}

/** Longer than the longest call; a probe whose process died is free again after it. */
const probeLease_s = 30

/** Takes the probe of a half-open breaker for this payment. `false`: another payment, here or in another process, has it. */
export async function claimProbe(ctx: Context, id: BreakerId, payment_id: string): Promise<boolean> {
  const taken = await changeBreaker(ctx, id, 'system', (breaker) =>
    startProbe(breaker, payment_id, ctx.now(), probeLease_s),
  )
  return taken !== null
}

/** Settings of the gateway's breaker. */
export async function breakerSettings(ctx: Context, gateway_id: number) {
  return (await getGateway(ctx, gateway_id))?.breaker ?? usualBreaker
}
