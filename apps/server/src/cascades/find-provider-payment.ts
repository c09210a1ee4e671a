import type { Database } from '../database/connect.ts'
import type { ProviderPaymentRow } from './provider-payment.ts'
import { selectIsKnownReference, selectProviderPayment, selectProviderPaymentsOf } from './provider-payment-table.ts'

/** What is known of one attempt at a provider of requisites; `null` = the attempt was none. */
export async function findProviderPayment(
  sql: Database,
  account_id: string,
  attempt_id: string,
): Promise<ProviderPaymentRow | null> {
  return selectProviderPayment(sql, account_id, attempt_id)
}

/** All of a payment, in the order of its cascade. */
export async function listProviderPaymentsOf(
  sql: Database,
  account_id: string,
  payment_id: string,
): Promise<ProviderPaymentRow[]> {
  return selectProviderPaymentsOf(sql, account_id, payment_id)
}

/** Has the provider given this id before, for another payment of the same mode? */
export async function isKnownReference(
  sql: Database,
  of: { readonly provider_id: string; readonly test_mode: boolean; readonly provider_reference: string },
): Promise<boolean> {
  return selectIsKnownReference(sql, of)
}
