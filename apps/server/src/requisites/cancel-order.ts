import type { Outcome } from '@cascad/connector'
import { openCase } from '../cascades/open-case.ts'
import type { Context } from '../context.ts'
import { sendVoid } from '../payments/call-gateway.ts'
import { loadState } from '../payments/find-payment.ts'
import { getGateway } from '../routing/load-routing.ts'
import { nextCancel } from './rules/poll-schedule.ts'
import { type Followed, selectIsAnothers, updateCancelSent } from './table.ts'

/**
 * Tells the provider that nobody is to pay any more, and again until it has answered. That proves nothing about the payer: the
 * payment is asked about all the same. Cascade API, 3.3, 4.3, 5.
 */
export async function cancelOrder(ctx: Context, row: Followed): Promise<void> {
  const sent_at = ctx.now()
  // Its own success, or an order that turned out to be another payment's: nobody is to cancel that.
  if (row.state === 'success' || (row.orphan && (await selectIsAnothers(ctx.sql, row)))) {
    const { cancel_tries } = row
    return void (await updateCancelSent(ctx.sql, row, { cancel_at: null, cancel_tries, cancel_status: null }))
  }
  const status = statusOf(await send(ctx, row))
  const cancel_tries = row.cancel_tries + 1
  if (status !== null) {
    return void (await updateCancelSent(ctx.sql, row, { cancel_at: null, cancel_tries, cancel_status: status }))
  }
  const next = nextCancel(cancel_tries, sent_at)
  const cancel_status = next === null ? 'undelivered' : 'needed'
  const written = await updateCancelSent(ctx.sql, row, { cancel_at: next, cancel_tries, cancel_status })
  if (!written || next !== null) return
  await openCase(ctx, ctx.sql, { ...row, kind: 'cancel_undelivered', detail: `sent ${cancel_tries} times, no answer` })
}

async function send(ctx: Context, row: Followed): Promise<Outcome> {
  const { attempts } = await loadState(ctx, row.account_id, row.payment_id)
  const attempt = attempts.find(({ id }) => id === row.attempt_id)
  if (!attempt) throw new Error(`payment ${row.payment_id} has no attempt ${row.attempt_id}`)
  const gateway = await getGateway(ctx, row.gateway_id)
  if (!gateway) return { type: 'not_sent', detail: `gateway ${row.gateway_id} is gone` }
  const { provider_reference } = row
  return sendVoid(ctx, gateway, { ...attempt, provider_reference }, `cancel:${attempt.id}`)
}

/** `null` = to be sent again. */
function statusOf({ type }: Outcome): 'delivered' | 'declined' | null {
  if (type === 'declined') return 'declined'
  return type === 'pending' || type === 'approved' ? 'delivered' : null
}
