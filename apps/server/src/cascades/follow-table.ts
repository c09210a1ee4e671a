/** SQL of provider_payments: when one is to be asked about, or cancelled, because something else was learned. */
import type { Database } from '../database/connect.ts'
import { ofReference } from './provider-payment-table.ts'

type Of = { readonly account_id: string; readonly attempt_id: string }

/** The next question is asked at `at` at the latest. `false` = there is nothing to ask by. */
export async function updatePollSooner(sql: Database, of: Of, at: Date): Promise<boolean> {
  const rows = await sql`
    update provider_payments set poll_at = least(poll_at, ${at}::timestamptz)
    where account_id = ${of.account_id} and attempt_id = ${of.attempt_id} and provider_reference is not null returning 1`
  return rows.length === 1
}

export type LateOrder = Of & {
  readonly provider_reference: string
  readonly cancel_at: Date
  readonly poll_at: Date
}

/**
 * `noted` = it is cancelled and asked about from now on; `known` = it is this attempt's own order, or another one's already;
 * `unfit` = the attempt has requisites of its own, or was never sent.
 */
export async function updateLateOrder(sql: Database, late: LateOrder): Promise<'noted' | 'known' | 'unfit'> {
  const [row] = await sql<{ noted: boolean; known: boolean }[]>`
    with own as (
      select account_id, attempt_id, provider_id, test_mode from provider_payments
      where account_id = ${late.account_id} and attempt_id = ${late.attempt_id}
    ), known as (
      select 1 from own cross join lateral (${ofReference(sql, {
        provider_id: sql`own.provider_id`,
        test_mode: sql`own.test_mode`,
        provider_reference: late.provider_reference,
      })}) as other
    ), noted as (
      update provider_payments set provider_reference = ${late.provider_reference}, orphan = true, polls = 0,
        poll_at = ${late.poll_at}, cancel_at = ${late.cancel_at}, cancel_status = 'needed', cancel_tries = 0
      where account_id = ${late.account_id} and attempt_id = ${late.attempt_id} and provider_reference is null
        and state in ('unknown', 'violation', 'cancelled') and not exists (select 1 from known)
      returning 1
    )
    select exists (select 1 from noted) as noted, exists (select 1 from known) as known`
  if (row?.noted) return 'noted'
  return row?.known ? 'known' : 'unfit'
}

/**
 * Erases owner and number of payments that ended before then and whose money has rested since: no late success, no appeal. How many
 * it were; fewer than `limit` = none is left.
 */
export async function updateErased(sql: Database, before: Date, limit: number): Promise<number> {
  const { count } = await sql`
    update provider_payments set requisites_encrypted = null
    where (account_id, attempt_id) in (
      select account_id, attempt_id from provider_payments as paid
      where requisites_encrypted is not null and ended_at < ${before} and not exists (
        select 1 from provider_settlements as settled
        where settled.provider_id = paid.provider_id and settled.attempt_id = paid.attempt_id
          and (settled.appeal_open or settled.updated_at >= ${before})
      )
      order by ended_at limit ${limit}
    )`
  return count
}

/** `false` = it is no orphan, was paid before, or its order is one whose requisites were shown to another payer. */
export async function updateOrphanPaid(sql: Database, of: Of, now: Date): Promise<boolean> {
  const rows = await sql`
    update provider_payments as own set state = 'success', late = true, ended_at = coalesce(ended_at, ${now}), paid_at = ${now},
      poll_at = null, cancel_at = null, leased_until = null
    where account_id = ${of.account_id} and attempt_id = ${of.attempt_id} and orphan
      and state in ('refused', 'violation', 'not_sent', 'unknown', 'cancelled')
      and not exists (
        select 1 from provider_payments as other
        where other.provider_id = own.provider_id and other.test_mode = own.test_mode
          and other.provider_reference = own.provider_reference and other.attempt_id <> own.attempt_id
          and (not other.orphan or other.state = 'success')
      )
    returning 1`
  return rows.length === 1
}
