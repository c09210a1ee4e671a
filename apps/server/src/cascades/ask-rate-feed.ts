import type { SendResult } from '@cascad/connector'
import type { Context } from '../context.ts'
import { type AlarmNews, mailRateNews } from './mail-rates.ts'
import {
  type ClaimedFeed,
  filledFor,
  headerPurpose,
  type Pair,
  type PairReading,
  type PairStanding,
} from './rate-feed.ts'
import { claimFeeds, endLease, lockLeased, lockPairs, notePair } from './rate-feed-table.ts'
import { upsertFeedRate } from './rate-table.ts'
import { readFeedAnswer } from './read-feed-answer.ts'
import { type AlarmChange, type AnswerKind, noteAnswer } from './rules/feed-alarms.ts'
import { type Doubt, judgeRate } from './rules/judge-rate.ts'

type Needs = Pick<Context, 'sql' | 'now' | 'secrets' | 'sender' | 'events' | 'config'>

/** Longer than the slowest of feeds: 20 addresses, five at a time, each within its limit. */
const lease_ms = 90_000
const at_once_max = 5
const connect_timeout_ms = 3_000
const answer_timeout_ms = 10_000
const answer_bytes_max = 256 * 1024

/** Takes up to `limit` feeds that are due, for this process alone. `source` = that one only. */
export function claimRateFeeds(
  ctx: Pick<Context, 'sql' | 'now'>,
  limit: number,
  source?: string,
): Promise<ClaimedFeed[]> {
  const now = ctx.now()
  const leased_until = new Date(now.getTime() + lease_ms)
  return claimFeeds(ctx.sql, { now, leased_until, limit, ...(source === undefined ? {} : { source }) })
}

/**
 * Asks a claimed feed for its pairs and keeps what it says, in one commit. A rate that cannot be read, is old, or is far from the one
 * before changes nothing: the one before is used until it is stale. Who dies on the way leaves a lease that runs out.
 * Returns what somebody should know; it has been told, by mail in the same commit.
 */
export async function askRateFeed(ctx: Needs, feed: ClaimedFeed): Promise<FeedNews[]> {
  const asked_at = ctx.now()
  const readings = await readPairs(ctx, feed)
  const due_at = new Date(Math.max(asked_at.getTime() + feed.interval_s * 1000, ctx.now().getTime()))
  const told = await ctx.sql.begin(async (tx) => {
    if (!(await lockLeased(tx, feed))) return []
    const news: FeedNews[] = []
    for (const standing of await lockPairs(tx, feed.source)) {
      const reading = readings.find(({ from, to }) => from === standing.from && to === standing.to)
      if (!reading) continue
      const { error, doubt, used, kind, confirmed } = judge(feed, standing, reading)
      const { after: alarms, changes } = noteAnswer(standing.alarms, kind, confirmed)
      await notePair(tx, feed.source, { ...standing, asked_at, error, doubt, alarms })
      if (used) await upsertFeedRate(tx, { source: feed.source, ...used })
      news.push(...changes.map((change) => newsOf(change, feed, standing, reading)))
    }
    await mailRateNews(ctx, tx, news)
    await endLease(tx, feed.source, due_at)
    return news
  })
  for (const { alarm, ...facts } of told) ctx.events.alarm(logged[alarm], facts)
  return told
}

export type FeedNews = AlarmNews & { readonly alarm: AlarmChange }

const logged: { readonly [change in AlarmChange]: string } = {
  fails: 'a rate feed fails',
  works_again: 'a rate feed works again',
  jumps: 'a reference rate jumps',
  jump_stays: 'a reference rate stays where it jumped to',
  jump_over: 'a reference rate jumps no more',
}

function newsOf(alarm: AlarmChange, { source }: ClaimedFeed, standing: PairStanding, reading: PairReading): FeedNews {
  const { from, to, rate: before } = standing
  const news = { alarm, source, from, to }
  if ('wrong' in reading) return { ...news, error: reading.wrong }
  return alarm === 'jumps' || alarm === 'jump_stays' ? { ...news, rate: reading.rate, before } : news
}

