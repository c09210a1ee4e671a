/** For tests: a provider payment written by itself, without the attempt and the payment that belong to it. */
import type { Sql } from '../database/connect.ts'
import type { Provider } from './provider.ts'
import type { ProviderPaymentRow } from './provider-payment.ts'
import { nextAttempt, sampleNow } from './sample-provider.ts'

export type SampleProviderPayment = Partial<ProviderPaymentRow> & { readonly requisites_encrypted?: Buffer }

export async function addProviderPayment(
  sql: Sql,
  provider: Provider,
  patch: SampleProviderPayment = {},
): Promise<{ readonly account_id: string; readonly attempt_id: string; readonly payment_id: string }> {
  const attempt_id = patch.attempt_id ?? nextAttempt()
  const row = {
    account_id: 'coma_shop',
    attempt_id,
    payment_id: `cpi_${attempt_id.slice(4)}`,
    attempt_number: 1,
    provider_id: provider.id,
    gateway_id: 9_001,
    test_mode: false,
    method: 'card',
    state: 'issued',
    currency: 'RUB',
    amount_minor: 390000n,
    rate: '85.5',
    settlement_minor: 4562n,
    provider_reference: patch.provider_reference === undefined ? `order-${attempt_id}` : patch.provider_reference,
    requested_at: sampleNow,
    issued_at: sampleNow,
    expires_at: new Date(sampleNow.getTime() + 30 * 60_000),
    finalise_at: new Date(sampleNow.getTime() + 30 * 60_000 + 90_000),
    ...patch,
  }
  await sql`insert into provider_payments ${sql(row)}`
  const { account_id, payment_id } = row
  return { account_id, attempt_id, payment_id }
}
