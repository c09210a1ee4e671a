import type { Database } from '../database/connect.ts'
import { type Correction, selectCorrections } from './correction-table.ts'

const limit_max = 500

/** Newest first, the last 500. */
export async function listCorrections(sql: Database, provider_id: string, test_mode: boolean): Promise<Correction[]> {
  return selectCorrections(sql, provider_id, test_mode, limit_max)
}
