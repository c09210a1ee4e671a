/**
 * Counts what gateways answer. Results are gathered in memory and appended once a second, all of a second in one line, so
 * payments pay nothing for it; a failure is written at once, and may open the breaker of its gateway.
 */
import type { Context } from '../context.ts'
import { isClosed } from '../database/is-closed.ts'
import { breakerSettings, changeBreaker, recentBreakers } from './breakers.ts'
import { type BreakerId, insertResults, type ResultLine, sumResults } from './health-table.ts'
import { forgetRouting } from './load-routing.ts'
import { breakerKey, endProbe, opensBreaker, tripBreaker, windowEdge } from './rules/breaker.ts'
import type { GatewayResult } from './rules/gateway-result.ts'
import { setAside } from './table.ts'

export type CountedResult = BreakerId & { readonly payment_id: string; readonly result: GatewayResult }

type Memory = {
  lines: Map<string, ResultLine>
  /** When each payment's last failed look-up was counted. */
  readonly lookups: Map<string, number>
  timer: NodeJS.Timeout | null
  due_at: number
  flushing: Promise<void>
}

const memories = new WeakMap<Context, Memory>()

const flushAfter_ms = 1000
/** Failures of one moment are judged together. */
const failureAfter_ms = 20
const lookupGap_ms = 60_000
const lookups_max = 10_000
const lines_max = 50_000

function memoryOf(ctx: Context): Memory {
  let memory = memories.get(ctx)
  if (!memory) {
    memory = { lines: new Map(), lookups: new Map(), timer: null, due_at: 0, flushing: Promise.resolve() }
    memories.set(ctx, memory)
  }
  return memory
}

/** Counts a result. Waits for the database only where the result changes something at once: a probe, a wrong set-up. */
export async function countResult(
  ctx: Context,
  { gateway_id, method, payment_id, result }: CountedResult,
): Promise<void> {
  const id = { gateway_id, method }
  const memory = memoryOf(ctx)
  if (result === 'misconfigured') await misconfigured(ctx, gateway_id)
  const failed = result === 'failure' || (result === 'lookup_failure' && isFirstOfMinute(ctx, memory, payment_id))
  if (failed || result === 'healthy') {
    add(ctx, memory, id, failed)
    schedule(ctx, memory, failed ? failureAfter_ms : flushAfter_ms)
  }
  const breaker = (await recentBreakers(ctx)).get(breakerKey(gateway_id, method))
  if (breaker?.state !== 'open' || result === 'lookup_failure') return
  const shown = result === 'healthy' || result === 'failure' ? result : 'none'
  const settings = await breakerSettings(ctx, gateway_id)
  await changeBreaker(ctx, id, 'system', (now) => endProbe(now, payment_id, shown, ctx.now(), settings))
}

async function misconfigured(ctx: Context, gateway_id: number): Promise<void> {
  if (!(await setAside(ctx.sql, gateway_id, ctx.now()))) return
  forgetRouting(ctx)
  ctx.events.alarm('gateway set aside: the provider says our account there is set up wrongly', { gateway_id })
}

function isFirstOfMinute(ctx: Context, { lookups }: Memory, payment_id: string): boolean {
  const now = ctx.now().getTime()
  const last = lookups.get(payment_id)
  if (last !== undefined && now - last < lookupGap_ms) return false
  lookups.delete(payment_id)
  lookups.set(payment_id, now)
  if (lookups.size > lookups_max) lookups.delete(lookups.keys().next().value as string)
  return true
}

function add(ctx: Context, { lines }: Memory, { gateway_id, method }: BreakerId, failed: boolean): void {
  const second = Math.floor(ctx.now().getTime() / 1000)
  const key = `${breakerKey(gateway_id, method)}:${second}`
  const before = lines.get(key)
  const failures = (before?.failures ?? 0) + (failed ? 1 : 0)
  const healthy = (before?.healthy ?? 0) + (failed ? 0 : 1)
  lines.set(key, { gateway_id, method, counted_at: new Date(second * 1000).toISOString(), failures, healthy })
}

function schedule(ctx: Context, memory: Memory, after_ms: number): void {
  const due_at = performance.now() + after_ms
  if (memory.timer && memory.due_at <= due_at) return
  if (memory.timer) clearTimeout(memory.timer)
  memory.due_at = due_at
  memory.timer = setTimeout(() => void flushResults(ctx), after_ms)
  memory.timer.unref()
}

/** Writes what was counted so far and judges the gateways that failed. Resolves when that is done; never throws. */
export function flushResults(ctx: Context): Promise<void> {
  const memory = memoryOf(ctx)
  if (memory.timer) clearTimeout(memory.timer)
  memory.timer = null
  memory.flushing = memory.flushing.then(() => flush(ctx, memory))
  return memory.flushing
}

async function flush(ctx: Context, memory: Memory): Promise<void> {
  const { lines } = memory
  if (lines.size === 0) return
  memory.lines = new Map()
  try {
    await insertResults(ctx.sql, [...lines.values()])
  } catch (error) {
    keep(memory, lines)
    if (!isClosed(error)) ctx.events.fault('gateway results', error)
    return
  }
  const failed = new Map([...lines.values()].filter(({ failures }) => failures > 0).map((line) => [idOf(line), line]))
  for (const line of failed.values()) {
    try {
      await judge(ctx, line)
    } catch (error) {
      if (!isClosed(error)) ctx.events.fault('gateway breaker', error)
    }
  }
}

const idOf = ({ gateway_id, method }: BreakerId): string => breakerKey(gateway_id, method)

/** What could not be written is written with the next lines. */
function keep(memory: Memory, lines: ReadonlyMap<string, ResultLine>): void {
  for (const [key, line] of lines) {
    if (memory.lines.size >= lines_max) return
    const newer = memory.lines.get(key)
    const failures = line.failures + (newer?.failures ?? 0)
    const healthy = line.healthy + (newer?.healthy ?? 0)
    memory.lines.set(key, { ...line, failures, healthy })
  }
}

async function judge(ctx: Context, { gateway_id, method }: BreakerId): Promise<void> {
  const id = { gateway_id, method }
  const known = (await recentBreakers(ctx)).get(breakerKey(gateway_id, method))
  if (known && known.state !== 'closed') return
  const settings = await breakerSettings(ctx, gateway_id)
  await changeBreaker(ctx, id, 'system', async (breaker) => {
    const now = ctx.now()
    const opened = tripBreaker(breaker, now, settings)
    if (!opened) return null
    const counted = await sumResults(ctx.sql, id, windowEdge(breaker, now, settings))
    return opensBreaker(counted, settings) ? opened : null
  })
}
