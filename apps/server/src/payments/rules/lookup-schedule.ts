/** When an open attempt is asked about. Cascading rules 5.4 for unknown ones; our own pace for those that wait for the payer. */

const second = 1000
const minute = 60 * second

/** After the in-process questions of the running cascade (+3, +5, +10 s) are over: +30 s, +1, +2, +5, +10, +30 min, then hourly. */
const unknownDelays_ms = [30 * second, minute, 2 * minute, 5 * minute, 10 * minute, 30 * minute]
const hour_ms = 60 * minute

/** After this an unknown attempt is taken back by its reference, where the gateway can. */
export const unknownDeadline_ms = 24 * hour_ms

/** Questions a running cascade asks by itself while the card is still in memory. */
export const inBudgetDelays_ms: readonly number[] = [3 * second, 5 * second, 10 * second]

const waitingDelays_ms = [10 * second, 20 * second, 30 * second, minute, 2 * minute, 5 * minute]

/** When the attempt is to be asked about again, after `lookups` questions. A waiting one never later than the end of the lifetime. */
export function nextLookup(status: 'unknown' | 'incomplete', lookups: number, now: Date, expires_at: Date): Date {
  if (status === 'unknown') return new Date(now.getTime() + (unknownDelays_ms[lookups] ?? hour_ms))
  const next = now.getTime() + (waitingDelays_ms[lookups] ?? 5 * minute)
  return expires_at.getTime() > now.getTime() ? new Date(Math.min(next, expires_at.getTime())) : new Date(next)
}
