import { numberText, parseJson } from '../http/json.ts'
import { filledFor, type Pair, type PairReading, type RateFeed } from './rate-feed.ts'
import { fresh_ms } from './reference-rate.ts'
import { readFeedRate, readFeedTime } from './rules/feed-rate.ts'
import { readPointer } from './rules/json-pointer.ts'

/** What the answer says about a pair: the digits as they stand in the text, no double in between. Never throws. */
export function readFeedAnswer(
  body: string,
  feed: Pick<RateFeed, 'rate_pointer' | 'time_pointer' | 'inverted'>,
  pair: Pair,
  now: Date,
): PairReading {
  const document = documentOf(body)
  if (document === undefined) return { ...pair, wrong: 'the answer is no JSON' }
  const text = textAt(document, filledFor(feed.rate_pointer, pair))
  if (text === null) return { ...pair, wrong: 'there is no rate in the answer where it should stand' }
  const read = readFeedRate(text, feed.inverted)
  if ('wrong' in read) return { ...pair, ...read }
  if (feed.time_pointer === null) return { ...pair, ...read, as_of: now }
  const time = textAt(document, filledFor(feed.time_pointer, pair))
  if (time === null) return { ...pair, wrong: 'there is no time in the answer where it should stand' }
  const at = readFeedTime(time, now.getTime(), fresh_ms)
  return 'wrong' in at ? { ...pair, ...at } : { ...pair, ...read, as_of: new Date(at.as_of_ms) }
}

/** `undefined` = no JSON, or nested deeper than can be read. */
function documentOf(body: string): unknown {
  try {
    return parseJson(body.replace(/^\ufeff/, ''))
  } catch {
    return undefined
  }
}

/** Text, or the literal of a number; `null` = neither stands there. */
function textAt(document: unknown, pointer: string): string | null {
  let value = document
  for (const step of readPointer(pointer) ?? [null]) {
    if (step === null || typeof value !== 'object' || value === null || JSON.isRawJSON(value)) return null
    if (Array.isArray(value) && !/^(0|[1-9]\d{0,6})$/.test(step)) return null
    if (!Object.hasOwn(value, step)) return null
    value = (value as Record<string, unknown>)[step]
  }
  return typeof value === 'string' ? value : numberText(value)
}
