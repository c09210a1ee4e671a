import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import type { Payment } from '../payments/payment.ts'
import { extraPoll_ms } from './rules/poll-schedule.ts'
import { updateCheckNow } from './table.ts'

/** The page asks for news: at most one question more in five seconds. `false` = there was one just now, or nothing to ask about. */
export async function checkNow(ctx: Context, account: Account, payment: Payment): Promise<boolean> {
  const now = ctx.now()
  const asked_before = new Date(now.getTime() - extraPoll_ms)
  return updateCheckNow(ctx.sql, { account_id: account.id, payment_id: payment.id }, { now, asked_before })
}
