import type { Attempt } from '../../payments/payment.ts'

/** The attempt a transaction answers with: who approved, else who waits, else the last one that was sent, else the last. Contract 6.4. */
export function decidingAttempt(attempts: readonly Attempt[]): Attempt | null {
  return (
    attempts.find(({ winner }) => winner) ??
    attempts.find(({ status }) => status === 'sent' || status === 'incomplete' || status === 'unknown') ??
    attempts.findLast(({ status }) => status !== 'not_sent') ??
    attempts.at(-1) ??
    null
  )
}
