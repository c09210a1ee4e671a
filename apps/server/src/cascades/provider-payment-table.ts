/** SQL of provider_payments as the engine writes them, in the transactions that change attempt and balance. */
import type { Database, Fragment } from '../database/connect.ts'
import type { ProviderPaymentRow, ProviderPaymentState } from './provider-payment.ts'
import type { DayTotals } from './rules/reason-against-connection.ts'

export type NewProviderPayment = Pick<
  ProviderPaymentRow,
  | 'account_id'
  | 'attempt_id'
  | 'payment_id'
  | 'attempt_number'
  | 'provider_id'
  | 'gateway_id'
  | 'test_mode'
  | 'method'
  | 'currency'
  | 'amount_minor'
  | 'rate'
  | 'settlement_minor'
  | 'requested_at'
>

export async function insertProviderPayment(sql: Database, row: NewProviderPayment): Promise<void> {
  await sql`insert into provider_payments ${sql({ ...row, state: 'requested' })}`
}

const columns = [
  'account_id',
  'attempt_id',
  'payment_id',
  'attempt_number',
  'provider_id',
  'gateway_id',
  'test_mode',
  'method',
  'state',
  'currency',
  'amount_minor',
  'settlement_minor',
  'provider_reference',
  'bank',
  'owner_mask',
  'number_mask',
  'reason',
  'reason_text',
  'answer_ms',
  'requested_at',
  'issued_at',
  'expires_at',
  'finalise_at',
  'ended_at',
  'paid_at',
  'claimed_at',
  'late',
  'orphan',
  'poll_at',
  'polls',
  'poll_errors',
  'not_found_since',
  'polled_at',
  'cancel_at',
  'cancel_tries',
  'cancel_status',
] as const

export async function selectProviderPayment(
  sql: Database,
  account_id: string,
  attempt_id: string,
): Promise<ProviderPaymentRow | null> {
  const [row] = await sql<ProviderPaymentRow[]>`
    select ${sql(columns)}, trim_scale(rate)::text as rate from provider_payments
    where account_id = ${account_id} and attempt_id = ${attempt_id}`
  return row ?? null
}

/** In the order of the cascade. */
export async function selectProviderPaymentsOf(
  sql: Database,
  account_id: string,
  payment_id: string,
): Promise<ProviderPaymentRow[]> {
  return sql<ProviderPaymentRow[]>`
    select ${sql(columns)}, trim_scale(rate)::text as rate from provider_payments
    where account_id = ${account_id} and payment_id = ${payment_id} order by attempt_number`
}

/** Attempts that the provider has given this id for, shown or not. Two branches, because each has an index of its own. */
export function ofReference(
  sql: Database,
  of: {
    readonly provider_id: string | Fragment
    readonly test_mode: boolean | Fragment
    readonly provider_reference: string
  },
): Fragment {
  const branch = (condition: Fragment): Fragment => sql`
    select account_id, attempt_id from provider_payments
    where provider_id = ${of.provider_id} and test_mode = ${of.test_mode} and provider_reference = ${of.provider_reference}
      and ${condition}`
  return sql`${branch(sql`(not orphan or state = 'success')`)} union ${branch(sql`orphan`)}`
}

export async function selectIsKnownReference(sql: Database, of: Parameters<typeof ofReference>[1]): Promise<boolean> {
  const rows = await sql`select 1 from (${ofReference(sql, of)}) as known limit 1`
  return rows.length > 0
}

/** What the limits of a connection are compared with, read under the lock of the provider's balance. */
export async function selectDay(
  sql: Database,
  of: { readonly gateway_id: number; readonly method: string; readonly currency: string; readonly since: Date },
): Promise<DayTotals & { readonly last_request_at: Date | null }> {
  const [day] = await sql<{ amount_minor: string; count: number; last_request_at: Date | null }[]>`
    select coalesce(sum(amount_minor) filter (where counts), 0)::text as amount_minor,
      (count(*) filter (where counts))::integer as count, max(requested_at) as last_request_at
    from (
      select amount_minor, requested_at, method = ${of.method} and currency = ${of.currency}
        and state not in ('refused', 'violation', 'not_sent', 'unknown') as counts
      from provider_payments where gateway_id = ${of.gateway_id} and requested_at >= ${of.since}
    ) as asked`
  return {
    amount_minor: BigInt(day?.amount_minor ?? 0),
    count: day?.count ?? 0,
    last_request_at: day?.last_request_at ?? null,
  }
}

export type Issued = {
  readonly provider_reference: string
  readonly bank: string
  readonly requisites_encrypted: Buffer
  readonly owner_mask: string
  readonly number_mask: string
  readonly answer_ms: number
  readonly issued_at: Date
  readonly expires_at: Date
  readonly finalise_at: Date
  readonly poll_at: Date
}

/** `false` = it was not `requested` any more. */
export async function updateIssued(
  sql: Database,
  of: { readonly account_id: string; readonly attempt_id: string },
  issued: Issued,
): Promise<boolean> {
  const rows = await sql`
    update provider_payments set ${sql({ ...issued, state: 'issued' })}
    where account_id = ${of.account_id} and attempt_id = ${of.attempt_id} and state = 'requested' returning 1`
  return rows.length === 1
}

export type NotIssued = {
  readonly state: 'refused' | 'violation' | 'not_sent' | 'unknown' | 'cancelled'
  readonly reason: string | null
  readonly reason_text: string | null
  readonly answer_ms: number | null
  readonly ended_at: Date
  /** The id of an order that nobody will pay. */
  readonly provider_reference: string | null
  readonly orphan: boolean
  readonly poll_at: Date | null
  readonly cancel_at: Date | null
  readonly cancel_status: 'needed' | null
}

export async function updateNotIssued(
  sql: Database,
  of: { readonly account_id: string; readonly attempt_id: string },
  ended: NotIssued,
): Promise<boolean> {
  const rows = await sql`
    update provider_payments set ${sql(ended)}
    where account_id = ${of.account_id} and attempt_id = ${of.attempt_id} and state = 'requested' returning 1`
  return rows.length === 1
}

/**
 * The end of requisites that were shown. A success is final but for one control question; after the others the provider is still
 * asked, by the schedule that is running.
 */
export async function updateEnded(
  sql: Database,
  of: { readonly account_id: string; readonly attempt_id: string },
  end: {
    readonly state: ProviderPaymentState
    readonly at: Date
    /** The provider is to be told that nobody should pay any more. */
    readonly cancels: boolean
    /** The next question; `null` = as planned. */
    readonly poll_at: Date | null
    /** Nothing changes where the payer has said that he has paid. */
    readonly unless_claimed: boolean
  },
): Promise<boolean> {
  const paid = end.state === 'success'
  const rows = await sql`
    update provider_payments set state = ${end.state}, ended_at = ${end.at},
      late = late or (${paid} and state <> 'issued'), paid_at = case when ${paid} then ${end.at}::timestamptz else paid_at end,
      cancel_at = case when ${end.cancels} then ${end.at}::timestamptz when ${paid} then null else cancel_at end,
      cancel_status = case when ${end.cancels} then 'needed' else cancel_status end,
      poll_at = coalesce(${end.poll_at}::timestamptz, poll_at)
    where account_id = ${of.account_id} and attempt_id = ${of.attempt_id} and (state = 'issued' or (${paid} and state in ('failed', 'expired', 'cancelled')))
      and (claimed_at is null or not ${end.unless_claimed})
    returning 1`
  return rows.length === 1
}
