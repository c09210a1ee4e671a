import type { Context } from '../context.ts'
import { updatePollSooner } from './follow-table.ts'

/**
 * The provider is asked about the payment within a second, also after the regular questions have ended: an appeal was opened, or an
 * operator wants to know. `false` = no order of the provider is known.
 */
export async function pollSoon(
  ctx: Pick<Context, 'sql' | 'now'>,
  attempt: { readonly account_id: string; readonly attempt_id: string },
): Promise<boolean> {
  return updatePollSooner(ctx.sql, attempt, ctx.now())
}
