/** How long who has, and how often a provider's endpoint is told. Cascade API, sections 5 and 11.1. */

const hour_ms = 3_600_000

/** For the provider's verdict, for a contest, for the operator's decision. */
export const term_ms = 24 * hour_ms
/** Half of a term is over: somebody is reminded. */
export const reminder_ms = 12 * hour_ms
/** In arbitration the alarm comes again. */
export const alarm_ms = 4 * hour_ms
/** What merchants are promised, from the opening on. */
export const promise_ms = 72 * hour_ms
/** An appeal may be opened this long after the provider was asked for requisites. */
export const openable_ms = 14 * 24 * hour_ms
/** How often an open appeal of the same amount is compared with the payment. */
export const check_ms = 60_000
/** Files are kept this long after the close. */
export const keep_ms = 365 * 24 * hour_ms
/** The signed address of a file lives this long. */
export const link_s = 14 * 24 * 3600

const tries_max = 5
const gap_ms = 60_000
const closing_ms = 24 * hour_ms

/** When CREATE_APPEAL is sent again after `tries` that nobody answered; `null` = no more. */
export function nextCreate(tries: number, now: Date): Date | null {
  return tries < tries_max ? after(now, gap_ms) : null
}

/** When the close is sent again: five tries, then hourly until a day after the close; `null` = no more. */
export function nextClose(tries: number, closed_at: Date, now: Date): Date | null {
  const next = after(now, tries < tries_max ? gap_ms : hour_ms)
  return next.getTime() <= closed_at.getTime() + closing_ms ? next : null
}

/** The first of the alarm's times after now. */
export function nextAlarm(last: Date, now: Date): Date {
  const missed = Math.max(0, Math.floor((now.getTime() - last.getTime()) / alarm_ms))
  return after(last, (missed + 1) * alarm_ms)
}

export function after(time: Date, ms: number): Date {
  return new Date(time.getTime() + ms)
}
