import type { Context } from '../context.ts'
import type { Database } from '../database/connect.ts'
import { selectInstructions, updateInstructions } from './table.ts'

/** What the operator tells whoever tops up; empty = nothing, or no such provider. */
export async function readTopUpInstructions(sql: Database, provider_id: string): Promise<string> {
  return (await selectInstructions(sql, provider_id)) ?? ''
}

/** Empty = none any more. */
export async function setTopUpInstructions(
  ctx: Pick<Context, 'sql' | 'now'>,
  provider_id: string,
  text: string,
): Promise<void> {
  await updateInstructions(ctx.sql, provider_id, text, ctx.now())
}
