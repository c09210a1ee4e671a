/** When a payment whose tries are over is looked at again. Pure. */
import type { Payment } from '../payment.ts'
import { heldMinor } from './operate.ts'

const day_ms = 24 * 3_600_000

/**
 * How long a hold is kept that nobody captures, where the connector declares no shorter time. Card networks keep holds from 7
 * to 30 days; money must not stay blocked on a card because a merchant has forgotten it.
 */
export const holdLifetimeDays = 30

/** The end of the reserve, or the next daily look after a hold, whichever comes first; `null` = nothing is to come. */
export function restUntil(payment: Payment, now: Date): Date | null {
  const looks: Date[] = []
  if (payment.unreserved === false && payment.reserve_expires_at) looks.push(payment.reserve_expires_at)
  if (isHeld(payment)) looks.push(new Date(now.getTime() + day_ms))
  return looks.reduce<Date | null>((first, look) => (first === null || look < first ? look : first), null)
}

/** Does the gateway hold money of this payment that may still be captured? */
export function isHeld(payment: Payment): boolean {
  return payment.payment_flow === 'authorize' && heldMinor(payment) > 0n
}

/** Is a hold of this age to be given up? `lifetime_days` of the connector; `null` = the platform's own. */
export function isHoldOver(held_since: Date, lifetime_days: number | null, now: Date): boolean {
  const days = Math.min(lifetime_days ?? holdLifetimeDays, holdLifetimeDays)
  return now.getTime() - held_since.getTime() >= days * day_ms
}
