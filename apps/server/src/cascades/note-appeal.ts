import type { Database } from '../database/connect.ts'
import type { ProviderPaymentState } from './provider-payment.ts'

/**
 * An appeal is being opened: the provider is asked at once what became of the payment, also where the questions had ended. Locks the
 * row to the end of the transaction, and gives back the state that the appeal is opened in. Call it before the balance is touched.
 */
export async function noteAppeal(
  tx: Database,
  of: { readonly account_id: string; readonly attempt_id: string },
  now: Date,
): Promise<ProviderPaymentState | null> {
  const [row] = await tx<{ state: ProviderPaymentState }[]>`
    update provider_payments
    set poll_at = case when state = 'success' then poll_at else least(coalesce(poll_at, ${now}::timestamptz), ${now}::timestamptz) end
    where account_id = ${of.account_id} and attempt_id = ${of.attempt_id}
    returning state`
  return row?.state ?? null
}
