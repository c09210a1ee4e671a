import type { Account } from '../accounts/account.ts'
import { listProviderPaymentsOf } from '../cascades/find-provider-payment.ts'
import type { Context } from '../context.ts'
import { changePayment } from '../payments/change-payment.ts'
import { loadState } from '../payments/find-payment.ts'
import type { Payment } from '../payments/payment.ts'
import { startRun } from '../payments/running.ts'
import { startCascade } from '../payments/start-payment.ts'
import { giveUp } from './give-up.ts'
import { phaseOf, whatPayerMay } from './rules/what-payer-sees.ts'
import { seenPayment } from './seen-payment.ts'

/**
 * The payer has sent nothing and wants other requisites: those he sees are given up, and a search begins; where none were found, or
 * the last ones are over, only the search. At most three sets, and not after "I have paid" (`claimed`). Where he may not, nothing
 * happens; asked twice at once, one search begins. Returns before the search has ended. Cascade API, 7.4.
 */
export async function askForOther(
  ctx: Context,
  account: Account,
  payment: Payment,
): Promise<'searching' | 'claimed' | 'nothing'> {
  const state = await loadState(ctx, account.id, payment.id)
  const rows = await listProviderPaymentsOf(ctx.sql, account.id, payment.id)
  const now = ctx.now()
  const seen = seenPayment(state.payment)
  const phase = phaseOf(seen, rows, now)
  if (!whatPayerMay(seen, rows, now).may_ask_other) return phase === 'claimed' ? 'claimed' : 'nothing'
  const shown = phase === 'waiting' ? (rows.at(-1) ?? null) : null
  const searching = shown
    ? await giveUp(ctx, account, state, shown.attempt_number, 'search')
    : await changePayment(ctx, account, state, {
        payment: { payment_status: 'invoked', resolution: 'ok', due_at: now },
      })
  if (searching === 'claimed') return 'claimed'
  if (searching === 'over' || searching === null) return 'nothing'
  // Whatever becomes of it is written by the run itself; a process that dies leaves the payment due for a worker.
  void startRun(ctx, payment.id, (stopping) => startCascade(ctx, account, searching, stopping))
  return 'searching'
}
