import type { Context } from '../context.ts'
import { isClosed } from '../database/is-closed.ts'
import type { Skip } from './rules/skips-in.ts'
import { addSkips, deleteSkips, type SkipLine } from './skip-table.ts'

type Needs = Pick<Context, 'sql' | 'now' | 'events'>

const hour_ms = 3_600_000
const flushAfter_ms = 5_000
const kept_days = 30
const waiting = new WeakMap<object, Map<string, SkipLine>>()
const timers = new WeakMap<object, NodeJS.Timeout>()

/**
 * Counts why connections were left out of the first choice of a payment (`rules/skips-in.ts`), for their providers to see. Returns at
 * once: counts are written together within some seconds, and given up when they cannot be.
 */
export function countSkips(ctx: Needs, skips: readonly Skip[]): void {
  if (skips.length === 0) return
  const lines = waiting.get(ctx.sql) ?? new Map<string, SkipLine>()
  waiting.set(ctx.sql, lines)
  const hour = new Date(Math.floor(ctx.now().getTime() / hour_ms) * hour_ms).toISOString()
  for (const { gateway_id, reason } of skips) {
    const key = `${gateway_id}:${reason}:${hour}`
    lines.set(key, { gateway_id, reason, hour, payments: (lines.get(key)?.payments ?? 0) + 1 })
  }
  if (timers.has(ctx.sql)) return
  timers.set(ctx.sql, setTimeout(() => void flushSkips(ctx), flushAfter_ms).unref())
}

/** Writes what was counted so far; before the counts are read, and at the end of a process. Never throws. */
export async function flushSkips(ctx: Needs): Promise<void> {
  clearTimeout(timers.get(ctx.sql))
  timers.delete(ctx.sql)
  const lines = [...(waiting.get(ctx.sql)?.values() ?? [])]
  waiting.delete(ctx.sql)
  if (lines.length === 0) return
  try {
    await addSkips(ctx.sql, lines)
    const before = new Date(ctx.now().getTime() - kept_days * 24 * hour_ms)
    await deleteSkips(ctx.sql, [...new Set(lines.map(({ gateway_id }) => gateway_id))], before)
  } catch (error) {
    if (!isClosed(error)) ctx.events.fault('connection skips', error)
  }
}
