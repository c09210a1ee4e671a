/**
 * The circuit breaker of a gateway: keeps payments away while it fails, lets single ones try it afterwards. Cascading rules,
 * section 11. Half-open is an open breaker whose pause is over.
 */

export type BreakerSettings = {
  /** Sliding: results older than this do not count. */
  readonly window_s: number
  readonly failures_min: number
  /** Share of failures among all counted results, in percent. */
  readonly ratio_percent: number
  /** First pause; doubles with every failed probe. */
  readonly pause_s: number
}

export const usualBreaker: BreakerSettings = { window_s: 300, failures_min: 5, ratio_percent: 50, pause_s: 600 }

export const pause_max_s = 3600
/** Between the starts of two probes. */
export const probeGap_s = 10
export const probesToClose = 3

export type BreakerState = 'closed' | 'open' | 'held'

export type Breaker = {
  readonly state: BreakerState
  /** `null` unless `open`. */
  readonly open_until: Date | null
  readonly pause_s: number
  /** Healthy probes in a row since it became half-open. */
  readonly healthy_probes: number
  /** Start of the newest probe. */
  readonly probe_at: Date | null
  /** Payment that probes now, and until when its probe counts as under way. */
  readonly probe_by: string | null
  readonly probe_until: Date | null
  /** Results from before this moment do not count. */
  readonly counted_from: Date | null
}

/** A breaker that has never opened. */
export const closedBreaker: Breaker = {
  state: 'closed',
  open_until: null,
  pause_s: usualBreaker.pause_s,
  healthy_probes: 0,
  probe_at: null,
  probe_by: null,
  probe_until: null,
  counted_from: null,
}

const noProbe = { probe_by: null, probe_until: null } as const

/** Key of a breaker: gateway and method. */
export function breakerKey(gateway_id: number, method: string): string {
  return `${gateway_id}:${method}`
}

/** Do these results of the window open the breaker? */
export function opensBreaker(
  counted: { readonly failures: number; readonly healthy: number },
  { failures_min, ratio_percent }: BreakerSettings,
): boolean {
  const { failures, healthy } = counted
  return failures >= failures_min && failures * 100 >= ratio_percent * (failures + healthy)
}

export type BreakerVerdict = {
  /** `probe`: may be taken, once the probe is claimed. */
  readonly result: 'pass' | 'probe' | 'stop'
  readonly detail: string | null
}

const pass: BreakerVerdict = { result: 'pass', detail: null }

/** May this payment go to the gateway now? `null` = it has no breaker row. */
export function judgeBreaker(breaker: Breaker | null, payment_id: string, now: Date): BreakerVerdict {
  if (breaker === null || breaker.state === 'closed') return pass
  if (breaker.state === 'held') return { result: 'stop', detail: 'held open by an operator' }
  const { open_until, probe_at, probe_by, probe_until, healthy_probes } = breaker
  if (open_until !== null && open_until > now) return { result: 'stop', detail: `open until ${clock(open_until)}` }
  const mayProbe: BreakerVerdict = {
    result: 'probe',
    detail: `half-open, probe after ${healthy_probes} healthy of ${probesToClose}`,
  }
  if (probe_until !== null && probe_until > now)
    return probe_by === payment_id ? mayProbe : { result: 'stop', detail: 'half-open, a probe is under way' }
  const next = probe_at && after(probe_at, probeGap_s)
  if (next && next > now) return { result: 'stop', detail: `half-open, next probe from ${clock(next)}` }
  return mayProbe
}

/** Opens a closed breaker for its first pause; `null` when there is nothing to change. */
export function tripBreaker(breaker: Breaker, now: Date, { pause_s }: BreakerSettings): Breaker | null {
  return breaker.state === 'closed' ? opened(breaker, now, pause_s) : null
}

/** The payment takes the probe; `null` when it may not (another one was faster). `lease_s`: a probe without news ends then. */
export function startProbe(breaker: Breaker, payment_id: string, now: Date, lease_s: number): Breaker | null {
  if (judgeBreaker(breaker, payment_id, now).result !== 'probe') return null
  return { ...breaker, probe_at: now, probe_by: payment_id, probe_until: after(now, lease_s) }
}

/**
 * What the probe of this payment has shown; `null` when it is not the one that probes. `none` says nothing of the gateway:
 * the next payment may probe.
 */
export function endProbe(
  breaker: Breaker,
  payment_id: string,
  result: 'healthy' | 'failure' | 'none',
  now: Date,
  { pause_s }: BreakerSettings,
): Breaker | null {
  if (breaker.state !== 'open' || breaker.probe_by !== payment_id) return null
  if (result === 'none') return { ...breaker, ...noProbe }
  if (result === 'failure') return opened(breaker, now, Math.min(breaker.pause_s * 2, pause_max_s))
  const healthy_probes = breaker.healthy_probes + 1
  if (healthy_probes < probesToClose) return { ...breaker, ...noProbe, healthy_probes }
  return closed(now, pause_s)
}

export type OperatorAct = 'open' | 'close' | 'hold'

/** What an operator orders: open for one pause, closed with a clean slate, or open until he closes it. */
export function operateBreaker(act: OperatorAct, now: Date, { pause_s }: BreakerSettings): Breaker {
  if (act === 'close') return closed(now, pause_s)
  if (act === 'open') return opened(closedBreaker, now, pause_s)
  return { ...closedBreaker, state: 'held', pause_s }
}

/** Edge of the window that counts now: results after it, not those of exactly then. */
export function windowEdge(breaker: Breaker | null, now: Date, { window_s }: BreakerSettings): Date {
  const edge = after(now, -window_s)
  const from = breaker?.counted_from ?? null
  return from !== null && from > edge ? from : edge
}

function opened(before: Breaker, now: Date, pause_s: number): Breaker {
  return { ...before, ...noProbe, state: 'open', open_until: after(now, pause_s), pause_s, healthy_probes: 0 }
}

function closed(now: Date, pause_s: number): Breaker {
  return { ...closedBreaker, pause_s, counted_from: now }
}

function after(time: Date, seconds: number): Date {
  return new Date(time.getTime() + seconds * 1000)
}

/** Time of day in UTC, such as `10:25:30Z`. */
function clock(time: Date): string {
  return `${time.toISOString().slice(11, 19)}Z`
}
