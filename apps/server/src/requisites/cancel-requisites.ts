import type { Account } from '../accounts/account.ts'
import { listProviderPaymentsOf } from '../cascades/find-provider-payment.ts'
import type { Context } from '../context.ts'
import { loadState } from '../payments/find-payment.ts'
import type { Payment } from '../payments/payment.ts'
import { giveUp } from './give-up.ts'
import { phaseOf, whatPayerMay } from './rules/what-payer-sees.ts'
import { seenPayment } from './seen-payment.ts'

/**
 * The payer gives the payment up before he has paid: it is terminated, and the provider is told. Whether he has paid all the same is
 * asked on. Not after "I have paid" (`claimed`); where he may not, nothing happens. Cascade API, 7.2 (T8).
 */
export async function cancelRequisites(
  ctx: Context,
  account: Account,
  payment: Payment,
): Promise<'cancelled' | 'claimed' | 'nothing'> {
  const state = await loadState(ctx, account.id, payment.id)
  const rows = await listProviderPaymentsOf(ctx.sql, account.id, payment.id)
  const shown = rows.at(-1)
  const now = ctx.now()
  const seen = seenPayment(state.payment)
  if (!shown || !whatPayerMay(seen, rows, now).may_cancel)
    return phaseOf(seen, rows, now) === 'claimed' ? 'claimed' : 'nothing'
  const given_up = await giveUp(ctx, account, state, shown.attempt_number, 'end')
  if (given_up === 'claimed') return 'claimed'
  return given_up === 'over' ? 'nothing' : 'cancelled'
}
