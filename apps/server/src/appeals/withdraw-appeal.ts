import type { Context } from '../context.ts'
import type { Actor } from './appeal.ts'
import { type Moved, moveAppeal } from './move-appeal.ts'
import type { AppealKey } from './table.ts'

/** The opener takes his appeal back: what was frozen is given back, the provider is told. P11. */
export async function withdrawAppeal(ctx: Context, key: AppealKey, actor: Actor): Promise<Moved> {
  return moveAppeal(ctx, key, { actor, act: { type: 'withdraw' } })
}
