import type { Context } from '../context.ts'
import { bySystem } from './by-system.ts'
import { type Moved, moveAppeal } from './move-appeal.ts'
import type { AppealKey } from './table.ts'

/** What the provider has agreed to is settled: payment, merchant's books and provider's balance in one commit. P7. */
export async function settleAccepted(ctx: Context, key: AppealKey): Promise<Moved> {
  return moveAppeal(ctx, key, { actor: bySystem, act: { type: 'confirm' } })
}
