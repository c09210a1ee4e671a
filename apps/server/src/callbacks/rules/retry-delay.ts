export type RetryPolicy = {
  /** Deliveries in all, the first included: 1–100. */
  readonly attempts_max: number
  readonly interval_ms: number
}

/**
 * When the next automatic attempt of a callback starts, in milliseconds since 1970; `null` = that was the last one.
 * Linear: retry k starts k intervals after the end of the attempt before it. Source: merchant API contract, 16.4.
 *
 * @param attempts attempts that have ended, at least 1
 * @param ended_ms end of the last of them
 */
export function nextAttemptAt(attempts: number, ended_ms: number, policy: RetryPolicy): number | null {
  return attempts >= policy.attempts_max ? null : ended_ms + attempts * policy.interval_ms
}

/** Attempts of a notification in all, the first included. */
export const notificationAttemptsMax = 16

/**
 * The same for a notification of the Card API: before retry n a pause of floor(2.12 n)³ seconds and up to 29 times n + 1 more,
 * so that shops that were away together are not all told again together. Source: Card API contract, 16.
 *
 * @param attempts attempts that have ended, at least 1: retry n follows attempt n
 * @param random from 0, below 1
 */
export function nextNotificationAt(attempts: number, ended_ms: number, random: number): number | null {
  if (attempts >= notificationAttemptsMax) return null
  const steps = Math.floor((212 * attempts) / 100)
  return ended_ms + (steps ** 3 + Math.floor(random * 30) * (attempts + 1)) * 1000
}
