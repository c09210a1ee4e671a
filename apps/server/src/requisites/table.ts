/**
 * SQL of provider_payments as they are followed: asked about, cancelled, claimed by their payer. State and money are written by
 * the engine; here only when the next question is due and what came of the last one.
 */
import type { ProviderPaymentRow } from '../cascades/provider-payment.ts'
import type { Database, Sql } from '../database/connect.ts'

export type Followed = Pick<
  ProviderPaymentRow,
  | 'account_id'
  | 'attempt_id'
  | 'payment_id'
  | 'attempt_number'
  | 'provider_id'
  | 'gateway_id'
  | 'state'
  | 'orphan'
  | 'provider_reference'
  | 'issued_at'
  | 'finalise_at'
  | 'paid_at'
  | 'claimed_at'
  | 'poll_at'
  | 'polls'
  | 'poll_errors'
  | 'not_found_since'
  | 'cancel_at'
  | 'cancel_tries'
> & { readonly not_found_count: number }

const followed = [
  'account_id',
  'attempt_id',
  'payment_id',
  'attempt_number',
  'provider_id',
  'gateway_id',
  'state',
  'orphan',
  'provider_reference',
  'issued_at',
  'finalise_at',
  'paid_at',
  'claimed_at',
  'poll_at',
  'polls',
  'poll_errors',
  'not_found_since',
  'not_found_count',
  'cancel_at',
  'cancel_tries',
] as const

/** Oldest first. */
export async function claimDue(sql: Sql, now: Date, lease_until: Date, limit: number): Promise<Followed[]> {
  return sql<Followed[]>`
    update provider_payments set leased_until = ${lease_until}
    where (account_id, attempt_id) in (
      select account_id, attempt_id from provider_payments
      where due_at <= ${now} and (leased_until is null or leased_until < ${now})
      order by due_at limit ${limit}
    ) and due_at <= ${now} and (leased_until is null or leased_until < ${now})
    returning ${sql(followed)}`
}

type Of = Pick<Followed, 'account_id' | 'attempt_id'>

export async function selectFollowed(sql: Database, of: Of): Promise<Followed | null> {
  const [row] = await sql<Followed[]>`
    select ${sql(followed)} from provider_payments where account_id = ${of.account_id} and attempt_id = ${of.attempt_id}`
  return row ?? null
}

export type Polled = Pick<Followed, 'poll_at' | 'polls' | 'poll_errors' | 'not_found_since' | 'not_found_count'> & {
  readonly polled_at: Date
}

/** Does a payment whose requisites were shown have the same id? Then the order is that payment's, and none to be cancelled. */
export async function selectIsAnothers(sql: Database, of: Of): Promise<boolean> {
  const rows = await sql`
    select 1 from provider_payments as own
    join provider_payments as other using (provider_id, test_mode, provider_reference)
    where own.account_id = ${of.account_id} and own.attempt_id = ${of.attempt_id}
      and other.attempt_id <> own.attempt_id and not other.orphan limit 1`
  return rows.length > 0
}

/** Ends the lease. `false` = the payment has changed meanwhile: look again. */
export async function updatePolled(sql: Database, seen: Followed, polled: Polled): Promise<boolean> {
  const rows = await sql`
    update provider_payments set ${sql(polled)}, leased_until = null
    where account_id = ${seen.account_id} and attempt_id = ${seen.attempt_id} and state = ${seen.state}
      and poll_at is not distinct from ${seen.poll_at} and claimed_at is not distinct from ${seen.claimed_at}
    returning 1`
  return rows.length === 1
}

export type CancelSent = Pick<ProviderPaymentRow, 'cancel_at' | 'cancel_tries' | 'cancel_status'>

/** `false` = the cancellation is no longer the one that was sent. */
export async function updateCancelSent(sql: Database, seen: Followed, sent: CancelSent): Promise<boolean> {
  const rows = await sql`
    update provider_payments set ${sql(sent)}
    where account_id = ${seen.account_id} and attempt_id = ${seen.attempt_id} and cancel_at = ${seen.cancel_at} returning 1`
  return rows.length === 1
}

export async function endLease(sql: Database, of: Of): Promise<void> {
  await sql`
    update provider_payments set leased_until = null where account_id = ${of.account_id} and attempt_id = ${of.attempt_id}`
}

type OfPayment = { readonly account_id: string; readonly payment_id: string }

/** The payer says that he has paid: noted once, and asked about at once. `false` = not waited for any more, or he said so before. */
export async function updateClaimed(sql: Database, of: Of, now: Date): Promise<boolean> {
  const rows = await sql`
    update provider_payments set claimed_at = ${now}, poll_at = least(poll_at, ${now}::timestamptz)
    where account_id = ${of.account_id} and attempt_id = ${of.attempt_id} and state = 'issued' and claimed_at is null returning 1`
  return rows.length > 0
}

/** Brings the next question forward to `now`, where the last one is at least as old as `asked_before`. */
export async function updateCheckNow(
  sql: Database,
  of: OfPayment,
  { now, asked_before }: { readonly now: Date; readonly asked_before: Date },
): Promise<boolean> {
  const rows = await sql`
    update provider_payments set poll_at = ${now}
    where account_id = ${of.account_id} and payment_id = ${of.payment_id} and not orphan
      and state in ('issued', 'failed', 'expired', 'cancelled')
      and poll_at > ${now} and coalesce(polled_at, issued_at) <= ${asked_before} returning 1`
  return rows.length > 0
}

/** Owner and number, encrypted; `null` = erased, or never given. */
export async function selectRequisites(sql: Database, of: Of): Promise<Buffer | null> {
  const [row] = await sql<{ requisites_encrypted: Buffer | null }[]>`
    select requisites_encrypted from provider_payments where account_id = ${of.account_id} and attempt_id = ${of.attempt_id}`
  return row?.requisites_encrypted ?? null
}
