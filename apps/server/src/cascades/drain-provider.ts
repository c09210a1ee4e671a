import type { Context } from '../context.ts'
import { setDraining } from './table.ts'

/** Keeps new payments from a provider, or gives them back to it; whatever is open goes on. `false` = nothing changed. */
export async function drainProvider(
  ctx: Pick<Context, 'sql' | 'now'>,
  provider_id: string,
  draining: boolean,
): Promise<boolean> {
  return setDraining(ctx.sql, provider_id, draining, ctx.now())
}
