/** SQL of what provider payments come to. Cascade API, section 17. */
import type { Database, Fragment } from '../database/connect.ts'
import type { ConversionCounts } from './rules/conversion-rates.ts'

export const splits = ['method', 'currency', 'amount_band'] as const
export type Split = (typeof splits)[number]

export type Period = {
  readonly provider_id: string
  readonly test_mode: boolean
  readonly from: Date
  /** Not included. */
  readonly to: Date
  readonly split: Split | null
  readonly now: Date
}

/** An answer comes within the time limit of the request, which is a minute at most. */
const answer_minutes = 5

function keyOf(sql: Database, split: Split | null): Fragment {
  switch (split) {
    case null:
      return sql`''::text`
    case 'method':
      return sql`asked.method`
    case 'currency':
      return sql`asked.currency`
    case 'amount_band':
      return sql`asked.currency || ' ' || (case when left(asked.amount_minor::text, 1) >= '5' then '5' else '1' end)
        || repeat('0', length(asked.amount_minor::text) - 1)`
  }
}

/** What was asked or issued in the period; `was_asked` and `was_issued` say which. What was never sent is left out. */
function counted(sql: Database, { provider_id, test_mode, from, to, split }: Period): Fragment {
  return sql`counted as (
    select ${keyOf(sql, split)} as key, asked.*, settled.first_debit is not distinct from 'appeal' as by_appeal,
      asked.requested_at >= ${from} as was_asked,
      asked.issued_at is not null and asked.issued_at >= ${from} and asked.issued_at < ${to} as was_issued
    from provider_payments as asked left join provider_settlements as settled
      on settled.provider_id = asked.provider_id and settled.attempt_id = asked.attempt_id and asked.state = 'success'
    where asked.provider_id = ${provider_id} and asked.test_mode = ${test_mode} and asked.state <> 'not_sent'
      and asked.requested_at >= ${new Date(from.getTime() - answer_minutes * 60_000)} and asked.requested_at < ${to}
  )`
}

export type CountedRow = ConversionCounts & {
  /** `null` = all together. */
  readonly key: string | null
  readonly provisional_until: Date | null
  readonly answer_p50: number | null
  readonly answer_p95: number | null
  readonly paid_after_p50: number | null
  readonly paid_after_p95: number | null
}

/** Everything together, and by each value of the split. */
export async function selectCounts(sql: Database, period: Period): Promise<CountedRow[]> {
  return sql<CountedRow[]>`
    with ${counted(sql, period)}
    select case when grouping(key) = 0 then key end as key,
      (count(*) filter (where was_asked))::integer as asked,
      (count(*) filter (where was_asked and issued_at is not null))::integer as given,
      (count(*) filter (where was_asked and state = 'refused'))::integer as refused,
      (count(*) filter (where was_asked and state = 'unknown'))::integer as unknown,
      (count(*) filter (where was_asked and state = 'violation'))::integer as violations,
      (count(*) filter (where was_issued))::integer as issued,
      (count(*) filter (where was_issued and state = 'success'))::integer as paid,
      (count(*) filter (where was_issued and state = 'success' and late and not by_appeal))::integer as paid_late,
      (count(*) filter (where was_issued and state = 'success' and by_appeal))::integer as paid_by_appeal,
      (count(*) filter (where was_issued and state = 'failed' and ended_at < expires_at))::integer as early_failures,
      max(finalise_at) filter (where was_issued and state <> 'success' and finalise_at > ${period.now}) as provisional_until,
      percentile_disc(0.5) within group (order by answer_ms) filter (where was_asked) as answer_p50,
      percentile_disc(0.95) within group (order by answer_ms) filter (where was_asked) as answer_p95,
      round(percentile_disc(0.5) within group (order by extract(epoch from paid_at - issued_at))
        filter (where was_issued and state = 'success' and not by_appeal))::integer as paid_after_p50,
      round(percentile_disc(0.95) within group (order by extract(epoch from paid_at - issued_at))
        filter (where was_issued and state = 'success' and not by_appeal))::integer as paid_after_p95
    from counted group by grouping sets ((), (key))`
}

export type RefusedRow = { readonly key: string | null; readonly reason: string; readonly count: number }

/** Most frequent first. */
export async function selectRefusals(sql: Database, period: Period): Promise<RefusedRow[]> {
  return sql<RefusedRow[]>`
    with ${counted(sql, period)}
    select case when grouping(key) = 0 then key end as key, coalesce(reason, 'OTHER') as reason, count(*)::integer as count
    from counted where was_asked and state = 'refused'
    group by grouping sets ((coalesce(reason, 'OTHER')), (coalesce(reason, 'OTHER'), key)) order by count desc, reason`
}

export type SeriesRow = {
  /** Steps after the beginning. */
  readonly step: number
  readonly asked: number
  readonly given: number
  readonly refused: number
  readonly unknown: number
  readonly issued: number
  readonly paid: number
}

/** Steps in which nothing happened are left out. */
export async function selectSeries(sql: Database, period: Period, step_s: number): Promise<SeriesRow[]> {
  const stepOf = (column: Fragment): Fragment =>
    sql`floor(extract(epoch from ${column} - ${period.from}::timestamptz) / ${step_s}::integer)::integer`
  return sql<SeriesRow[]>`
    with ${counted(sql, { ...period, split: null })}
    select step, sum(asked)::integer as asked, sum(given)::integer as given, sum(refused)::integer as refused,
      sum(unknown)::integer as unknown, sum(issued)::integer as issued, sum(paid)::integer as paid
    from (
      select ${stepOf(sql`requested_at`)} as step, 1 as asked, (issued_at is not null)::integer as given,
        (state = 'refused')::integer as refused, (state = 'unknown')::integer as unknown, 0 as issued, 0 as paid
      from counted where was_asked
      union all
      select ${stepOf(sql`issued_at`)}, 0, 0, 0, 0, 1, (state = 'success')::integer from counted where was_issued
    ) as events
    group by step order by step`
}
