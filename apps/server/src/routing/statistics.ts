/** How often routes approve, over the last 24 hours: counted in memory, kept in hours, read at most a minute old. */
import type { Context } from '../context.ts'
import { isClosed } from '../database/is-closed.ts'
import { countKey, type RouteCount } from './rules/strategies/conversion.ts'
import { addCounts, type CountLine, sumCounts } from './statistics-table.ts'

export type Statistics = ReadonlyMap<string, RouteCount>

const hour_ms = 3_600_000
/** The hour that runs and the 23 before it. */
const hours = 24

type Read = { readonly since: number; readonly value: Promise<Statistics> }
const reads = new WeakMap<Context, Read>()

/** A read this old is made anew while it is still used; one of a minute is waited for. */
const renewAfter_ms = 30_000
const age_max_ms = 60_000

/** Counts by `countKey`: each route in all, and for each kind of card. */
export function recentStatistics(ctx: Context): Promise<Statistics> {
  const known = reads.get(ctx)
  const age_ms = known ? performance.now() - known.since : Infinity
  if (known && age_ms < renewAfter_ms) return known.value
  const value = readStatistics(ctx)
  const read = { since: performance.now(), value }
  reads.set(ctx, read)
  value.catch(() => {
    if (reads.get(ctx) === read) reads.delete(ctx)
  })
  return known && age_ms < age_max_ms ? known.value : value
}

/** What this process remembers is read again. */
export function forgetStatistics(ctx: Context): void {
  reads.delete(ctx)
}

async function readStatistics(ctx: Context): Promise<Statistics> {
  const from = new Date((Math.floor(ctx.now().getTime() / hour_ms) - (hours - 1)) * hour_ms)
  const statistics = new Map<string, RouteCount>()
  const add = (key: string, { approved, counted }: RouteCount): void => {
    const before = statistics.get(key) ?? { approved: 0, counted: 0 }
    statistics.set(key, { approved: before.approved + approved, counted: before.counted + counted })
  }
  for (const line of await sumCounts(ctx.sql, from)) {
    // A correction whose attempt was counted before the window may leave less than nothing.
    const counted = Math.max(0, line.counted)
    const count = { approved: Math.min(counted, Math.max(0, line.approved)), counted }
    add(countKey(line), count)
    if (line.brand !== '' || line.issuer_country !== '') add(countKey(line, line), count)
  }
  return statistics
}

const waiting = new WeakMap<Context, Map<string, CountLine>>()
const timers = new WeakMap<Context, NodeJS.Timeout>()
const flushAfter_ms = 5_000

/** Counts an attempt; written within some seconds, together with others. */
export function countRoute(
  ctx: Context,
  route: Omit<CountLine, 'hour' | 'approved' | 'counted'>,
  change: RouteCount,
): void {
  const lines = waiting.get(ctx) ?? new Map<string, CountLine>()
  waiting.set(ctx, lines)
  const hour = new Date(Math.floor(ctx.now().getTime() / hour_ms) * hour_ms).toISOString()
  const key = `${hour}:${countKey(route, route)}`
  const { approved, counted } = lines.get(key) ?? { approved: 0, counted: 0 }
  lines.set(key, { ...route, hour, approved: approved + change.approved, counted: counted + change.counted })
  if (timers.has(ctx)) return
  const timer = setTimeout(() => void flushCounts(ctx), flushAfter_ms)
  timer.unref()
  timers.set(ctx, timer)
}

/** Writes what was counted so far. Never throws: figures that cannot be written are given up, no payment needs them. */
export async function flushCounts(ctx: Context): Promise<void> {
  clearTimeout(timers.get(ctx))
  timers.delete(ctx)
  const lines = [...(waiting.get(ctx)?.values() ?? [])]
  waiting.delete(ctx)
  if (lines.length === 0) return
  try {
    await addCounts(ctx.sql, lines)
  } catch (error) {
    if (!isClosed(error)) ctx.events.fault('route counts', error)
  }
}
