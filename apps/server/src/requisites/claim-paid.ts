import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { loadState, type State } from '../payments/find-payment.ts'
import type { Payment } from '../payments/payment.ts'
import { updateClaimed } from './table.ts'

/**
 * The payer says that he has paid: noted once, the provider is asked at once and often. It proves nothing, and nothing else of the
 * payment changes; but other requisites are not offered any more. Where nothing is waited for, nothing happens. Cascade API, 8.2.
 */
export async function claimPaid(ctx: Context, account: Account, payment: Payment): Promise<State> {
  await updateClaimed(ctx.sql, { account_id: account.id, payment_id: payment.id }, ctx.now())
  return loadState(ctx, account.id, payment.id)
}
