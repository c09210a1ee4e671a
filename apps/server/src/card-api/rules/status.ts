/** Status and code of a transaction, from what it is the face of. Card API contract 1, 8, 10. */
import { type Attempt, isClosed, type Operation, type Payment } from '../../payments/payment.ts'
import { classifyDecline } from '../../routing/rules/classify-decline.ts'
import { unifiedCodeOf } from '../../routing/rules/unified-code-of.ts'
import type { TransactionStatus } from '../transaction.ts'
import { decidingAttempt } from './deciding-attempt.ts'

type Facts = { readonly payment: Payment; readonly attempts: readonly Attempt[] }

/** Of a payment or authorization. What becomes of the money after its end are children, which change nothing here. */
export function statusOf({ payment, attempts }: Facts): TransactionStatus {
  if (attempts.some(({ winner }) => winner)) return 'successful'
  if (isClosed(payment)) return isExpired(payment) ? 'expired' : 'failed'
  return attempts.some(waitsForPayer) ? 'incomplete' : 'pending'
}

function waitsForPayer({ status, action }: Attempt): boolean {
  return status === 'incomplete' && action !== null
}

/** The merchant's own time was over; a payer who only stayed away ends as `failed`. */
function isExpired({ resolution, expires_at, created_at }: Payment): boolean {
  return resolution === 'expired' && expires_at.getTime() - created_at.getTime() < abandonedAfter_ms
}

/** A payer who has been sent to his bank is waited for this long, after the longest answer. */
export const abandonedAfter_ms = 30 * 60_000 + 24_000

export function codeOf(facts: Facts): string {
  const status = statusOf(facts)
  if (status === 'successful') return 'S.0000'
  if (status === 'expired') return 'F.0109'
  if (status === 'incomplete') return 'P.9998'
  const attempt = decidingAttempt(facts.attempts)
  if (status === 'pending') return attempt?.status === 'unknown' ? 'P.9999' : 'P.0001'
  if (facts.payment.unified_code !== null) return facts.payment.unified_code
  // A payer who did not come back, whatever the gateway says of it later.
  if (facts.payment.resolution === 'expired') return 'F.0998'
  return attempt ? attemptCodeOf(attempt) : 'F.2003'
}

export function attemptStatusOf(attempt: Attempt): TransactionStatus | 'not_sent' {
  const { status, winner } = attempt
  if (status === 'not_sent') return status
  if (status === 'sent' || status === 'unknown' || status === 'incomplete')
    return waitsForPayer(attempt) ? 'incomplete' : 'pending'
  return winner ? 'successful' : 'failed'
}

export function attemptCodeOf(attempt: Attempt): string {
  if (attempt.winner) return 'S.0000'
  // An approval that came too late is taken back.
  if (attempt.status === 'approved') return 'F.0999'
  return attempt.status === 'incomplete' && !waitsForPayer(attempt) ? 'P.0001' : unifiedCodeOf(attempt)
}

export function operationStatusOf({ status }: Pick<Operation, 'status'>): TransactionStatus {
  if (status === 'done') return 'successful'
  return status === 'failed' ? 'failed' : 'pending'
}

export function operationCodeOf({ status, signals }: Operation): string {
  if (status === 'done') return 'S.0000'
  if (status === 'sent') return 'P.0001'
  if (status === 'unknown') return 'P.9999'
  return (signals && classifyDecline(signals, { brand: null }, []).unified_code) ?? 'F.0999'
}
