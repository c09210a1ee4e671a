import type { Account } from '../accounts/account.ts'
import { listProviderPaymentsOf } from '../cascades/find-provider-payment.ts'
import type { Context } from '../context.ts'
import { applyOutcome } from '../payments/apply-outcome.ts'
import { loadState, type State } from '../payments/find-payment.ts'
import type { Payment } from '../payments/payment.ts'
import { whatPayerMay } from './rules/what-payer-sees.ts'
import { seenPayment } from './seen-payment.ts'

/**
 * The payer gives the payment up before he has paid: it is terminated, and the provider is told. Whether he has paid all the same is
 * asked on. Where he may not, nothing happens. Cascade API, 7.2 (T8).
 */
export async function cancelRequisites(ctx: Context, account: Account, payment: Payment): Promise<State> {
  const state = await loadState(ctx, account.id, payment.id)
  const rows = await listProviderPaymentsOf(ctx.sql, account.id, payment.id)
  const shown = rows.at(-1)
  if (!shown || !whatPayerMay(seenPayment(state.payment), rows, ctx.now()).may_cancel) return state
  const given_up = { type: 'given_up', then: 'end' } as const
  return (await applyOutcome(ctx, account, state, shown.attempt_number, given_up, null)).state
}
