import type { Database, Transaction } from './connect.ts'

/** In the caller's transaction if there is one, else in one of its own. */
export async function inTransaction<T>(sql: Database, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return 'begin' in sql ? ((await sql.begin(work)) as T) : work(sql)
}
