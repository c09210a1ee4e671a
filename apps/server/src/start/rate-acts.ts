/** `npm run providers`: reference rates, told by hand or brought by feeds. */
import { userInfo } from 'node:os'
import { createInterface } from 'node:readline'
import { askRateFeed, claimRateFeeds } from '../cascades/ask-rate-feed.ts'
import { listRateFeeds } from '../cascades/list-rate-feeds.ts'
import type { FeedView, Pair } from '../cascades/rate-feed.ts'
import { saveProviderRate } from '../cascades/save-rate.ts'
import { type FeedWish, saveRateFeed } from '../cascades/save-rate-feed.ts'
import { stopRateFeed } from '../cascades/stop-rate-feed.ts'
import type { Context } from '../context.ts'
import { type Act, say } from '../database/run-command.ts'
import { StartProblem } from '../start-problem.ts'

export const rateUsage = `
  npm run providers -- rate <source> <from> <to> <rate> [agreed]
  npm run providers -- feed <source> <url> pairs=USDT/RUB,… rate=<JSON pointer> [time=<JSON pointer>] [inverted=yes|no]
      [interval_s=60] [jump_percent=20] [header=<name>, its value from standard input]   {from}, {to} in the URL and pointers
  npm run providers -- feeds
  npm run providers -- feed-off <source>`

type Words = readonly string[]

const misused = (): StartProblem => new StartProblem(`Use one of${rateUsage}`)

const rate: Act = async (ctx, [source = '', from = '', to = '', value = '', agreed, ...more]) => {
  if ((agreed !== undefined && agreed !== 'agreed') || more.length > 0 || value === '') throw misused()
  const as_of = agreed === undefined ? ctx.now() : null
  const wrong = await saveProviderRate(ctx, { source, from, to, rate: value, as_of })
  if (wrong !== null) throw new StartProblem(`Nothing was changed: ${wrong}.`)
  say(`1 ${from} is ${value} ${to} by ${source}${as_of === null ? ', for good' : ', for the next ten minutes'}.`)
}

const feed: Act = async (ctx, [source = '', url = '', ...words]) => {
  const settings = settingsOf(words)
  const header_name = settings.header ?? null
  const wish: FeedWish = {
    source,
    url,
    pairs: pairsOf(settings.pairs),
    rate_pointer: settings.rate ?? '',
    time_pointer: settings.time ?? null,
    inverted: settings.inverted === 'yes',
    interval_s: whole(settings.interval_s ?? '60'),
    jump_percent: whole(settings.jump_percent ?? '20'),
    header_name,
    header_value: header_name === null ? null : await firstLine(header_name),
  }
  const wrong = await saveRateFeed(ctx, wish, userInfo().username)
  if (wrong !== null) throw new StartProblem(`Nothing was changed: ${wrong}.`)
  const claimed = await claimRateFeeds(ctx, 1, source)
  for (const one of claimed) await askRateFeed(ctx, one)
  await show(ctx, source)
  if (claimed.length === 0) say('A worker is asking it: "feeds" shows what comes of it.')
}

const names = ['pairs', 'rate', 'time', 'inverted', 'interval_s', 'jump_percent', 'header'] as const
type Settings = { readonly [name in (typeof names)[number]]?: string }

/** `name=value` each. */
function settingsOf(words: Words): Settings {
  const settings = Object.fromEntries(
    words.map((word) => {
      const [, name = '', value = ''] = /^([a-z_]+)=(.*)$/s.exec(word) ?? []
      if (!(names as readonly string[]).includes(name)) throw misused()
      return [name, value]
    }),
  ) as Settings
  const { pairs, rate, inverted } = settings
  if (pairs === undefined || rate === undefined) throw misused()
  if (inverted !== undefined && inverted !== 'yes' && inverted !== 'no') throw misused()
  return settings
}

function pairsOf(text = ''): Pair[] {
  return text.split(',').map((word) => {
    const [from = '', to = '', ...more] = word.split('/')
    if (more.length > 0) throw misused()
    return { from, to }
  })
}

const whole = (text: string): number => (/^\d{1,9}$/.test(text) ? Number(text) : Number.NaN)

/** Not an argument: those are seen by everybody on the machine. */
async function firstLine(header: string): Promise<string> {
  if (process.stdin.isTTY) say(`The value of ${header}:`)
  const lines = createInterface({ input: process.stdin })
  try {
    for await (const line of lines) return line.trim()
    return ''
  } finally {
    lines.close()
  }
}

const feeds: Act = async (ctx) => show(ctx, null)

async function show(ctx: Context, source: string | null): Promise<void> {
  const found = await listRateFeeds(ctx)
  const now = ctx.now()
  for (const feed of found.filter((one) => source === null || one.source === source))
    for (const line of linesOf(feed, now)) say(line)
  if (found.length === 0) say('There is no feed: rates are told by hand.')
}

function linesOf(feed: FeedView, now: Date): string[] {
  const { source, active, url, interval_s, jump_percent, saved_by } = feed
  const terms = [
    `rate at ${JSON.stringify(feed.rate_pointer)}`,
    feed.time_pointer === null ? 'time of the answer' : `time at ${JSON.stringify(feed.time_pointer)}`,
    ...(feed.inverted ? ['inverted'] : []),
    ...(feed.header_name === null ? [] : [`header ${feed.header_name}`]),
  ]
  return [
    `${source}  ${url} (${active ? `every ${interval_s} s` : 'off'})`,
    `      ${terms.join(', ')}; jumps over ${jump_percent} % are doubted; saved by ${saved_by}`,
    ...feed.pairs.flatMap((pair) => pairLines(feed, pair, now)),
  ]
}

function pairLines({ source }: FeedView, pair: FeedView['pairs'][number], now: Date): string[] {
  const { from, to, rate, as_of, doubt, error, stale } = pair
  const age =
    as_of === null ? 'agreed for good' : `${Math.max(0, Math.floor((now.getTime() - as_of.getTime()) / 1000))} s old`
  const told = rate === null ? `no rate of ${from} in ${to} yet` : `1 ${from} is ${rate} ${to}, ${age}`
  return [
    `      ${told}${stale ? ', STALE: payments that need it are not sent' : ''}`,
    ...(error === null ? [] : [`        last answer: ${error}`]),
    ...(doubt === null
      ? []
      : [
          `        in doubt: ${doubt.rate}, told ${doubt.count} times; if it is right: npm run providers -- rate ${source} ${from} ${to} ${doubt.rate}`,
        ]),
  ]
}

const feedOff: Act = async (ctx, [source = '', ...more]) => {
  if (source === '' || more.length > 0) throw misused()
  if (!(await stopRateFeed(ctx, source))) throw new StartProblem(`There is no feed ${source}, or it is off already.`)
  say(`${source} is asked no more; its last rates are used until they are ten minutes old.`)
}

export const rateActs: readonly (readonly [string, Act])[] = [
  ['rate', rate],
  ['feed', feed],
  ['feeds', feeds],
  ['feed-off', feedOff],
]
