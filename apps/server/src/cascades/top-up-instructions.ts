import type { Database } from '../database/connect.ts'
import { selectInstructions } from './table.ts'

/** What the operator tells whoever tops up; empty = nothing, or no such provider. */
export async function readTopUpInstructions(sql: Database, provider_id: string): Promise<string> {
  return (await selectInstructions(sql, provider_id)) ?? ''
}
