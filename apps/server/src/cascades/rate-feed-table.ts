/** SQL of rate_feeds and rate_feed_pairs. Whoever changes several pairs takes them by source and currencies, in this order. */
import type { Database } from '../database/connect.ts'
import type { ClaimedFeed, FeedView, Pair, PairStanding, RateFeed } from './rate-feed.ts'
import type { PairAlarms } from './rules/feed-alarms.ts'
import type { Doubt } from './rules/judge-rate.ts'

const settings = [
  'source',
  'url',
  'rate_pointer',
  'time_pointer',
  'inverted',
  'interval_s',
  'jump_percent',
  'header_name',
] as const

export type SavedFeed = RateFeed & {
  readonly pairs: readonly Pair[]
  readonly header_encrypted: Buffer | null
  readonly saved_by: string
}

/**
 * Replaces all that was said about the source before, its header too; an answer that is under way is not taken any more. What operators
 * have been told stands until it is over.
 */
export async function upsertFeed(sql: Database, { pairs, ...feed }: SavedFeed, now: Date): Promise<void> {
  const row = { ...feed, active: true, saved_at: now, due_at: now, leased_until: null }
  const { source, ...changes } = row
  await sql`insert into rate_feeds ${sql(row)} on conflict (source) do update set ${sql(changes)}`
  await lockPairs(sql, source)
  const codes = pairs.map(({ from, to }) => `${from}/${to}`)
  await sql`
    delete from rate_feed_pairs where source = ${source} and from_currency || '/' || to_currency <> all(${codes}::text[])`
  await sql`
    insert into rate_feed_pairs (source, from_currency, to_currency, added_at)
    select ${source}, split_part(code, '/', 1), split_part(code, '/', 2), ${now}::timestamptz
    from unnest(${codes}::text[]) code order by 2, 3
    on conflict (source, from_currency, to_currency) do update
    set added_at = excluded.added_at, asked_at = null, error = null, doubtful_rate = null, doubtful_as_of = null, doubtful_count = 0,
      streak = 0`
}

/** `false` = there is no such feed, or it was off before. */
export async function switchFeedOff(sql: Database, source: string): Promise<boolean> {
  const { count } = await sql`
    update rate_feeds set active = false, leased_until = null where source = ${source} and active`
  return count === 1
}

export type Claim = {
  readonly now: Date
  readonly leased_until: Date
  readonly limit: number
  readonly source?: string
}

/** Takes feeds that are due, by writing a lease into them; `source` takes that one alone. */
export async function claimFeeds(sql: Database, { now, leased_until, limit, source }: Claim): Promise<ClaimedFeed[]> {
  // Said twice: whoever waited for another's claim must find the row due still.
  const isDue = sql`active and due_at <= ${now} and (leased_until is null or leased_until < ${now})`
  const isWanted = source === undefined ? sql`true` : sql`source = ${source}`
  return sql<ClaimedFeed[]>`
    update rate_feeds set leased_until = ${leased_until}
    where source in (select source from rate_feeds where ${isDue} and ${isWanted} order by due_at limit ${limit}) and ${isDue}
    returning ${sql(settings)}, header_encrypted, leased_until,
      (select coalesce(json_agg(json_build_object('from', from_currency, 'to', to_currency) order by from_currency, to_currency), '[]')
       from rate_feed_pairs where rate_feed_pairs.source = rate_feeds.source) as pairs`
}

/** Is the feed still ours by this lease? If so, nobody else changes it until the transaction ends. */
export async function lockLeased(tx: Database, { source, leased_until }: ClaimedFeed): Promise<boolean> {
  const rows = await tx`
    select 1 from rate_feeds where source = ${source} and leased_until = ${leased_until} and active for update`
  return rows.length === 1
}

export async function endLease(tx: Database, source: string, due_at: Date): Promise<void> {
  await tx`update rate_feeds set leased_until = null, due_at = ${due_at} where source = ${source}`
}

type DoubtColumns = {
  readonly doubtful_rate: string | null
  readonly doubtful_as_of: Date | null
  readonly doubtful_count: number
}

