import type { Context } from '../context.ts'
import { queueNewest } from './table.ts'

/** Sends the newest event of a subject once more, soon. `false` = there is none, or its body is past its retention time. */
export async function resendNewest(ctx: Context, account_id: string, subject_id: string): Promise<boolean> {
  return queueNewest(ctx.sql, account_id, subject_id, ctx.now())
}
