import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { transfersOfReserveRelease } from '../ledger/rules/payment-transfers.ts'
import { occasionOf, stampOf } from './book.ts'
import { changePayment } from './change-payment.ts'
import type { State } from './find-payment.ts'
import { restUntil } from './rules/rest-until.ts'

/** The reserve's time is over: its amount moves to the active balance. `reserved_amount` keeps its value (contract 18.5). */
export async function releaseReserve(ctx: Context, account: Account, state: State): Promise<void> {
  const { payment } = state
  if (payment.reserved_amount_minor === null || payment.unreserved !== false) return
  await changePayment(ctx, account, state, {
    payment: { unreserved: true, due_at: restUntil({ ...payment, unreserved: true }, ctx.now()) },
    transfers: transfersOfReserveRelease(
      { ...occasionOf(account, payment), reserved_amount_minor: payment.reserved_amount_minor },
      stampOf(ctx),
    ),
  })
}
