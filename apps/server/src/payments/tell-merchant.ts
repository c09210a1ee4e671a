/** The callback a change of a payment owes its merchant, as a part of the statement that writes the change. Contract 16.1. */
import type { Account } from '../accounts/account.ts'
import type { NewCallbackEvent } from '../callbacks/callback-event.ts'
import { insertCallbackEvents } from '../callbacks/insert-callback-events.ts'
import { type CallbackLogs, eventsColumn, readCallbackLogs } from '../callbacks/read-logs.ts'
import { isTold } from '../callbacks/rules/when-to-tell.ts'
import type { Context } from '../context.ts'
import type { Fragment } from '../database/connect.ts'
import { currencies } from '../directory/currencies.ts'
import { newId } from '../ids.ts'
import type { ToldBefore } from './find-payment.ts'
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
  told?: ToldBefore,
): Promise<readonly Fragment[]> {
  const face = ctx.faces.get(after.source)
  if (face) return face.tell(ctx, account, before, after, attempts)
  const status = shownStatus(after.status)
  if ((before && shownStatus(before.status) === status) || after.callback_url === null) return []
  if (!isTold('payment', status, account.options.callbacks_only_final)) return []
  return tell(ctx, account, await newEvent(ctx, account, { before, after, url: after.callback_url, status, told }))
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
  told?: ToldBefore,
): Promise<readonly Fragment[]> {
  const face = ctx.faces.get(after.source)
  if (face) return face.tell(ctx, account, null, after, attempts)
  if (after.callback_url === null) return []
  return tell(
    ctx,
    account,
    await newEvent(ctx, account, {
      before,
      after,
      url: after.callback_url,
      status: shownStatus(after.status),
      told,
    }),
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
  readonly told: ToldBefore | undefined
}

async function newEvent(
  ctx: Context,
  account: Account,
  { before, after, url, status, told }: Told,
): Promise<NewCallbackEvent> {
  const logs = before ? await logsOf(ctx, after, told) : null
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

/** A look that came with the last change may miss what was delivered since: no more than deliveries take to be noted anyway. */
const toldFor_ms = 250

async function logsOf(
  ctx: Context,
  { account_id, id }: Payment,
  told: ToldBefore | undefined,
): Promise<CallbackLogs | null> {
  if (told && performance.now() - told.at < toldFor_ms) return told.logs
  return (await readCallbackLogs(ctx.sql, account_id, [id])).get(id) ?? null
}

/** What the merchant was told of the payment, as a column of its change; `null` = it is not told that way. */
export function lookAtTold(ctx: Context, { account_id, id, source, callback_url }: Payment): Fragment | null {
  return callback_url === null || ctx.faces.has(source) ? null : eventsColumn(ctx.sql, account_id, id)
}
