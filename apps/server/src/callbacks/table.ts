/** SQL of callback events and their attempts. */
import type { Database } from '../database/connect.ts'
import type { CallbackStatus, ClaimedCallback, TriedCallback } from './callback-event.ts'

const claimed = (sql: Database) => sql`
  account_id, id, test_mode, url, origin, body, status, attempts, manual_attempts, resend, leased_until`

/** Leases due events that stand in no line. One statement; the repeated condition keeps two workers from taking one row. */
export async function claimNewEvents(
  sql: Database,
  claim: { readonly now: Date; readonly leased_until: Date; readonly limit: number },
): Promise<ClaimedCallback[]> {
  return await sql<ClaimedCallback[]>`
    update callback_events set leased_until = ${claim.leased_until}
    where (account_id, id) in (
        select account_id, id from callback_events
        where due_at <= ${claim.now} and not in_line and (leased_until is null or leased_until < ${claim.now})
        order by due_at limit ${claim.limit})
      and due_at <= ${claim.now} and not in_line and (leased_until is null or leased_until < ${claim.now})
    returning ${claimed(sql)}`
}

/** Leases due events that stand in the lines of their origins; origins that have enough in hand are passed over. */
export async function claimEventsInLine(
  sql: Database,
  claim: {
    readonly now: Date
    readonly leased_until: Date
    readonly limit: number
    readonly except: readonly string[]
  },
): Promise<ClaimedCallback[]> {
  return await sql<ClaimedCallback[]>`
    update callback_events set leased_until = ${claim.leased_until}
    where (account_id, id) in (
        select account_id, id from callback_events
        where due_at <= ${claim.now} and in_line and (leased_until is null or leased_until < ${claim.now})
          and origin <> all (${[...claim.except]}::text[])
        order by due_at limit ${claim.limit})
      and due_at <= ${claim.now} and in_line and (leased_until is null or leased_until < ${claim.now})
    returning ${claimed(sql)}`
}

/** Gives leased events back, into the lines of their origins. They stay due. */
export async function putInLine(sql: Database, events: readonly ClaimedCallback[]): Promise<void> {
  const keys = events.map(({ account_id, id, leased_until }) => ({ account_id, id, leased_until }))
  await sql`
    update callback_events set in_line = true, leased_until = null
    from json_to_recordset(${JSON.stringify(keys)}::json) as k (account_id text, id text, leased_until timestamptz)
    where callback_events.account_id = k.account_id and callback_events.id = k.id
      and callback_events.leased_until = k.leased_until`
}

/**
 * Writes down how a leased attempt ended, if the lease is still ours. Returns the number of the attempt, or `null` when
 * somebody else has taken the event over.
 */
export async function finishAttempt(
  sql: Database,
  event: ClaimedCallback,
  tried: TriedCallback,
  next: { readonly status: CallbackStatus; readonly due_at: Date | null },
): Promise<number | null> {
  const [row] = await sql<{ number: number }[]>`
    with finished as (
      update callback_events set status = ${next.status}, due_at = ${next.due_at}, response_code = ${tried.response_code},
        processed_at = ${tried.ended_at}, attempts = attempts + ${event.resend ? 0 : 1},
        manual_attempts = manual_attempts + ${event.resend ? 1 : 0}, leased_until = null, in_line = true, resend = false
      where account_id = ${event.account_id} and id = ${event.id} and leased_until = ${event.leased_until}
      returning attempts, manual_attempts
    )
    insert into callback_attempts (account_id, event_id, manual, number, url, response_code, error, duration_ms, created_at)
    select ${event.account_id}, ${event.id}, ${event.resend},
      case when ${event.resend} then manual_attempts else attempts end, ${tried.url}, ${tried.response_code},
      ${tried.error}, ${tried.duration_ms}, ${tried.started_at}
    from finished
    returning number`
  return row?.number ?? null
}

/**
 * Writes down a delivery by hand. `done` ends the automatic attempts as well, also one that is under way: its lease goes.
 */
export async function recordResend(
  sql: Database,
  event: { readonly account_id: string; readonly id: string },
  tried: TriedCallback,
  done: boolean,
): Promise<number> {
  const [row] = await sql<{ number: number }[]>`
    with resent as (
      update callback_events set response_code = ${tried.response_code}, processed_at = ${tried.ended_at},
        manual_attempts = manual_attempts + 1,
        status = case when ${done} then 'done' else status end,
        due_at = case when ${done} then null else due_at end,
        leased_until = case when ${done} then null else leased_until end
      where account_id = ${event.account_id} and id = ${event.id}
      returning manual_attempts
    )
    insert into callback_attempts (account_id, event_id, manual, number, url, response_code, error, duration_ms, created_at)
    select ${event.account_id}, ${event.id}, true, manual_attempts, ${tried.url}, ${tried.response_code}, ${tried.error},
      ${tried.duration_ms}, ${tried.started_at}
    from resent
    returning number`
  return row!.number
}

export type StoredCallback = Omit<ClaimedCallback, 'leased_until'> & { readonly due_at: Date | null }

export async function selectEvent(sql: Database, id: string): Promise<StoredCallback | null> {
  const [row] = await sql<StoredCallback[]>`
    select account_id, id, test_mode, url, origin, body, status, attempts, manual_attempts, resend, due_at
    from callback_events where id = ${id}`
  return row ?? null
}

/** Makes an account's events of a period due once more. Those still queued come now instead of later. */
export async function queueResend(
  sql: Database,
  account_id: string,
  period: { readonly from: Date; readonly to: Date; readonly now: Date },
): Promise<number> {
  const { count } = await sql`
    update callback_events set due_at = ${period.now}, in_line = true, resend = status <> 'queued'
    where account_id = ${account_id} and created_at >= ${period.from} and created_at < ${period.to}
      and body is not null and (due_at is null or due_at > ${period.now})
      and (leased_until is null or leased_until < ${period.now})`
  return count
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

/** Removes the bodies of up to `limit` finished events made before `before`. */
export async function clearOldBodies(sql: Database, before: Date, limit: number): Promise<number> {
  const { count } = await sql`
    update callback_events set body = null
    where (account_id, id) in (
        select account_id, id from callback_events
        where created_at < ${before} and body is not null and due_at is null limit ${limit})
      and due_at is null`
  return count
}

/** Deletes up to `limit` attempts made before `before`. */
export async function deleteOldAttempts(sql: Database, before: Date, limit: number): Promise<number> {
  const { count } = await sql`
    delete from callback_attempts
    where (account_id, event_id, manual, number) in (
      select account_id, event_id, manual, number from callback_attempts where created_at < ${before} limit ${limit})`
  return count
}
