import type { Context } from '../context.ts'
import { isId, timeOfId } from '../ids.ts'
import type { TriedCallback } from './callback-event.ts'
import { sendEvent } from './send-event.ts'
import { recordResend, selectEvent } from './table.ts'

export type Resent =
  | { readonly type: 'tried'; readonly tried: TriedCallback }
  | { readonly type: 'not_found' }
  /** The body is past its retention time. */
  | { readonly type: 'forgotten' }

/**
 * Sends one event once more by hand, whatever its status: the same body and id, signed afresh, to its own or another URL. Its
 * entry in the logs shows the result. Delivered to its own URL, it needs no further attempts; otherwise those go on as
 * planned. Source: merchant API contract, 16.4; targets: 16.6.
 */
export async function resendCallback(ctx: Context, id: string, url?: string): Promise<Resent> {
  const event = isId('callback_event', id) ? await selectEvent(ctx.sql, id, timeOfId(id)) : null
  if (!event) return { type: 'not_found' }
  if (event.body === null) return { type: 'forgotten' }
  const tried = await sendEvent(ctx, event, url ?? event.url, {
    number: event.attempts + event.manual_attempts + 1,
    next_ms: event.due_at?.getTime() ?? null,
  })
  await recordResend(ctx.sql, event, tried)
  return { type: 'tried', tried }
}
