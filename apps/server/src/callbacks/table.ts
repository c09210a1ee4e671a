/** SQL of callback events and their attempts. */
import type { Database, Fragment } from '../database/connect.ts'
import type { CallbackStatus, ClaimedCallback, TriedCallback } from './callback-event.ts'

const claimed = (sql: Database) => sql`
  account_id, id, test_mode, url, origin, body, status, attempts, manual_attempts, resend, shop_id, leased_until`

/**
 * One worker at a time claims from a line (or, with an empty name, what stands in none); another one gets nothing and comes
 * again. Two claims of many rows at once would lock them in different orders and stop each other dead.
 */
const turn = (sql: Database, line: string) => sql`
  turn as materialized (
    select pg_try_advisory_xact_lock(hashtext('callback_events'), hashtext(${line})) as mine
  )`

/** Leases due events that stand in no line. One statement; the repeated condition keeps two workers from taking one row. */
export async function claimNewEvents(
  sql: Database,
  claim: { readonly now: Date; readonly leased_until: Date; readonly limit: number },
): Promise<ClaimedCallback[]> {
  return await sql<ClaimedCallback[]>`
    with ${turn(sql, '')}
    update callback_events set leased_until = ${claim.leased_until}
    where (select mine from turn) and (account_id, id) in (
        select account_id, id from callback_events
        where due_at <= ${claim.now} and not in_line and (leased_until is null or leased_until < ${claim.now})
        order by due_at limit ${claim.limit})
      and due_at <= ${claim.now} and not in_line and (leased_until is null or leased_until < ${claim.now})
    returning ${claimed(sql)}`
}

/**
 * The origins whose lines have something due, longest waiting first. Walks from origin to origin through the index, so the
 * time it takes depends on the number of lines, not on their length.
 */
export async function selectDueLines(sql: Database, now: Date): Promise<string[]> {
  const rows = await sql<{ origin: string }[]>`
    with recursive line as (
      (select origin, due_at from callback_events
        where due_at is not null and in_line and (leased_until is null or leased_until < ${now})
        order by origin, due_at limit 1)
      union all
      select next.origin, next.due_at from line cross join lateral (
        select origin, due_at from callback_events
        where due_at is not null and in_line and (leased_until is null or leased_until < ${now}) and origin > line.origin
        order by origin, due_at limit 1) as next
    )
    select origin from line where due_at <= ${now} order by due_at`
  return rows.map(({ origin }) => origin)
}

/** Leases due events from the line of one origin. */
export async function claimEventsInLine(
  sql: Database,
  claim: { readonly origin: string; readonly now: Date; readonly leased_until: Date; readonly limit: number },
): Promise<ClaimedCallback[]> {
  return await sql<ClaimedCallback[]>`
    with ${turn(sql, claim.origin)}
    update callback_events set leased_until = ${claim.leased_until}
    where (select mine from turn) and (account_id, id) in (
        select account_id, id from callback_events
        where origin = ${claim.origin} and due_at <= ${claim.now} and in_line
          and (leased_until is null or leased_until < ${claim.now})
        order by due_at limit ${claim.limit})
      and due_at <= ${claim.now} and in_line and (leased_until is null or leased_until < ${claim.now})
    returning ${claimed(sql)}`
}

/** Gives leased events back, into the lines of their origins, if the lease is still ours. They stay due. */
export async function putInLine(sql: Database, events: readonly ClaimedCallback[]): Promise<void> {
  const keys = events.map(({ account_id, id, leased_until }) => ({ account_id, id, leased_until }))
  await sql`
    update callback_events set in_line = true, leased_until = null
    from json_to_recordset(${JSON.stringify(keys)}::json) as k (account_id text, id text, leased_until timestamptz)
    where callback_events.account_id = k.account_id and callback_events.id = k.id
      and callback_events.leased_until = k.leased_until`
}

/**
 * Writes down how a leased attempt ended, if the lease is still ours; `false` = somebody else has taken the event over.
 * `next` of a resend leaves the status as it stands unless the event is delivered now.
 */
export async function finishAttempt(
  sql: Database,
  event: ClaimedCallback,
  tried: TriedCallback,
  next: { readonly status: CallbackStatus; readonly due_at: Date | null },
): Promise<boolean> {
  const kept = event.resend && !tried.delivered
  const { count } = await sql`
    with finished as (
      update callback_events set status = ${kept ? sql`status` : sql`${next.status}`}, due_at = ${next.due_at},
        response_code = ${tried.response_code}, processed_at = ${tried.ended_at}, attempts = attempts + ${event.resend ? 0 : 1},
        manual_attempts = manual_attempts + ${event.resend ? 1 : 0}, leased_until = null, in_line = true, resend = false
      where account_id = ${event.account_id} and id = ${event.id} and leased_until = ${event.leased_until}
      returning attempts, manual_attempts
    )
    insert into callback_attempts (account_id, event_id, manual, number, url, response_code, error, duration_ms, response_text, created_at)
    select ${event.account_id}, ${event.id}, ${event.resend},
      case when ${event.resend} then manual_attempts else attempts end, ${tried.url}, ${tried.response_code},
      ${tried.error}, ${tried.duration_ms}, ${tried.response_text}, ${tried.started_at}
    from finished`
  return count === 1
}

/**
 * Writes down a delivery by hand. One that reached the event's own URL ends the automatic attempts, also one that is under
 * way: its lease goes. One that reached another URL ends nothing, but a failed event counts as done.
 */
