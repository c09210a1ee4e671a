import type { Context } from '../context.ts'
import { queueNewest } from './table.ts'

/**
 * Makes the newest event of a subject due once more; a worker sends it within moments. One that still waits for a retry comes
 * now instead, as that retry; one that was finished is sent once, without retries. `false` = there is none, or its body is past
 * its retention time. Source: Card API contract, 16.
 */
export async function resendNewest(ctx: Context, account_id: string, subject_id: string): Promise<boolean> {
  return queueNewest(ctx.sql, account_id, subject_id, ctx.now())
}
