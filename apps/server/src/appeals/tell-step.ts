/** What a step of an appeal owes its merchant: a callback of its own, where the account wants one. */
import { getAccount } from '../accounts/find-account.ts'
import { insertCallbackEvents } from '../callbacks/insert-callback-events.ts'
import type { Context } from '../context.ts'
import type { Fragment } from '../database/connect.ts'
import { currencies } from '../directory/currencies.ts'
import { newId } from '../ids.ts'
import { findPayment } from '../payments/find-payment.ts'
import type { Appeal } from './appeal.ts'
import { appealDocument } from './resource.ts'

/** CTEs guarded by `moved`, none when nothing is told; the body is the appeal as it will be committed. */
export async function callbackOfStep(ctx: Context, before: Appeal | null, after: Appeal): Promise<Fragment[]> {
  if (before?.state === after.state) return []
  const account = await getAccount(ctx, after.account_id)
  if (!account.options.payment_appeals_callbacks) return []
  const payment = await findPayment(ctx, after.account_id, after.payment_id)
  if (!payment?.callback_url || ctx.faces.has(payment.source)) return []
  const event = {
    id: newId('callback_event', after.updated_at),
    subject_id: after.id,
    test_mode: after.test_mode,
    url: payment.callback_url,
    body: JSON.stringify(appealDocument(after, await currencies(ctx))),
    subject_status: after.state,
    created_at: after.updated_at,
  }
  return [insertCallbackEvents(ctx.sql, after.account_id, [event], ctx.sql`moved`)]
}
