import type { Context } from '../context.ts'
import { checkTargetUrl } from '../http/target-guard.ts'
import { filledFor, headerPurpose, type Pair, type RateFeed } from './rate-feed.ts'
import { upsertFeed } from './rate-feed-table.ts'
import { readPointer } from './rules/json-pointer.ts'

export type FeedWish = RateFeed & {
  readonly pairs: readonly Pair[]
  /** Of the header; `null` = there is none. */
  readonly header_value: string | null
}

const pairs_max = 20
/** They say where a message ends and whom it is for. */
const refusedHeaders = /^(host|connection|content-.*|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*)$/i

/**
 * Keeps where the rates of a source come from; the workers ask at once, and then again and again. What was said about the source
 * before is replaced, with the header that admitted us. Returns what is wrong with it; `null` = it is kept. Cascade API, section 10.
 */
export async function saveRateFeed(
  ctx: Pick<Context, 'sql' | 'now' | 'secrets' | 'config'>,
  { header_value, ...wish }: FeedWish,
  by: string,
): Promise<string | null> {
  const mistake = mistakeIn(wish) ?? mistakeInHeader(wish.header_name, header_value) ?? mistakeInPlaces(ctx, wish)
  if (mistake !== null) return mistake
  const header_encrypted = header_value === null ? null : ctx.secrets.encrypt(header_value, headerPurpose(wish.source))
  await ctx.sql.begin((tx) => upsertFeed(tx, { ...wish, header_encrypted, saved_by: by }, ctx.now()))
  return null
}

type Wish = Omit<FeedWish, 'header_value'>

function mistakeIn({ source, interval_s, jump_percent, pairs }: Wish): string | null {
  if (!/^[a-z0-9][a-z0-9_-]{0,49}$/.test(source))
    return 'the source is a word of small letters, digits, "-" and "_", at most 50'
  if (!isWhole(interval_s, 15, 300)) return 'the interval is a whole number of seconds from 15 to 300'
  if (!isWhole(jump_percent, 1, 1000)) return 'the jump is a whole number of percent from 1 to 1000'
  if (pairs.length < 1 || pairs.length > pairs_max) return `a feed serves 1 to ${pairs_max} pairs`
  for (const { from, to } of pairs) {
    for (const code of [from, to])
      if (!/^[A-Z0-9]{3,10}$/.test(code)) return 'a currency is 3 to 10 capital letters or digits'
    if (from === to) return 'a rate is between two currencies'
  }
  return null
}

const isWhole = (value: number, from: number, to: number): boolean =>
  Number.isInteger(value) && value >= from && value <= to

function mistakeInHeader(name: string | null, value: string | null): string | null {
  if (name === null) return value === null ? null : 'a header has a name'
  if (!/^[A-Za-z0-9-]{1,64}$/.test(name) || refusedHeaders.test(name)) return `${name} is no header that may be set`
  if (value === null || !/^[\x21-\x7e]([\x20-\x7e]{0,998}[\x21-\x7e])?$/.test(value))
    return 'the value of the header is 1 to 1000 signs of the keyboard'
  return null
}

/** One place for two pairs would give both of them the same rate. */
function mistakeInPlaces(ctx: Pick<Context, 'config'>, feed: Wish): string | null {
  const places = new Set<string>()
  for (const pair of feed.pairs) {
    const url = filledFor(feed.url, pair)
    const mistake = mistakeInUrl(ctx, url)
    if (mistake !== null) return mistake
    const rate = filledFor(feed.rate_pointer, pair)
    for (const pointer of [rate, feed.time_pointer === null ? '' : filledFor(feed.time_pointer, pair)])
      if (pointer.length > 500 || readPointer(pointer) === null)
        return `${JSON.stringify(pointer)} is no JSON pointer, such as /rates/{to}`
    places.add(`${url} ${rate}`)
  }
  if (places.size < feed.pairs.length) return 'two pairs have one place: put {from} or {to} into the URL or the pointer'
  return null
}

function mistakeInUrl(ctx: Pick<Context, 'config'>, url: string): string | null {
  if (/[{}#]/.test(url)) return 'the URL has {from} and {to} in it, no other braces and no part after #'
  switch (checkTargetUrl(url, { test_mode: false, allow_private: ctx.config.allow_private_targets })) {
    case 'ok':
      return null
    case 'malformed':
      return 'the URL is absolute, https://…, without user name and password'
    case 'refused':
      return 'the URL begins with https:// and is at a public address'
  }
}
