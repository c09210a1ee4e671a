/** SQL of provider events: stored as they came, then handled once. */
import type { Sql } from '../database/connect.ts'

export type StoredEvent = {
  readonly id: string
  readonly gateway_id: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly tries: number
  readonly received_at: Date
}

export async function insertEvent(sql: Sql, event: StoredEvent, due_at: Date): Promise<void> {
  await sql`
    insert into provider_events (id, gateway_id, headers, body, received_at, due_at)
    values (${event.id}, ${event.gateway_id}, ${JSON.stringify(event.headers)}, ${event.body}, ${event.received_at}, ${due_at})`
}

/** Claims due events by a lease, in one statement. */
export async function claimDueEvents(sql: Sql, now: Date, lease_until: Date, limit: number): Promise<StoredEvent[]> {
  return await sql<StoredEvent[]>`
    update provider_events set leased_until = ${lease_until}, tries = tries + 1
    where id in (
      select id from provider_events
      where due_at <= ${now} and (leased_until is null or leased_until < ${now})
      order by due_at limit ${limit}
    ) and due_at <= ${now} and (leased_until is null or leased_until < ${now})
    returning id, gateway_id, headers, body, tries, received_at`
}

/** The event has been dealt with: `handled`, `refused` (not genuine, or of nothing we know) or `failed` (given up). */
export async function finishEvent(
  sql: Sql,
  id: string,
  status: 'handled' | 'refused' | 'failed',
  detail: string,
  now: Date,
): Promise<void> {
  await sql`
    update provider_events set status = ${status}, detail = ${detail}, handled_at = ${now}, due_at = null, leased_until = null
    where id = ${id}`
}

/** Only a try that failed counts as one. */
export async function deferEvent(
  sql: Sql,
  id: string,
  later: { readonly detail: string; readonly due_at: Date; readonly failed: boolean },
): Promise<void> {
  await sql`
    update provider_events set detail = ${later.detail}, due_at = ${later.due_at}, leased_until = null,
      tries = tries - ${later.failed ? 0 : 1}
    where id = ${id}`
}

/** Deletes up to `limit` events with an end whose ids are smaller than `before`; ids sort by arrival. Returns how many. */
export async function deleteOldEvents(sql: Sql, before: string, limit: number): Promise<number> {
  const { count } = await sql`
    delete from provider_events
    where id in (select id from provider_events where id < ${before} and due_at is null order by id limit ${limit})
      and due_at is null`
  return count
}
