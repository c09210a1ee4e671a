import type { Context } from '../context.ts'
import { updateLateOrder } from './follow-table.ts'

/** The first question about an order that nobody will pay. Cascade API, 8.3. */
const firstPoll_ms = 60_000

/**
 * The id of an order came after its question was given up: the order is cancelled and asked about, its requisites are never shown.
 * An order that is another payment's already is left alone. Cascade API, 5 and 8.3. `true` = it was new.
 */
export async function noteLateOrder(
  ctx: Pick<Context, 'sql' | 'now' | 'events'>,
  attempt: { readonly account_id: string; readonly id: string },
  provider_reference: string,
): Promise<boolean> {
  const now = ctx.now()
  const noted = await updateLateOrder(ctx.sql, {
    account_id: attempt.account_id,
    attempt_id: attempt.id,
    provider_reference,
    cancel_at: now,
    poll_at: new Date(now.getTime() + firstPoll_ms),
  })
  if (noted === 'unfit') {
    const { account_id, id: attempt_id } = attempt
    ctx.events.alarm('an order came late beside requisites', { account_id, attempt_id, provider_reference })
  }
  return noted === 'noted'
}
