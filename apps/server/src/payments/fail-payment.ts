import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { changePayment } from './change-payment.ts'
import { loadState } from './find-payment.ts'
import { isClosed, type Payment } from './payment.ts'
import { failureOf } from './rules/decide.ts'

/** Ends an open payment that no attempt was made for as failed, with the resolution. A closed one stays as it is. */
export async function failPayment(
  ctx: Context,
  account: Account,
  payment: Payment,
  resolution: string,
): Promise<Payment> {
  let state = { payment, attempts: [] } as Awaited<ReturnType<typeof loadState>>
  for (let tries = 0; tries < 5; tries += 1) {
    if (isClosed(state.payment)) return state.payment
    const patch = failureOf({ payment: state.payment, payerMayRetry: false }, resolution)
    const changed = await changePayment(ctx, account, state, { payment: patch })
    if (changed) return changed.payment
    state = await loadState(ctx, account.id, payment.id)
  }
  throw new Error(`payment ${payment.id} kept changing while it was to fail`)
}
