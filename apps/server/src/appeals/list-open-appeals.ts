import type { Database } from '../database/connect.ts'
import type { Appeal, AppealState } from './appeal.ts'
import { selectOpenAppeals } from './table.ts'

const limit = 200

/** For operators: what waits for whom, the longest over its deadline first; the first 200. `state` = only those. */
export async function listOpenAppeals(sql: Database, state: AppealState | null = null): Promise<Appeal[]> {
  return selectOpenAppeals(sql, { state, limit })
}
