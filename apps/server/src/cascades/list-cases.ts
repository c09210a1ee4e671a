import type { Database } from '../database/connect.ts'
import { type CaseFilter, selectCases } from './case-table.ts'
import type { ProviderCase } from './provider-case.ts'

const limit_max = 200

/** Cases that fit, newest first; the cursor is the id of the last one of the page before. */
export async function listCases(sql: Database, filter: CaseFilter, limit: number): Promise<ProviderCase[]> {
  return selectCases(sql, filter, Math.min(limit, limit_max))
}