export async function recordResend(
  sql: Database,
  event: { readonly account_id: string; readonly id: string },
  tried: TriedCallback,
): Promise<void> {
  await sql`
    with resent as (
      update callback_events set response_code = ${tried.response_code}, processed_at = ${tried.ended_at},
        manual_attempts = manual_attempts + 1,
        status = case when ${tried.delivered} and (url = ${tried.url} or status = 'failed') then 'done' else status end,
        due_at = case when ${tried.delivered} and url = ${tried.url} then null else due_at end,
        leased_until = case when ${tried.delivered} and url = ${tried.url} then null else leased_until end,
        resend = resend and not (${tried.delivered} and url = ${tried.url})
      where account_id = ${event.account_id} and id = ${event.id}
      returning manual_attempts
    )
    insert into callback_attempts (account_id, event_id, manual, number, url, response_code, error, duration_ms, response_text, created_at)
    select ${event.account_id}, ${event.id}, true, manual_attempts, ${tried.url}, ${tried.response_code}, ${tried.error},
      ${tried.duration_ms}, ${tried.response_text}, ${tried.started_at}
    from resent`
}

export type StoredCallback = Omit<ClaimedCallback, 'leased_until' | 'origin'> & { readonly due_at: Date | null }

/** The event of an id. It is looked for among those made around `made_at`, which an index of a few pages answers. */
export async function selectEvent(sql: Database, id: string, made_at: Date): Promise<StoredCallback | null> {
  const hour_ms = 3_600_000
  const [row] = await sql<StoredCallback[]>`
    select account_id, id, test_mode, url, body, status, attempts, manual_attempts, resend, shop_id, due_at
    from callback_events
    where id = ${id} and created_at between ${new Date(made_at.getTime() - hour_ms)} and ${new Date(made_at.getTime() + hour_ms)}`
  return row ?? null
}

export type ResendPeriod = { readonly from: Date; readonly to: Date; readonly now: Date }

/**
 * Makes up to `limit` of an account's events of a period due once more, in the order of their ids, after the given one. Those
 * still queued come now instead of later; those that are due or being sent are left alone. Returns how many were made due and
 * the last id looked at, `null` = there are no more.
 */
export async function queueResend(
  sql: Database,
  account_id: string,
  period: ResendPeriod,
  page: { readonly after: string; readonly before: string; readonly limit: number },
): Promise<{ queued: number; last: string | null }> {
  const [row] = await sql<{ queued: number; last: string | null }[]>`
    with page as materialized (
      select id from callback_events
      where account_id = ${account_id} and id > ${page.after} and id < ${page.before}
        and created_at >= ${period.from} and created_at < ${period.to}
      order by id limit ${page.limit}
    ), queued as (
      update callback_events set due_at = ${period.now}, in_line = true, resend = status <> 'queued', leased_until = null
      where account_id = ${account_id} and id = any (array(select id from page)) and body is not null
        and (due_at is null or due_at > ${period.now}) and (leased_until is null or leased_until < ${period.now})
      returning id
    )
    select (select count(*)::int from queued) as queued, (select max(id) from page) as last`
  return row!
}

/** Makes the newest event of a subject due once more; one that still waits comes now. `false` = there is none with a body. */
export async function queueNewest(sql: Database, account_id: string, subject_id: string, now: Date): Promise<boolean> {
  const rows = await sql`
    update callback_events set due_at = ${now}, in_line = true, resend = status <> 'queued'
    where account_id = ${account_id} and body is not null and id = (
      select id from callback_events where account_id = ${account_id} and subject_id = ${subject_id} order by id desc limit 1)
    returning id`
  return rows.length === 1
}

export type LoggedEvent = {
  readonly subject_id: string
  readonly subject_status: string
  readonly status: CallbackStatus
  readonly response_code: number | null
  readonly processed_at: Date | null
  readonly created_at: Date
}

/** All events of the subjects, in the order they were made. */
export async function selectEventsOfSubjects(
  sql: Database,
  account_id: string,
  subject_ids: readonly string[],
): Promise<LoggedEvent[]> {
  return await sql<LoggedEvent[]>`
    select subject_id, subject_status, status, response_code, processed_at, created_at
    from callback_events where account_id = ${account_id} and subject_id = any (${[...subject_ids]}::text[])
    order by id`
}

/** The events of one subject as a column of another statement, for `logsIn`. */
export function eventsColumn(sql: Database, account_id: string, subject_id: string): Fragment {
  return sql`(
    select json_agg(json_build_object('subject_status', subject_status, 'status', status, 'response_code', response_code,
      'processed_at', processed_at, 'created_at', created_at) order by id)
    from callback_events where account_id = ${account_id} and subject_id = ${subject_id})`
}

export type Old = { readonly since: Date; readonly before: Date; readonly limit: number }

/** Removes the bodies of finished events made between the two times. Returns how many. */
export async function clearOldBodies(sql: Database, old: Old): Promise<number> {
  const { count } = await sql`
    update callback_events set body = null
    where (account_id, id) in (
        select account_id, id from callback_events
        where created_at >= ${old.since} and created_at < ${old.before} and body is not null and due_at is null
        limit ${old.limit})
      and due_at is null`
  return count
}

/** Deletes attempts made between the two times. Returns how many. */
export async function deleteOldAttempts(sql: Database, old: Old): Promise<number> {
  const { count } = await sql`
    delete from callback_attempts
    where (account_id, event_id, manual, number) in (
      select account_id, event_id, manual, number from callback_attempts
      where created_at >= ${old.since} and created_at < ${old.before} limit ${old.limit})`
  return count
}
