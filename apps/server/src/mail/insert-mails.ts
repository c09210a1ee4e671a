import type { Database, Fragment } from '../database/connect.ts'
import type { NewMail } from './mail.ts'

/**
 * The common table expression that queues mails as part of a business statement; to be put after `with …,`.
 * Nothing is written when `guard`, the name of an expression before it, has no row.
 *
 * @param account_id of the merchant, the provider's own id, or `platform`
 */
export function insertMails(sql: Database, account_id: string, mails: readonly NewMail[], guard: Fragment): Fragment {
  return sql`new_mails as (
    insert into mails (account_id, id, subject_id, audience, recipient, title, body, created_at, due_at)
    select ${account_id}, id, subject_id, audience, recipient, title, body, created_at, created_at
    from json_to_recordset(${JSON.stringify(mails)}::json) as new (id text, subject_id text, audience text, recipient text,
      title text, body text, created_at timestamptz)
    where exists (select 1 from ${guard})
  )`
}
