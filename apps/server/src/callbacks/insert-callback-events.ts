import type { Database, Fragment } from '../database/connect.ts'
import type { NewCallbackEvent } from './callback-event.ts'

/**
 * The common table expression that writes events as part of a business statement; to be put after `with …,`.
 * Nothing is written when `guard`, the name of an expression before it, has no row.
 */
export function insertCallbackEvents(
  sql: Database,
  account_id: string,
  events: readonly NewCallbackEvent[],
  guard: Fragment,
): Fragment {
  const rows = events.map((event) => ({ ...event, origin: originOf(event.url) }))
  return sql`new_callback_events as (
    insert into callback_events (account_id, id, subject_id, test_mode, url, origin, body, subject_status, shop_id, created_at, due_at)
    select ${account_id}, id, subject_id, test_mode, url, origin, body, subject_status, shop_id, created_at, created_at
    from json_to_recordset(${JSON.stringify(rows)}::json) as new (id text, subject_id text, test_mode boolean, url text,
      origin text, body text, subject_status text, shop_id integer, created_at timestamptz)
    where exists (select 1 from ${guard})
  )`
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url
}
