/** Rates that come by themselves: what is kept of an answer, what is not, and who is told. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { selectRate } from './rate-table.ts'
import { feedAt, feedWorld, roubles } from './sample-feeds.ts'
import { saveProviderRate } from './save-rate.ts'
import { stopRateFeed } from './stop-rate-feed.ts'
import { watchRates } from './watch-rates.ts'

let world: Awaited<ReturnType<typeof feedWorld>>
before(async () => {
  world = await feedWorld()
})
beforeEach(() => world.reset())
after(() => world.close())

const kept = async (to = 'RUB') =>
  (await selectRate(world.ctx.sql, { source: 'market', from: 'USDT', to }))?.rate ?? null
const pairOf = async (to = 'RUB') =>
  (await world.viewOf('market')).pairs.find((pair) => pair.to === to) ?? assert.fail('there is no such pair')
const ours = (changes: Parameters<typeof feedAt>[1] = {}) =>
  feedAt(`${world.source.url}/rates`, { time_pointer: null, ...changes })

describe('an answer', () => {
  test('gives every pair its rate, with the time of the source, and is asked for again after the interval', async () => {
    const pairs = [roubles, { from: 'USDT', to: 'EUR' }]
    await world.register(feedAt(world.board_url, { pairs, interval_s: 30 }))
    assert.deepEqual(await world.round(0), [])
    assert.equal(world.board.asked(), 1)
    assert.deepEqual(await selectRate(world.ctx.sql, { source: 'market', ...roubles }), {
      rate: '84.6535',
      as_of: world.now(),
    })
    assert.equal(await kept('EUR'), '0.8612')
    await world.round(29)
    assert.equal(world.board.asked(), 1)
    await world.round(1)
    assert.equal(world.board.asked(), 2)
    await world.round(60)
    assert.equal(await kept(), '84.66196535')
    assert.equal((await pairOf()).error, null)
  })

  test('is asked for once per address, however many pairs stand in it', async () => {
    world.source.does((response, path) => {
      const rates = path.endsWith('USD') ? '{"EUR":0.9,"RUB":80.5}' : '{"RUB":90.25}'
      response.end(`{"rates":${rates}}`)
    })
    const pairs = [
      { from: 'USD', to: 'RUB' },
      { from: 'USD', to: 'EUR' },
      { from: 'EUR', to: 'RUB' },
    ]
    await world.register(ours({ url: `${world.source.url}/of/{from}`, pairs }))
    await world.round()
    assert.deepEqual(world.source.asked.map(({ path }) => path).sort(), ['/of/EUR', '/of/USD'])
    const rows = await world.ctx.sql`
      select from_currency || to_currency as pair, trim_scale(rate)::text as rate from provider_rates order by 1`
    assert.deepEqual(
      [...rows],
      [
        { pair: 'EURRUB', rate: '90.25' },
        { pair: 'USDEUR', rate: '0.9' },
        { pair: 'USDRUB', rate: '80.5' },
      ],
    )
  })

  test('is not believed when it is older than what is kept', async () => {
    const timed = (rate: string, time: string): void => world.source.says(`{"rates":{"RUB":${rate}},"time":"${time}"}`)
    await world.register(ours({ time_pointer: '/time' }))
    const first = new Date(world.now().getTime() + 50_000).toISOString()
    timed('84.5', first)
    await world.round()
    timed('84.1', new Date(Date.parse(first) - 1000).toISOString())
    await world.round()
    assert.equal(await kept(), '84.5')
    assert.equal((await pairOf()).error, null)
  })

  for (const [what, act, error] of [
    ['that is no JSON', (end: (status: number, text: string) => void) => end(200, '<html>'), /no JSON/],
    ['of an error', (end: (status: number, text: string) => void) => end(503, '{"rates":{"RUB":99}}'), /answered 503/],
    [
      'that leads elsewhere',
      (end: (status: number, text: string) => void) => end(302, ''),
      /answered 302: it sends us/,
    ],
    [
      'without the rate',
      (end: (status: number, text: string) => void) => end(200, '{"rates":{}}'),
      /no rate in the answer/,
    ],
    ['of zero', (end: (status: number, text: string) => void) => end(200, '{"rates":{"RUB":0}}'), /is 0/],
    [
      'without end',
      (end: (status: number, text: string) => void) => end(200, ' '.repeat(300_000)),
      /no answer: response_too_large/,
    ],
  ] as const) {
    test(`${what} leaves the rate as it was, and says so`, async () => {
      await world.register(ours())
      world.source.says('{"rates":{"RUB":84.5}}')
      await world.round()
      world.source.does((response) =>
        act((status, text) => void response.writeHead(status, { location: `${world.source.url}/else` }).end(text)),
      )
      await world.round()
      assert.equal(await kept(), '84.5')
      assert.match((await pairOf()).error ?? '', error)
      assert.equal(world.source.asked.length, 2)
      world.source.says('{"rates":{"RUB":84.6}}')
      await world.round()
      assert.deepEqual([await kept(), (await pairOf()).error], ['84.6', null])
    })
  }

  test('with half a body, an old time, or none at all: the simulated source in each of its ways', async () => {
    await world.register(feedAt(world.board_url))
    await world.round()
    const before = await kept()
    for (const [mode, error] of [
      ['broken', /no JSON/],
      ['stale', /60 minutes old/],
      ['down', /answered 503/],
    ] as const) {
      world.board.setScript({ mode })
      await world.round()
      assert.match((await pairOf()).error ?? '', error)
      assert.equal(await kept(), before)
    }
    world.board.setScript({ mode: 'slow', delay_ms: 100 })
    await world.round()
    assert.equal((await pairOf()).error, null)
    assert.notEqual(await kept(), before)
  })

  test('nobody there', async () => {
    await world.register(ours({ url: 'http://127.0.0.1:1/rates' }))
    await world.round()
    assert.match((await pairOf()).error ?? '', /no answer: ECONNREFUSED/)
  })
})

describe('a rate far from the one before', () => {
  const says = (rate: string): void => world.source.says(`{"rates":{"RUB":${rate}}}`)
  beforeEach(async () => {
    await world.register(ours())
    says('84')
    await world.round()
  })

  test('is not used, is told once, and is used when three answers in a row agree', async () => {
    says('120')
    const news = await world.round()
    assert.deepEqual(news, [{ alarm: 'jumps', source: 'market', ...roubles, rate: '120', before: '84' }])
    const doubted = await pairOf()
    assert.deepEqual([doubted.rate, doubted.doubt?.rate, doubted.doubt?.count], ['84', '120', 1])
    assert.match(doubted.error ?? '', /more than 20 %/)
    says('121')
    assert.deepEqual(await world.round(), [])
    assert.equal(await kept(), '84')
    says('119.5')
    assert.deepEqual(
      (await world.round()).map(({ alarm }) => alarm),
      ['jump_stays'],
    )
    assert.deepEqual([await kept(), (await pairOf()).doubt, (await pairOf()).error], ['119.5', null, null])
  })

  test('is forgotten when the next answer is as before', async () => {
    says('0.84')
    await world.round()
    says('84.2')
    assert.deepEqual(await world.round(), [])
    assert.deepEqual([await kept(), (await pairOf()).doubt], ['84.2', null])
  })

  test('is used from the next answer on when an operator tells the same', async () => {
    says('120')
    await world.round()
    assert.equal(
      await saveProviderRate(world.ctx, { source: 'market', ...roubles, rate: '118', as_of: world.now() }),
      null,
    )
    assert.deepEqual(await world.round(), [])
    assert.deepEqual([await kept(), (await pairOf()).doubt], ['120', null])
  })

  test('an answer that is missing in between neither confirms nor clears it', async () => {
    says('120')
    await world.round()
    world.source.does((response) => void response.writeHead(500).end())
    for (let times = 0; times < 3; times += 1) await world.round()
    assert.deepEqual([await kept(), (await pairOf()).doubt?.count], ['84', 1])
  })

  test('is not confirmed by answers about a time before the rate that is kept', async () => {
    await world.register(ours({ time_pointer: '/time' }))
    const told = world.now()
    await saveProviderRate(world.ctx, { source: 'market', ...roubles, rate: '84', as_of: told })
    for (const seconds of [40, 30, 20]) {
      const time = new Date(told.getTime() - seconds * 1000).toISOString()
      world.source.says(`{"rates":{"RUB":120},"time":"${time}"}`)
      assert.deepEqual(await world.round(), [])
    }
    assert.deepEqual([await kept(), (await pairOf()).doubt], ['84', null])
  })

  test('may be further away where the feed says so', async () => {
    await world.register(ours({ jump_percent: 50 }))
    says('120')
    assert.deepEqual(await world.round(), [])
    assert.equal(await kept(), '120')
  })
})

describe('what stands against a feed', () => {
  test('a rate that is agreed for good stays, until one with a time is told', async () => {
    assert.equal(await saveProviderRate(world.ctx, { source: 'market', ...roubles, rate: '85', as_of: null }), null)
    await world.register(ours())
    world.source.says('{"rates":{"RUB":84.6}}')
    await world.round()
    assert.equal(await kept(), '85')
    assert.match((await pairOf()).error ?? '', /agreed for good/)
    assert.equal(
      await saveProviderRate(world.ctx, { source: 'market', ...roubles, rate: '85', as_of: world.now() }),
      null,
    )
    await world.round()
    assert.equal(await kept(), '84.6')
  })

  for (const [what, meanwhile] of [
    ['switched off', () => stopRateFeed(world.ctx, 'market')],
    ['registered anew', () => world.register(ours({ rate_pointer: '/other' }))],
  ] as const) {
    test(`an answer to a feed that was ${what} meanwhile changes nothing`, async () => {
      await world.register(ours())
      let answer: () => void = () => {}
      const arrived = new Promise<void>((resolve) => {
        world.source.does((response) => {
          answer = () => void response.end('{"rates":{"RUB":84.6}}')
          resolve()
        })
      })
      const round = world.round()
      await arrived
      await meanwhile()
      answer()
      await round
      assert.equal(await kept(), null)
      assert.equal((await pairOf()).asked_at, null)
    })
  }

  test('a feed that is off is not asked; registered again it is', async () => {
    await world.register(ours())
    assert.equal(await stopRateFeed(world.ctx, 'market'), true)
    assert.equal(await stopRateFeed(world.ctx, 'market'), false)
    await world.round()
    assert.equal(world.source.asked.length, 0)
    assert.equal((await world.viewOf('market')).active, false)
    await world.register(ours({ pairs: [{ from: 'USDT', to: 'EUR' }] }))
    await world.round()
    assert.equal(world.source.asked.length, 1)
    assert.deepEqual(
      (await world.viewOf('market')).pairs.map(({ to }) => to),
      ['EUR'],
    )
  })
})

describe('a missing rate', () => {
  const isStale = async (): Promise<readonly boolean[]> => (await watchRates(world.ctx)).map(({ stale }) => stale)

  test('is told once when ten minutes have gone by, and once when there is one again', async () => {
    await world.register(feedAt(world.board_url))
    await world.round()
    assert.deepEqual(await isStale(), [])
    world.board.setScript({ mode: 'down' })
    for (let minute = 1; minute <= 10; minute += 1) {
      await world.round()
      assert.deepEqual(await isStale(), [])
    }
    await world.round(1)
    const [told, ...more] = await watchRates(world.ctx)
    assert.deepEqual([told?.source, told?.from, told?.to, told?.stale, more], ['market', 'USDT', 'RUB', true, []])
    assert.match(told?.error ?? '', /answered 503/)
    await world.round()
    assert.deepEqual(await isStale(), [])
    world.board.setScript({})
    await world.round()
    assert.deepEqual(await isStale(), [false])
    assert.deepEqual(await isStale(), [])
  })

  test('a new feed has ten minutes; one that is off or agreed for good is never missed', async () => {
    await world.register(feedAt('http://127.0.0.1:1/{from}'))
    await world.register(feedAt('http://127.0.0.1:1/{from}', { source: 'off' }))
    await world.register(feedAt('http://127.0.0.1:1/{from}', { source: 'agreed' }))
    await stopRateFeed(world.ctx, 'off')
    await saveProviderRate(world.ctx, { source: 'agreed', ...roubles, rate: '85', as_of: null })
    world.pass(600)
    assert.deepEqual(await isStale(), [])
    world.pass(1)
    assert.deepEqual(
      (await watchRates(world.ctx)).map(({ source, stale }) => [source, stale]),
      [['market', true]],
    )
  })
})