type Noted = {
  readonly error: string | null
  readonly doubt: Doubt | null
  readonly used?: Pair & { readonly rate: string; readonly as_of: Date }
  readonly kind: AnswerKind
  readonly confirmed: boolean
}

function judge({ jump_percent }: ClaimedFeed, standing: PairStanding, reading: PairReading): Noted {
  const { from, to, rate: before, doubt } = standing
  const usable = { error: null, doubt: null, kind: 'usable', confirmed: false } as const
  if ('wrong' in reading) return { error: reading.wrong, doubt, kind: 'unusable', confirmed: false }
  if (before !== null && standing.as_of === null)
    return { ...usable, error: 'not used: another rate is agreed for good' }
  const { rate, as_of } = reading
  // Neither better nor worse than what is kept: an operator or another answer was later.
  if (standing.as_of !== null && as_of < standing.as_of)
    return { ...usable, doubt, kind: doubt === null ? 'usable' : 'doubtful' }
  const verdict = judgeRate({ rate, as_of_ms: as_of.getTime() }, { rate: before, doubt }, jump_percent)
  if (verdict.type === 'doubt')
    return {
      error: `${rate} is not used: it is more than ${jump_percent} % from the rate before`,
      doubt: verdict.doubt,
      kind: 'doubtful',
      confirmed: false,
    }
  return { ...usable, used: { from, to, rate, as_of }, confirmed: verdict.confirmed }
}

/** Each address is asked once, however many pairs stand in its answer. */
async function readPairs(ctx: Needs, feed: ClaimedFeed): Promise<PairReading[]> {
  const urls = [...new Set(feed.pairs.map((pair) => filledFor(feed.url, pair)))]
  const headers = headersOf(ctx, feed)
  if (headers === null)
    return feed.pairs.map((pair) => ({ ...pair, wrong: 'its header cannot be decrypted: register the feed again' }))
  const answers = new Map<string, { readonly result: SendResult; readonly at: Date }>()
  for (let first = 0; first < urls.length; first += at_once_max) {
    const asked = urls.slice(first, first + at_once_max).map(async (url) => {
      const result = await ask(ctx, url, headers)
      answers.set(url, { result, at: ctx.now() })
    })
    await Promise.all(asked)
  }
  return feed.pairs.map((pair) => {
    const answer = answers.get(filledFor(feed.url, pair))
    return answer ? readingOf(feed, pair, answer) : { ...pair, wrong: 'it was not asked' }
  })
}

function headersOf({ secrets }: Needs, feed: ClaimedFeed): Record<string, string> | null {
  const usual = { accept: 'application/json', 'user-agent': 'Cascad-Rates/1' }
  if (feed.header_name === null || feed.header_encrypted === null) return usual
  try {
    const value = secrets.decrypt(feed.header_encrypted, headerPurpose(feed.source))
    return { ...usual, [feed.header_name.toLowerCase()]: value }
  } catch {
    return null
  }
}

const ask = ({ sender }: Needs, url: string, headers: Readonly<Record<string, string>>): Promise<SendResult> =>
  sender.send({
    method: 'GET',
    url,
    headers,
    connect_timeout_ms,
    read_timeout_ms: answer_timeout_ms,
    total_timeout_ms: connect_timeout_ms + answer_timeout_ms,
    response_bytes_max: answer_bytes_max,
    guard: 'public',
  })

function readingOf(
  feed: ClaimedFeed,
  pair: Pair,
  answer: { readonly result: SendResult; readonly at: Date },
): PairReading {
  const { result, at } = answer
  if (result.type !== 'response') return { ...pair, wrong: `no answer: ${result.detail}` }
  if (result.status >= 300 && result.status < 400)
    return { ...pair, wrong: `answered ${result.status}: it sends us elsewhere, where we do not go` }
  if (result.status !== 200) return { ...pair, wrong: `answered ${result.status}` }
  return readFeedAnswer(result.body, feed, pair, at)
}
