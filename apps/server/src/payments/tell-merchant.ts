/** The callback a change of a payment owes its merchant, as a part of the statement that writes the change. Contract 16.1. */
import type { Account } from '../accounts/account.ts'
import { insertCallbackEvents } from '../callbacks/insert-callback-events.ts'
import { readCallbackLogs } from '../callbacks/read-logs.ts'
import { isTold } from '../callbacks/rules/when-to-tell.ts'
import type { Context } from '../context.ts'
import type { Fragment } from '../database/connect.ts'
import { currencies } from '../directory/currencies.ts'
import { newId } from '../ids.ts'
import type { Attempt, Payment } from './payment.ts'
import { paymentDocument } from './resource.ts'
import { shownStatus } from './rules/shown-status.ts'

/**
 * CTEs guarded by `moved`, none when nothing is told. `before` is `null` for a new payment. Only a change of status is told;
 * the body is the document as it will be committed.
 */
export async function callbackOf(
  ctx: Context,
  account: Account,
  before: Payment | null,
  after: Payment,
  attempts: readonly Attempt[],
): Promise<readonly Fragment[]> {
  const face = ctx.faces.get(after.source)
  if (face) return face.tell(ctx, account, before, after, attempts)
  const status = shownStatus(after.status)
  if ((before && shownStatus(before.status) === status) || after.callback_url === null) return []
  if (!isTold('payment', status, account.options.callbacks_only_final)) return []
  const logs = before ? ((await readCallbackLogs(ctx.sql, account.id, [after.id])).get(after.id) ?? null) : null
  const exponents = await currencies(ctx)
  const body = JSON.stringify(paymentDocument({ payment: after, account, logs, exponents }))
  const event = {
    id: newId('callback_event', after.updated_at),
    subject_id: after.id,
    test_mode: after.test_mode,
    url: after.callback_url,
    body,
    subject_status: status,
    created_at: after.updated_at,
  }
  return [insertCallbackEvents(ctx.sql, account.id, [event], ctx.sql`moved`)]
}