function doubtOf({ doubtful_rate, doubtful_as_of, doubtful_count }: DoubtColumns): Doubt | null {
  if (doubtful_rate === null || doubtful_as_of === null) return null
  return { rate: doubtful_rate, as_of_ms: doubtful_as_of.getTime(), count: doubtful_count }
}

/** By currency. The rows stay ours until the transaction ends. */
export async function lockPairs(tx: Database, source: string): Promise<PairStanding[]> {
  const rows = await tx<(Omit<PairStanding, 'doubt' | 'alarms'> & DoubtColumns & PairAlarms)[]>`
    select from_currency as from, to_currency as to, trim_scale(rate)::text as rate, as_of,
      trim_scale(doubtful_rate)::text as doubtful_rate, doubtful_as_of, doubtful_count,
      failing, jumping, streak
    from rate_feed_pairs left join provider_rates using (source, from_currency, to_currency)
    where source = ${source} order by from_currency, to_currency for update of rate_feed_pairs`
  return rows.map(({ from, to, rate, as_of, failing, jumping, streak, ...columns }) => ({
    from,
    to,
    rate,
    as_of,
    doubt: doubtOf(columns),
    alarms: { failing, jumping, streak },
  }))
}

export type PairNote = Pair & {
  readonly asked_at: Date
  readonly error: string | null
  readonly doubt: Doubt | null
  readonly alarms: PairAlarms
}

export async function notePair(
  tx: Database,
  source: string,
  { from, to, asked_at, error, doubt, alarms }: PairNote,
): Promise<void> {
  await tx`
    update rate_feed_pairs set asked_at = ${asked_at}, error = ${error}, doubtful_rate = ${doubt?.rate ?? null}::numeric,
      doubtful_as_of = ${doubt ? new Date(doubt.as_of_ms) : null}, doubtful_count = ${doubt?.count ?? 0},
      failing = ${alarms.failing}, jumping = ${alarms.jumping}, streak = ${alarms.streak}
    where source = ${source} and from_currency = ${from} and to_currency = ${to}`
}

export type StaleChange = Pair & { readonly source: string; readonly stale: boolean; readonly error: string | null }

/**
 * Notes which pairs have no rate of `fresh_since` or later any more, and which have one again; each change is told to the one caller
 * who finds it. A new pair has as much time to get its first rate.
 */
export async function changeStale(sql: Database, fresh_since: Date): Promise<StaleChange[]> {
  return sql<StaleChange[]>`
    with changed as (
      select source, from_currency, to_currency
      from rate_feed_pairs p join rate_feeds using (source) left join provider_rates r using (source, from_currency, to_currency)
      where active and case when r.rate is not null and (r.as_of is null or r.as_of >= ${fresh_since}) then p.stale
        else not p.stale and p.added_at < ${fresh_since} end
      order by source, from_currency, to_currency for update of p
    )
    update rate_feed_pairs p set stale = not p.stale from changed
    where (p.source, p.from_currency, p.to_currency) = (changed.source, changed.from_currency, changed.to_currency)
    returning p.source, p.from_currency as from, p.to_currency as to, p.stale, p.error`
}

type ViewRow = RateFeed & { readonly active: boolean; readonly saved_by: string }
type PairRow = Omit<FeedView['pairs'][number], 'doubt'> & DoubtColumns & { readonly source: string }

export async function selectFeeds(sql: Database): Promise<FeedView[]> {
  const feeds = await sql<ViewRow[]>`
    select ${sql(settings)}, active, saved_by from rate_feeds order by source limit 200`
  const pairs = await sql<PairRow[]>`
    select source, from_currency as from, to_currency as to, trim_scale(rate)::text as rate, as_of, asked_at, error, stale,
      trim_scale(doubtful_rate)::text as doubtful_rate, doubtful_as_of, doubtful_count
    from rate_feed_pairs left join provider_rates using (source, from_currency, to_currency)
    where source = any(${feeds.map(({ source }) => source)}::text[]) order by source, from_currency, to_currency`
  return feeds.map((feed) => ({
    ...feed,
    pairs: pairs
      .filter(({ source }) => source === feed.source)
      .map(({ source: _, doubtful_rate, doubtful_as_of, doubtful_count, ...pair }) => ({
        ...pair,
        doubt: doubtOf({ doubtful_rate, doubtful_as_of, doubtful_count }),
      })),
  }))
}
