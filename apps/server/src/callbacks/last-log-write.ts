import type { Database, Fragment } from '../database/connect.ts'

/**
 * A scalar subquery: when a log of the subject was last written by an attempt, `null` before. `account_id` and `subject_id`
 * are columns of the statement around it. The same time as `last_write` of the logs.
 */
export function lastLogWrite(sql: Database, account_id: Fragment, subject_id: Fragment): Fragment {
  return sql`(
    select max(told.processed_at) from callback_events told where told.account_id = ${account_id} and told.subject_id = ${subject_id})`
}
