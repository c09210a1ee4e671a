/**
 * The worker that delivers callbacks. Fresh events go first; an origin that has no room for more has a line of its own, and so
 * has every event that failed before. So no slow or dead endpoint stands in front of another.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Context } from '../context.ts'
import type { RunningWork } from '../jobs/run-due-work.ts'
import type { ClaimedCallback } from './callback-event.ts'
import { deliverCallback } from './deliver-callback.ts'
import { createOrigins } from './origins.ts'
import { claimEventsInLine, claimNewEvents, putInLine, selectDueLines } from './table.ts'

/** Longer than the longest delivery. */
const lease_ms = 90_000
/**
 * A delivery occupies a place for this long; then it is late, gives its place to another and waits on without one. So any
 * number of endpoints that never answer can hold all places for no longer than this.
 */
const late_ms = 1000
const places = 256
/** The rest is kept for fresh events. */
const places_for_lines = 192
/** Late ones included: bounds sockets and memory. */
const in_hand_max = 4096
/** Looks into lines between two looks for fresh events. */
const lines_per_round = 64
const claim_max = 128
/** Between two looks through all lines: this long, and so many times as long as a look took. */
const walk_pause_min_ms = 100
const walk_pause_share = 10
const idle_ms = 250
const round_pause_ms = 10
const fault_pause_ms = 1000
/** A stopped worker waits as long for deliveries under way; longer ones are sent again by the next worker. */
const stop_grace_ms = 5000

/** Starts delivering. `stop` lets deliveries under way end within a few seconds. */
export function deliverDue(ctx: Context): RunningWork {
  const stopping = new AbortController()
  const abandoning = new AbortController()
  const origins = createOrigins()
  const in_hand = new Set<Promise<void>>()
  const bell = createBell()

  let occupied = 0
  const freePlaces = (of: number): number => Math.max(Math.min(of - occupied, in_hand_max - in_hand.size), 0)

  const take = (event: ClaimedCallback): void => {
    const { origin } = event
    let late = false
    let delivered: boolean | null = null
    origins.enter(origin)
    occupied += 1
    const becomeLate = setTimeout(() => {
      late = true
      occupied -= 1
      origins.fallBehind(origin)
      bell.ring()
    }, late_ms)
    const done = deliverCallback(ctx, event, abandoning.signal)
      .then(
        (result) => {
          delivered = result
        },
        (error: unknown) => {
          if (!abandoning.signal.aborted) ctx.events.fault('callback', error, { event_id: event.id })
        },
      )
      .finally(() => {
        clearTimeout(becomeLate)
        if (!late) occupied -= 1
        origins.leave(origin, delivered, late)
        in_hand.delete(done)
        bell.ring()
      })
    in_hand.add(done)
  }

  const lease = () => {
    const now = ctx.now()
    return { now, leased_until: new Date(now.getTime() + lease_ms) }
  }

  /** Origins that have, as far as we know, something due in their lines. */
  const lines = new Set<string>()

  const takeFresh = async (): Promise<number> => {
    const limit = Math.min(freePlaces(places), claim_max)
    if (limit <= 0) return 0
    const fresh = await claimNewEvents(ctx.sql, { ...lease(), limit })
    const waiting: ClaimedCallback[] = []
    for (const event of fresh) {
      if (origins.room(event.origin) > 0) take(event)
      else waiting.push(event)
    }
    if (waiting.length > 0) await putInLine(ctx.sql, waiting)
    for (const { origin } of waiting) lines.add(origin)
    return fresh.length
  }

  let next_walk = 0
  const findLines = async (): Promise<void> => {
    const begin = performance.now()
    if (begin < next_walk) return
    for (const origin of await selectDueLines(ctx.sql, ctx.now())) lines.add(origin)
    const end = performance.now()
    next_walk = end + Math.max(walk_pause_min_ms, walk_pause_share * (end - begin))
  }

  const takeFromLines = async (): Promise<number> => {
    let taken = 0
    let looks = 0
    for (const origin of [...lines]) {
      const limit = Math.min(origins.room(origin), freePlaces(places_for_lines))
      if (looks === lines_per_round || stopping.signal.aborted) break
      if (limit === 0) continue
      looks += 1
      const events = await claimEventsInLine(ctx.sql, { origin, ...lease(), limit })
      for (const event of events) take(event)
      // To the end, when there may be more: the others come first next time.
      lines.delete(origin)
      if (events.length === limit) lines.add(origin)
      taken += events.length
    }
    return taken
  }

  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        const fresh = await takeFresh()
        await findLines()
        const taken = fresh + (await takeFromLines())
        if (taken === 0) await bell.wait(idle_ms)
        // A claim for every delivery that ends would cost more than the delivery.
        else if (taken < claim_max) await pause(round_pause_ms)
      } catch (error) {
        ctx.events.fault('callback work', error)
        await bell.wait(fault_pause_ms)
      }
    }
    const grace = setTimeout(() => abandoning.abort(), stop_grace_ms)
    const abandoned = new Promise((resolve) => abandoning.signal.addEventListener('abort', resolve))
    await Promise.race([Promise.all(in_hand), abandoned])
    clearTimeout(grace)
  }
  const running = loop()
  return {
    stop() {
      stopping.abort()
      bell.ring()
      return running
    },
    wake: bell.ring,
  }
}

/** A pause that a ring ends, also a ring from before the pause. */
function createBell() {
  let rung = false
  let end: () => void = () => {}
  return {
    ring(): void {
      rung = true
      end()
    },
    async wait(ms: number): Promise<void> {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms)
          end = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      rung = false
    },
  }
}
