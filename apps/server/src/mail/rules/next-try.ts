const minute_ms = 60_000
const pause_max_ms = 60 * minute_ms
/** A mail that nobody took in this time is old news. */
const trying_ms = 24 * 60 * minute_ms

/**
 * When a mail is tried again, in milliseconds since 1970: after 1, 2, 4 … and then 60 minutes; `null` = a day is over.
 *
 * @param attempts tries that have ended, at least 1
 * @param since_ms when the day began
 */
export function nextTryAt(attempts: number, since_ms: number, ended_ms: number): number | null {
  const next_ms = ended_ms + Math.min(2 ** Math.min(attempts - 1, 6) * minute_ms, pause_max_ms)
  return next_ms <= since_ms + trying_ms ? next_ms : null
}
