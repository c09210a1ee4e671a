/** SQL of provider_payments as their provider looks at them. */
import type { Database, Fragment } from '../database/connect.ts'
import type { HistoryFilter, HistoryRow, PaymentFlag } from './provider-history.ts'
import { ofReference } from './provider-payment-table.ts'

const columns = (sql: Database): Fragment => sql`
  asked.attempt_id, asked.provider_id, asked.gateway_id, asked.test_mode, asked.method, asked.state, asked.currency, asked.amount_minor,
  trim_scale(asked.rate)::text as rate, asked.settlement_minor, asked.provider_reference, asked.bank, asked.owner_mask, asked.number_mask,
  asked.reason, asked.reason_text, asked.answer_ms, asked.requested_at, asked.issued_at, asked.expires_at, asked.finalise_at,
  asked.ended_at, asked.paid_at, asked.claimed_at, asked.late, asked.orphan, asked.poll_at, asked.polls, asked.poll_errors,
  asked.not_found_since, asked.polled_at, asked.cancel_at, asked.cancel_tries, asked.cancel_status,
  (extract(epoch from asked.requested_at) * 1000000)::bigint as requested_us, coalesce(settled.appeal_open, false) as appeal_open`

const tables = (sql: Database): Fragment => sql`
  provider_payments as asked left join provider_settlements as settled
    on settled.provider_id = asked.provider_id and settled.attempt_id = asked.attempt_id`

function flagged(sql: Database, flag: PaymentFlag): Fragment {
  switch (flag) {
    case 'claimed':
      return sql`asked.claimed_at is not null`
    case 'late':
      return sql`asked.late`
    case 'orphan':
      return sql`asked.orphan`
    case 'appeal_open':
      return sql`settled.appeal_open`
    case 'early_failure':
      return sql`asked.state = 'failed' and asked.ended_at < asked.expires_at`
    case 'cancel_undelivered':
      return sql`asked.cancel_status = 'undelivered'`
  }
}

/** By our id or the provider's. */
function withId(sql: Database, { provider_id, test_mode }: HistoryFilter, id: string): Fragment {
  return sql`
    select account_id, attempt_id from provider_settlements where provider_id = ${provider_id} and attempt_id = ${id}
    union ${ofReference(sql, { provider_id, test_mode, provider_reference: id })}`
}

/** A row that the page begins after. */
export type HistoryPlace = { readonly requested_us: bigint; readonly attempt_id: string }

/** Newest first. */
export async function selectHistory(
  sql: Database,
  filter: HistoryFilter,
  after: HistoryPlace | null,
  limit: number,
): Promise<HistoryRow[]> {
  const { from, to, states, methods, gateway_id, amounts, id, flag } = filter
  const amountIs = (amounts ?? []).map(
    ({ amount_minor, currencies }) =>
      sql`or (asked.amount_minor = ${amount_minor}::bigint and asked.currency = any (${[...currencies]}))`,
  )
  return sql<HistoryRow[]>`
    select ${columns(sql)} from ${tables(sql)}
    where asked.provider_id = ${filter.provider_id} and asked.test_mode = ${filter.test_mode}
      ${from ? sql`and asked.requested_at >= ${from}` : sql``}
      ${to ? sql`and asked.requested_at < ${to}` : sql``}
      ${states ? sql`and asked.state = any (${[...states]})` : sql``}
      ${methods ? sql`and asked.method = any (${[...methods]})` : sql``}
      ${gateway_id === undefined ? sql`` : sql`and asked.gateway_id = ${gateway_id}`}
      ${amounts ? (amounts.length > 0 ? sql`and (false ${amountIs})` : sql`and false`) : sql``}
      ${id === undefined ? sql`` : sql`and (asked.account_id, asked.attempt_id) in (${withId(sql, filter, id)})`}
      ${flag ? sql`and ${flagged(sql, flag)}` : sql``}
      ${
        after
          ? sql`and (asked.requested_at, asked.attempt_id) <
              (timestamptz 'epoch' + ${after.requested_us}::bigint * interval '1 microsecond', ${after.attempt_id})`
          : sql``
      }
    order by asked.requested_at desc, asked.attempt_id desc limit ${limit}`
}

/** `null` = there is none of this provider. */
export async function selectHistoryRow(
  sql: Database,
  provider_id: string,
  attempt_id: string,
): Promise<HistoryRow | null> {
  const [row] = await sql<HistoryRow[]>`
    select ${columns(sql)} from ${tables(sql)}
    where settled.provider_id = ${provider_id} and settled.attempt_id = ${attempt_id}
      and asked.account_id = settled.account_id and asked.provider_id = ${provider_id}`
  return row ?? null
}
