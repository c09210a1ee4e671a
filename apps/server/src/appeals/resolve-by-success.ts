import { findProviderPayment } from '../cascades/find-provider-payment.ts'
import type { Context } from '../context.ts'
import { bySystem } from './by-system.ts'
import { type Moved, moveAppeal } from './move-appeal.ts'
import { selectAppealsOfPayment } from './table.ts'

/**
 * The payment itself has succeeded meanwhile: an open appeal of the same amount has nothing left to claim, and closes. P11. `null` =
 * there is no such appeal. Whoever books a success calls this after its commit; the worker does where that was missed.
 */
export async function resolveBySuccess(
  ctx: Context,
  of: { readonly account_id: string; readonly payment_id: string },
): Promise<Moved | null> {
  const appeals = await selectAppealsOfPayment(ctx.sql, of.account_id, of.payment_id)
  const open = appeals.find(({ closed_at }) => closed_at === null)
  if (!open || open.amount_minor !== open.original_minor) return null
  const row = await findProviderPayment(ctx.sql, open.account_id, open.attempt_id)
  if (row?.state !== 'success') return null
  return moveAppeal(ctx, open, { actor: bySystem, act: { type: 'resolve_by_success' } })
}
