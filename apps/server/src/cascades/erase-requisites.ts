import type { Context } from '../context.ts'
import { updateErased } from './follow-table.ts'

const retention_days = 90
const day_ms = 86_400_000
const batch = 1_000

/** Erases owners and numbers 90 days after the last thing that happened to their payment; the masks stay. Cascade API, 15. */
export async function eraseRequisites(ctx: Pick<Context, 'sql' | 'now'>, signal?: AbortSignal): Promise<void> {
  const before = new Date(ctx.now().getTime() - retention_days * day_ms)
  let erased = batch
  while (erased === batch && !signal?.aborted) erased = await updateErased(ctx.sql, before, batch)
}
