/** The callback a change of a payment owes its merchant, as a part of the statement that writes the change. Contract 16.1. */
import type { Account } from '../accounts/account.ts'
import type { NewCallbackEvent } from '../callbacks/callback-event.ts'
import { insertCallbackEvents } from '../callbacks/insert-callback-events.ts'
import { readCallbackLogs } from '../callbacks/read-logs.ts'
import { isTold } from '../callbacks/rules/when-to-tell.ts'
import type { Context } from '../context.ts'
import type { Fragment } from '../database/connect.ts'
import { currencies } from '../directory/currencies.ts'
import { newId } from '../ids.ts'
import type { Attempt, Payment } from './payment.ts'
import { paymentDocument } from './resource.ts'
import { type ShownStatus, shownStatus } from './rules/shown-status.ts'

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
  return tell(ctx, account, await newEvent(ctx, account, { before, after, url: after.callback_url, status }))
}

/**
 * The same for amounts that were corrected under a status the merchant was told before. Like a resend by hand it is not bound by
 * what the account wants to be told, but it has the document as it is now, so it is an event of its own. Cascade API, 11.4.
 */
export async function callbackAgain(
  ctx: Context,
  account: Account,
  before: Payment,
  after: Payment,
  attempts: readonly Attempt[],
): Promise<readonly Fragment[]> {
  const face = ctx.faces.get(after.source)
  if (face) return face.tell(ctx, account, null, after, attempts)
  if (after.callback_url === null) return []
  return tell(
    ctx,
    account,
    await newEvent(ctx, account, { before, after, url: after.callback_url, status: shownStatus(after.status) }),
  )
}

function tell(ctx: Context, account: Account, event: NewCallbackEvent): readonly Fragment[] {
  return [insertCallbackEvents(ctx.sql, account.id, [event], ctx.sql`moved`)]
}

type Told = {
  readonly before: Payment | null
  readonly after: Payment
  readonly url: string
  readonly status: ShownStatus
}

async function newEvent(
  ctx: Context,
  account: Account,
  { before, after, url, status }: Told,
): Promise<NewCallbackEvent> {
  const logs = before ? ((await readCallbackLogs(ctx.sql, account.id, [after.id])).get(after.id) ?? null) : null
  const exponents = await currencies(ctx)
  return {
    id: newId('callback_event', after.updated_at),
    subject_id: after.id,
    test_mode: after.test_mode,
    url,
    body: JSON.stringify(paymentDocument({ payment: after, account, logs, exponents })),
    subject_status: status,
    created_at: after.updated_at,
  }
}
