import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { changePayment } from './change-payment.ts'
import { loadState } from './find-payment.ts'
import { isClosed, type Payment } from './payment.ts'

/** The payer gives up before any details went out: the payment is terminated. Later it is too late, and nothing changes. */
export async function cancelPayment(ctx: Context, account: Account, payment: Payment): Promise<Payment> {
  for (let tries = 0; tries < 5; tries += 1) {
    const state = await loadState(ctx, account.id, payment.id)
    if (isClosed(state.payment) || state.payment.submissions > 0) return state.payment
    const changed = await changePayment(ctx, account, state, {
      payment: { status: 'terminated', resolution: 'ok', payment_status: 'revoked', due_at: null },
    })
    if (changed) return changed.payment
  }
  throw new Error(`payment ${payment.id} kept changing while it was to be cancelled`)
}
