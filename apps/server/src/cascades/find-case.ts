import type { Database } from '../database/connect.ts'
import { selectCase } from './case-table.ts'
import type { ProviderCase } from './provider-case.ts'

/** `null` = there is none of this id. */
export async function findCase(sql: Database, id: string): Promise<ProviderCase | null> {
  return selectCase(sql, id)
}
