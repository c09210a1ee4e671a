import type { Context } from '../context.ts'
import { deleteCalls } from './provider-call-table.ts'

const retention_days = 30
const day_ms = 86_400_000
const batch = 5_000

/** Forgets calls of providers' endpoints after 30 days. */
export async function clearOldCalls(ctx: Pick<Context, 'sql' | 'now'>, signal?: AbortSignal): Promise<void> {
  const before = new Date(ctx.now().getTime() - retention_days * day_ms)
  let deleted = batch
  while (deleted === batch && !signal?.aborted) deleted = await deleteCalls(ctx.sql, before, batch)
}
