/** For tests: sources of reference rates, one of the simulators and one that answers as it is told, and a clock for all of them. */
import assert from 'node:assert/strict'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { testContext } from '../../../../tests/context.ts'
import { createSimulators } from '../../../simulators/src/simulators.ts'
import type { Config } from '../config.ts'
import type { Context } from '../context.ts'
import { askRateFeed, claimRateFeeds, type FeedNews } from './ask-rate-feed.ts'
import { listRateFeeds } from './list-rate-feeds.ts'
import type { FeedView } from './rate-feed.ts'
import { type FeedWish, saveRateFeed } from './save-rate-feed.ts'

export const roubles = { from: 'USDT', to: 'RUB' } as const

/** A feed in the manner of the simulators' source. */
export function feedAt(url: string, changes: Partial<FeedWish> = {}): FeedWish {
  return {
    source: 'market',
    url,
    pairs: [roubles],
    rate_pointer: '/rates/{to}',
    time_pointer: '/time',
    inverted: false,
    interval_s: 60,
    jump_percent: 20,
    header_name: null,
    header_value: null,
    ...changes,
  }
}

type Asked = { readonly path: string; readonly headers: IncomingHttpHeaders }
export type Source = Awaited<ReturnType<typeof openSource>>

/** A source that says what it is told to, and remembers what it was asked. Close it when done. */
export async function openSource() {
  const asked: Asked[] = []
  let answer: (response: ServerResponse, path: string) => void = (response) => void response.end('{}')
  const server = createServer((request, response) => {
    asked.push({ path: request.url ?? '', headers: request.headers })
    answer(response, request.url ?? '')
  })
  // Longer than anybody here waits: a connection never ends while it is used again.
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    says(text: string): void {
      answer = (response) => void response.end(text)
    },
    does(act: typeof answer): void {
      answer = act
    },
    async close(): Promise<void> {
      server.closeAllConnections()
      await new Promise<void>((resolve) => void server.close(() => resolve()))
    },
  }
}

/** Claims what is due and asks it, as a worker does. */
export async function askDue(ctx: Context): Promise<FeedNews[]> {
  const feeds = await claimRateFeeds(ctx, 10)
  return (await Promise.all(feeds.map((feed) => askRateFeed(ctx, feed)))).flat()
}

export async function feedWorld(config: Partial<Config> = {}) {
  let at_ms = Date.parse('2026-03-02T10:00:00Z')
  const now = (): Date => new Date(at_ms)
  const simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1', seed: 1, now })
  const world = await testContext({ now, config })
  const source = await openSource()
  const { ctx } = world
  return {
    ctx,
    now,
    source,
    database_url: world.database_url,
    board: simulators.rates,
    board_url: `${simulators.url}/rates?from={from}`,
    desks: simulators.desks,
    pass(seconds: number): void {
      at_ms += seconds * 1000
    },
    async register(wish: FeedWish): Promise<void> {
      assert.equal(await saveRateFeed(ctx, wish, 'operator'), null)
    },
    /** Seconds pass, and a worker asks what is due. */
    async round(seconds = 60): Promise<FeedNews[]> {
      at_ms += seconds * 1000
      return askDue(ctx)
    },
    async viewOf(name: string): Promise<FeedView> {
      const views = await listRateFeeds(ctx)
      return views.find((one) => one.source === name) ?? assert.fail(`there is no feed ${name}`)
    },
    /** No feed and no rate is left of another test. */
    async reset(): Promise<void> {
      await ctx.sql`delete from rate_feed_pairs`
      await ctx.sql`delete from rate_feeds`
      await ctx.sql`delete from provider_rates`
      simulators.rates.setScript({})
      source.says('{}')
      source.asked.length = 0
    },
    async close(): Promise<void> {
      await source.close()
      await simulators.close()
      await world.close()
    },
  }
}
