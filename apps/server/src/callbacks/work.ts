/**
 * The worker that delivers callbacks. Fresh events go first; an origin that has enough in hand, or has failed before, has a line
 * of its own, so that no slow or dead endpoint stands in front of another.
 */
import type { Context } from '../context.ts'
import type { RunningWork } from '../jobs/run-due-work.ts'
import type { ClaimedCallback } from './callback-event.ts'
import { deliverCallback } from './deliver-callback.ts'
import { claimEventsInLine, claimNewEvents, putInLine } from './table.ts'

/** Longer than the longest delivery. */
const lease_ms = 90_000
const inHandMax = 256
const perOriginMax = 8
const claimMax = 64
const idle_ms = 250

/** Starts delivering. `stop` lets deliveries under way end. */
export function startCallbackWork(ctx: Context): RunningWork {
  const stopping = new AbortController()
  const byOrigin = new Map<string, number>()
  const inHand = new Set<Promise<void>>()
  let wakeUp: () => void = () => {}

  const take = (event: ClaimedCallback): void => {
    byOrigin.set(event.origin, (byOrigin.get(event.origin) ?? 0) + 1)
    const done = deliverCallback(ctx, event)
      .catch((error: unknown) => ctx.events.fault('callback', error, { event_id: event.id }))
      .finally(() => {
        inHand.delete(done)
        const left = (byOrigin.get(event.origin) ?? 1) - 1
        if (left > 0) byOrigin.set(event.origin, left)
        else byOrigin.delete(event.origin)
        wakeUp()
      })
    inHand.add(done)
  }

  /** Takes what its origin has room for; the rest goes (back) into the line. Returns how many were taken. */
  const takeAll = async (events: readonly ClaimedCallback[]): Promise<number> => {
    const rest: ClaimedCallback[] = []
    for (const event of events) {
      if ((byOrigin.get(event.origin) ?? 0) < perOriginMax) take(event)
      else rest.push(event)
    }
    if (rest.length > 0) await putInLine(ctx.sql, rest)
    return events.length - rest.length
  }

  const round = async (): Promise<number> => {
    const free = inHandMax - inHand.size
    if (free <= 0) return 0
    const now = ctx.now()
    const lease = { now, leased_until: new Date(now.getTime() + lease_ms) }
    const fresh = await takeAll(await claimNewEvents(ctx.sql, { ...lease, limit: Math.min(free, claimMax) }))
    const left = Math.min(inHandMax - inHand.size, claimMax)
    if (left <= 0) return fresh
    const except = [...byOrigin].filter(([, count]) => count >= perOriginMax).map(([origin]) => origin)
    return fresh + (await takeAll(await claimEventsInLine(ctx.sql, { ...lease, limit: left, except })))
  }

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      wakeUp = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const taken = await round().catch((error: unknown) => {
        ctx.events.fault('callback work', error)
        return 0
      })
      if (taken === 0 && !stopping.signal.aborted) await pause(idle_ms)
    }
    await Promise.all(inHand)
  }
  const running = loop()
  return {
    stop() {
      stopping.abort()
      wakeUp()
      return running
    },
    wake: () => wakeUp(),
  }
}
