import type { Database } from '../database/connect.ts'
import { type ProviderCall, selectCalls } from './provider-call-table.ts'

const calls_max = 1_000

/** The calls about one attempt, oldest first, at most a thousand. Those of the last second may be missing. */
export async function readCalls(sql: Database, attempt_id: string): Promise<ProviderCall[]> {
  return selectCalls(sql, attempt_id, calls_max)
}
