import type { Context } from '../context.ts'
import { after, keep_ms } from './rules/clocks.ts'
import { deleteOldFiles } from './thread-table.ts'

const batch = 100

/** Receipts and evidence go a year after their appeal closed; that there was a file, and its hash, stays. */
export async function deleteOldReceipts(ctx: Pick<Context, 'sql' | 'now'>, signal: AbortSignal): Promise<void> {
  const now = ctx.now()
  let deleted = batch
  while (deleted === batch && !signal.aborted)
    deleted = await deleteOldFiles(ctx.sql, { closed_before: after(now, -keep_ms), now, limit: batch })
}
