import type { Context } from '../context.ts'
import { clearOldMails as clear } from './table.ts'

const retention_days = 30
const day_ms = 86_400_000
const batch = 1000

/** Forgets whom old mails went to and what they said; that there was one stays. */
export async function clearOldMails(ctx: Pick<Context, 'sql' | 'now'>, signal?: AbortSignal): Promise<void> {
  const now = ctx.now()
  const before = new Date(now.getTime() - retention_days * day_ms)
  let cleared = batch
  while (cleared === batch && !signal?.aborted) cleared = await clear(ctx.sql, before, now, batch)
}
