/** A cascade provider: a business that takes payments against a balance it has paid in. Amounts in settlement minor units. */
import type { ProviderBooks } from '../ledger/provider-books.ts'

export type Provider = {
  /** `prv_…`; also the account its books are kept under. */
  readonly id: string
  readonly name: string
  readonly settlement_currency: string
  /** Decimals of the settlement currency in the provider's books; never changed. */
  readonly settlement_scale: number
  readonly low_balance_alert_minor: bigint
  readonly active: boolean
  /** No new payments; everything open goes on. */
  readonly draining: boolean
}

export type Books = ProviderBooks

/** The provider's books of one mode. */
export function booksOf(provider: Pick<Provider, 'id' | 'settlement_currency'>, test_mode: boolean): Books {
  return { provider_id: provider.id, test_mode, currency: provider.settlement_currency }
}

/** Names one provider payment: one attempt at one of the provider's endpoints. */
export type ProviderPayment = { readonly provider_id: string; readonly attempt_id: string }
