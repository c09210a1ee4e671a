import type { Database } from '../database/connect.ts'

/**
 * The payer did pay, as a confirmed appeal proves: the provider payment is a success, and nobody asks or cancels any more. What
 * it takes from the balance is booked with the appeal. Nothing changes when it was a success before.
 */
export async function payByAppeal(
  tx: Database,
  of: { readonly account_id: string; readonly attempt_id: string },
  now: Date,
): Promise<void> {
  await tx`
    update provider_payments set state = 'success', late = late or state <> 'issued', ended_at = coalesce(ended_at, ${now}),
      paid_at = ${now}, poll_at = null, cancel_at = null, leased_until = null
    where account_id = ${of.account_id} and attempt_id = ${of.attempt_id} and state in ('issued', 'failed', 'expired', 'cancelled')`
}
