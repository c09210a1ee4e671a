/** Lets time pass for the stored rows instead of waiting: everything stored happened that much longer ago, and is due sooner. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Sql } from '../../apps/server/src/database/connect.ts'

/** Only while nobody is in the middle of a call: a call that is under way would look older than it is. */
export async function letPass(sql: Sql, seconds: number): Promise<void> {
  const passed = `${seconds} seconds`
  await sql.begin(async (tx) => {
    await tx`update payments set created_at = created_at - ${passed}::interval, expires_at = expires_at - ${passed}::interval, due_at = due_at - ${passed}::interval,
      reserve_expires_at = reserve_expires_at - ${passed}::interval, leased_until = leased_until - ${passed}::interval
      where due_at is not null or exists (
        select 1 from attempts a where a.account_id = payments.account_id and a.payment_id = payments.id and a.status = 'incomplete'
      )`
    await tx`update attempts set sent_at = sent_at - ${passed}::interval, not_found_at = not_found_at - ${passed}::interval
      where status in ('sent', 'incomplete', 'unknown')`
    await tx`update operations set created_at = created_at - ${passed}::interval, due_at = due_at - ${passed}::interval, leased_until = leased_until - ${passed}::interval
      where due_at is not null`
    await tx`update provider_payments set requested_at = requested_at - ${passed}::interval, issued_at = issued_at - ${passed}::interval,
      expires_at = expires_at - ${passed}::interval, finalise_at = finalise_at - ${passed}::interval, ended_at = ended_at - ${passed}::interval,
      paid_at = paid_at - ${passed}::interval, claimed_at = claimed_at - ${passed}::interval, not_found_since = not_found_since - ${passed}::interval, polled_at = polled_at - ${passed}::interval,
      poll_at = poll_at - ${passed}::interval, cancel_at = cancel_at - ${passed}::interval, leased_until = leased_until - ${passed}::interval
      where due_at is not null or state = 'requested'`
    await tx`update appeals set opened_at = opened_at - ${passed}::interval, submitted_at = submitted_at - ${passed}::interval,
      verdict_at = verdict_at - ${passed}::interval, arbitration_at = arbitration_at - ${passed}::interval, closed_at = closed_at - ${passed}::interval,
      promised_at = promised_at - ${passed}::interval, deadline_at = deadline_at - ${passed}::interval, remind_at = remind_at - ${passed}::interval,
      check_at = check_at - ${passed}::interval, send_at = send_at - ${passed}::interval, leased_until = leased_until - ${passed}::interval
      where closed_at is null or due_at is not null`
    await tx`update provider_settlements set updated_at = updated_at - ${passed}::interval where appeal_id is not null`
    await tx`update connection_pauses set until = until - ${passed}::interval`
    await tx`update provider_events set due_at = due_at - ${passed}::interval, leased_until = leased_until - ${passed}::interval
      where due_at is not null`
    await tx`update callback_events set due_at = due_at - ${passed}::interval, leased_until = leased_until - ${passed}::interval
      where due_at is not null`
  })
}

/** What a dead worker has taken is free again, as it will be when its lease runs out. Only while no worker runs. */
export async function endLeases(sql: Sql): Promise<void> {
  await sql`update payments set leased_until = null where leased_until is not null`
  await sql`update operations set leased_until = null where leased_until is not null`
  await sql`update provider_events set leased_until = null where leased_until is not null`
  await sql`update provider_payments set leased_until = null where leased_until is not null`
  await sql`update appeals set leased_until = null where leased_until is not null`
  await sql`update callback_events set leased_until = null where leased_until is not null`
}

/** Rows a worker has to do now or has in hand, by table. */
export async function workNow(sql: Sql): Promise<Record<string, number>> {
  const [row] = await sql<Record<string, number>[]>`
    select
      (select count(*)::int from payments where due_at <= now() or leased_until > now()) as payments,
      (select count(*)::int from operations where due_at <= now() or leased_until > now()) as operations,
      (select count(*)::int from provider_events where due_at <= now() or leased_until > now()) as provider_events,
      (select count(*)::int from provider_payments where due_at <= now() or leased_until > now()) as provider_payments,
      (select count(*)::int from appeals where due_at <= now() or leased_until > now()) as appeals,
      (select count(*)::int from callback_events where due_at <= now() or leased_until > now()) as callbacks`
  return row ?? {}
}

/** Waits until the workers have nothing left that is due. */
export async function untilIdle(sql: Sql, timeout_ms = 60_000): Promise<void> {
  const ends_at = performance.now() + timeout_ms
  for (;;) {
    const work = await workNow(sql)
    if (Object.values(work).every((count) => count === 0)) return
    if (performance.now() > ends_at)
      throw new Error(`the workers are not done after ${timeout_ms} ms: ${JSON.stringify(work)}`)
    await sleep(100)
  }
}

/** Waits for a condition that comes true by itself. */
export async function until(what: string, holds: () => Promise<boolean> | boolean, timeout_ms = 90_000): Promise<void> {
  const ends_at = performance.now() + timeout_ms
  while (!(await holds())) {
    if (performance.now() > ends_at) throw new Error(`not within ${timeout_ms} ms: ${what}`)
    await sleep(20)
  }
}
